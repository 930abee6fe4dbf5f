package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A request ends once, and what belongs to it ends with it. */
final class ReplyTest {
  private final List<String> events = new ArrayList<>();
  private final Reply reply = new Reply("1", message -> events.add("ended with " + message));

  @Test
  void firstAnswerIsTheOnlyOne() {
    reply.result("{}");
    reply.error(-32603, "too late");
    reply.cancel();
    assertThat(events).containsExactly("ended with {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
  }

  @Test
  void workThatIsStoppedHasNoLastWord() {
    reply.onCancel(() -> reply.error(-32603, "The call was cancelled"));
    reply.cancel();
    assertThat(events).containsExactly("ended with null");
  }

  @Test
  void whatIsDoneBeforeTheEndIsDoneBeforeTheAnswer() {
    reply.beforeEnd(() -> events.add("last"));
    reply.cancel();
    assertThat(events).containsExactly("last", "ended with null");
  }

  @Test
  void whatComesAfterTheEndIsEndedAtOnce() {
    reply.cancel();
    reply.beforeEnd(() -> events.add("last"));
    reply.onCancel(() -> events.add("stopped"));
    assertThat(events).containsExactly("ended with null", "last", "stopped");
  }
}
