package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.interceptor.InterceptorFactory;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.server.ToolModule;
import dev.clerkmcp.transport.protocol.ServerInfo;
import dev.clerkmcp.transport.stdio.StdioServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A call has few enough stack frames of this project that a stack trace of it can be read: from the
 * transport through a discovery tool and the tool that it runs, down to the HTTP request.
 */
final class StackDepthTest {
  private static final long MOST_FRAMES = 79;

  private final AtomicLong deepest = new AtomicLong();
  private final FakeClerk clerk =
      FakeClerk.answering(
          request -> {
            deepest.accumulateAndGet(ownFrames(), Math::max);
            String row = "{\"id\":\"user_1\",\"object\":\"user\"}";
            return new FakeClerk.Answer(
                200,
                "{\"id\":\"user_1\",\"object\":\"user\",\"data\":[%s],\"total_count\":0}"
                    .formatted(request.startsWith("GET ") ? row : ""));
          });

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_tools_read  | clerk_user_get        | {'user_id':'user_1'}",
        "clerk_tools_read  | clerk_users_list      | {'all':true}",
        "clerk_tools_read  | clerk_users_list      | {'where':['organizations >= 2'],'export':'x.csv'}",
        "clerk_tools_read  | clerk_user_find       | {'user':'ada'}",
        "clerk_tools_read  | clerk_security_report | {}",
        "clerk_tools_write | clerk_user_update     | {'user_id':'user_1','first_name':'Ada'}",
        "clerk_tools_write | clerk_user_offboard   | {'user_id':'user_1'}"
      })
  void callHasFewFrames(String discovery, String tool, String arguments) throws Exception {
    String inner = "{'name':'%s','arguments':%s}".formatted(tool, arguments).replace('\'', '"');
    serve(
        Stream.of(
            ServerProcess.initialize("2025-11-25"), ServerProcess.call("2", discovery, inner)));
    serve(Stream.of(ModernRequests.call("3", discovery, inner)));
    assertThat(clerk.requests()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(deepest.get()).isBetween(1L, MOST_FRAMES);
  }

  private void serve(Stream<String> requests) throws Exception {
    ServerConfig config =
        ServerConfig.from(
            Map.of(
                "CLERK_SECRET_KEY",
                "sk_test_notarealkey",
                "CLERK_MCP_PII",
                "mask",
                "CLERK_MCP_AUDIT_LOG",
                folder.resolve("audit.jsonl").toString(),
                "CLERK_MCP_AUDIT_READS",
                "true",
                "CLERK_MCP_EXPORT_DIR",
                folder.resolve("exports" + clerk.requests().size()).toString(),
                "CLERK_MCP_SECRETS_DIR",
                folder.resolve("secrets").toString()));
    ClerkInstance instance = new ClerkInstance("test", clerk.client(), false, config.tools());
    InterceptorFactory chain = new InterceptorFactory(config.safety());
    byte[] in = String.join("\n", requests.toList()).getBytes(StandardCharsets.UTF_8);
    new StdioServer(
            new ByteArrayInputStream(in),
            new ByteArrayOutputStream(),
            new ServerInfo("1", "None.", Map.of()),
            ToolFilter::allowingAll,
            new TestToolProvider(() -> ToolModule.registry(ClerkInstances.of(instance), chain)),
            () -> {})
        .serve();
  }

  private static long ownFrames() {
    return Arrays.stream(new Throwable().getStackTrace())
        .filter(frame -> frame.getClassName().startsWith("dev.clerkmcp."))
        .filter(frame -> !frame.getClassName().matches(".*(FakeClerk|StackDepthTest).*"))
        .count();
  }
}
