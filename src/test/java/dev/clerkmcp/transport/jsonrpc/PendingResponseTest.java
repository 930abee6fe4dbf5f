package dev.clerkmcp.transport.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that a request ends once, and runs its callbacks. */
final class PendingResponseTest {
  private final List<String> events = new ArrayList<>();
  private final PendingResponse response =
      new PendingResponse("1", message -> events.add("ended with " + message));

  @Test
  void onlyTheFirstResponseIsSent() {
    response.result("{}");
    response.error(-32603, "too late");
    response.cancel();
    assertThat(events).containsExactly("ended with {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
  }

  @Test
  void stoppedWorkCannotRespond() {
    response.onCancel(() -> response.error(-32603, "The call was cancelled"));
    response.cancel();
    assertThat(events).containsExactly("ended with null");
  }

  @Test
  void beforeEndRunsBeforeTheResponse() {
    response.beforeEnd(() -> events.add("last"));
    response.cancel();
    assertThat(events).containsExactly("last", "ended with null");
  }

  @Test
  void callbacksRunAtOnceAfterTheEnd() {
    response.cancel();
    response.beforeEnd(() -> events.add("last"));
    response.onCancel(() -> events.add("stopped"));
    assertThat(events).containsExactly("ended with null", "last", "stopped");
  }
}
