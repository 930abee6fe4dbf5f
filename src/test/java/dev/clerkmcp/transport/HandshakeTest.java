package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.transport.protocol.ServerInfo;
import dev.clerkmcp.transport.stdio.StdioServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the handshake and the lists are served while the tools are being built. */
final class HandshakeTest {
  private static final List<String> LISTS =
      List.of("tools/list", "prompts/list", "resources/list", "resources/templates/list");

  private final CountDownLatch testIsOver = new CountDownLatch(1);

  @AfterEach
  void releaseBuild() {
    testIsOver.countDown();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void handshakeDoesNotWaitForTools(boolean modern) throws Exception {
    Stream<String> first =
        Stream.of(
            modern
                ? ModernRequests.request("\"first\"", "server/discover", "")
                : ServerProcess.initialize("2025-11-25"));
    Stream<String> lists =
        LISTS.stream()
            .map(
                method ->
                    modern
                        ? ModernRequests.request("\"" + method + "\"", method, "")
                        : ServerProcess.request("\"" + method + "\"", method, "{}"));
    List<String> answers = served(Stream.concat(first, lists).toList());
    assertThat(answers).hasSize(1 + LISTS.size());
    for (String answer : answers) {
      assertThat(Json.read(answer).path("result").isObject()).as(answer).isTrue();
    }
  }

  private List<String> served(List<String> requests) throws InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] in = String.join("\n", requests).getBytes(StandardCharsets.UTF_8);
    new StdioServer(
            new ByteArrayInputStream(in),
            out,
            new ServerInfo("1", "None.", Map.of("dev.clerkmcp/sandbox", true)),
            ToolFilter::allowingAll,
            new TestToolProvider(this::blockedBuild),
            () -> {})
        .serve();
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private ToolRegistry blockedBuild() {
    try {
      testIsOver.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException("nothing was built");
  }
}
