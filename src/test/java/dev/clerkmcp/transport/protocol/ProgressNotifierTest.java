package dev.clerkmcp.transport.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.transport.jsonrpc.MessageWriter;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the progress notifications of a long call. */
final class ProgressNotifierTest {
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final ProgressNotifier progress =
      new ProgressNotifier(new MessageWriter(new Lines(), () -> {}));
  private final PendingResponse response = new PendingResponse("1", message -> {});

  @ParameterizedTest
  @CsvSource({
    ", Waiting for Clerk",
    "Waiting 3 s before the next try: Clerk answered 503,"
        + " Waiting 3 s before the next try: Clerk answered 503",
    "a \"quote\", a \"quote\"",
  })
  void notificationSaysWhatTheCallWaitsFor(@Nullable String waitingFor, String message)
      throws Exception {
    progress.start(NullNode.getInstance(), () -> "without a token, nothing is said", response);
    progress.start(TextNode.valueOf("token"), () -> waitingFor, response);
    JsonNode params = Json.read(lines.poll(30, TimeUnit.SECONDS)).path("params");
    assertThat(params.path("progressToken").asText()).isEqualTo("token");
    assertThat(params.path("progress").asDouble()).isGreaterThanOrEqualTo(0.9);
    assertThat(params.path("message").asText()).isEqualTo(message);
    response.result("{}");
  }

  /** Takes each message as it is written. */
  private final class Lines extends OutputStream {
    @Override
    public void write(int oneByte) {
      throw new AssertionError("a message is written whole");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      lines.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
    }
  }
}
