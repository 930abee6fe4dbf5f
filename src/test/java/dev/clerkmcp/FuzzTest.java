package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.interceptor.InterceptorFactory;
import dev.clerkmcp.interceptor.redact.SecretStore;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.server.ToolModule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Calls random tools with random arguments and checks that only allowed requests to valid paths are
 * sent.
 */
final class FuzzTest {
  @TempDir private Path folder;

  private static final int CALLS = 10_000;

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          ".",
          "..",
          "../users",
          "user_1/ban",
          "user_1?limit=1",
          "user_1#x",
          "%2e%2e",
          "%2F",
          "a\\b",
          "\u0000",
          "\u202Eresu",
          "\uD800",
          "\uD83D\uDE00",
          "null",
          "true",
          "-1",
          "1e999",
          "{\"a\":1}",
          "[1]",
          "org_1,org_2",
          "user_1",
          "2026-02-30",
          "9999999999",
          "999999999w",
          "in 999999999d",
          "x".repeat(5_000));

  @ParameterizedTest
  @CsvSource({"read,1", "write,2", "full,3"})
  void randomArgumentsSendOnlyAllowedRequests(String access, long seed) throws Exception {
    FakeClerk clerk = FakeClerk.answering("{\"id\":\"user_1\",\"data\":[]}");
    ToolFilter toolFilter =
        ServerConfig.from(
                Map.of(
                    "CLERK_SECRET_KEY",
                    "sk_test_notarealkey",
                    "CLERK_MCP_ACCESS",
                    access,
                    "CLERK_MCP_DEPRECATED",
                    "true"))
            .tools();
    ToolRegistry tools =
        ToolModule.registry(
            ClerkInstances.of(new ClerkInstance("test", clerk.client(), false, toolFilter)),
            new InterceptorFactory(
                InterceptorFactory.Settings.keepingSecretsIn(new SecretStore(folder))));
    List<ToolDefinition> all = List.copyOf(tools.tools());
    Random random = new Random(seed);
    for (int i = 0; i < CALLS; i++) {
      ToolDefinition tool = all.get(random.nextInt(all.size()));
      ToolResult result = call(tools, tool, arguments(tool, tools, random));
      assertThat(result.json()).as(tool.name()).doesNotContain("internal_error");
      assertThat(Json.read(result.json()).isContainerNode()).isTrue();
      for (String request : clerk.requests()) {
        assertAllowed(request, access, all);
      }
      clerk.forget();
    }
  }

  private static ToolResult call(ToolRegistry tools, ToolDefinition tool, JsonNode arguments) {
    return tools.call(tool, arguments, new Invocation(Runnable::run, Caller.UNKNOWN));
  }

  /**
   * Checks that a request belongs to an operation that access allows, and that its path is intact.
   */
  private static void assertAllowed(String request, String access, List<ToolDefinition> all) {
    String line = request.lines().findFirst().orElseThrow();
    String method = line.substring(0, line.indexOf(' '));
    String path = line.substring(line.indexOf(' ') + 1).replaceAll("\\?.*", "");
    assertThat(List.of(path.split("/", -1)))
        .as(request)
        .doesNotContain(".", "..")
        .hasSizeGreaterThan(1);
    if (method.equals("GET")) {
      return;
    }
    List<ToolDefinition> behind = all.stream().filter(tool -> fits(tool, method, path)).toList();
    assertThat(behind).as(request).isNotEmpty();
    assertThat(behind).as(request).anyMatch(tool -> allows(access, tool.effect()));
  }

  private static boolean fits(ToolDefinition tool, String method, String path) {
    Endpoint endpoint = tool.endpoint();
    if (endpoint == null) {
      // Of the workflows, only updates send changes, one PATCH, and those that fill a list.
      boolean update = tool.name().endsWith("_update") && method.equals("PATCH");
      String list = tool.name().replaceFirst("clerk_(.*)_create", "/$1_identifiers");
      boolean switched = list.startsWith("/") && path.equals("/instance/restrictions");
      return update || path.equals(list) || switched;
    }
    String pattern = endpoint.path().replaceAll("\\{[a-z0-9_]+}", "[^/]+");
    return endpoint.method().equals(method) && path.matches(pattern);
  }

  private static boolean allows(String access, Effect effect) {
    return effect.readOnly()
        || access.equals("full")
        || (access.equals("write") && !effect.destructive());
  }

  /** Arguments that are sometimes valid, mostly a little wrong, and sometimes nonsense. */
  private static JsonNode arguments(ToolDefinition tool, ToolRegistry tools, Random random)
      throws Exception {
    JsonNode schema = tool.arguments().fullSchema();
    ObjectNode arguments =
        random.nextBoolean() ? ExampleArguments.all(schema) : ExampleArguments.required(schema);
    arguments.remove(List.of("dry_run", "confirmation"));
    if (tool.isDiscovery() && arguments.has("name")) {
      List<ToolDefinition> all = List.copyOf(tools.tools());
      ToolDefinition inner = all.get(random.nextInt(all.size()));
      arguments.put("name", inner.name());
      if (!inner.isDiscovery()) {
        arguments.set("arguments", arguments(inner, tools, random));
      }
    }
    List<String> names = new ArrayList<>();
    arguments.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      if (random.nextInt(3) == 0) {
        arguments.set(name, value(random, 3));
      }
    }
    if (random.nextInt(5) == 0) {
      arguments.set(TEXTS.get(random.nextInt(TEXTS.size())), value(random, 3));
    }
    return random.nextInt(50) == 0 ? value(random, 3) : arguments;
  }

  private static JsonNode value(Random random, int depth) {
    ArrayNode holder = Json.array();
    switch (random.nextInt(depth == 0 ? 5 : 7)) {
      case 0 -> holder.add(random.nextLong());
      case 1 -> holder.add(random.nextBoolean());
      case 2 -> holder.addNull();
      case 3 -> holder.add(random.nextGaussian());
      case 4 -> holder.add(TEXTS.get(random.nextInt(TEXTS.size())));
      case 5 -> {
        ArrayNode list = holder.addArray();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(random, depth - 1));
        }
      }
      default -> {
        ObjectNode object = holder.addObject();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.set(TEXTS.get(random.nextInt(TEXTS.size())), value(random, depth - 1));
        }
      }
    }
    return Objects.requireNonNull(holder.get(0));
  }
}
