package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.interceptor.InterceptorFactory;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolIndexEntry;
import dev.clerkmcp.registry.ToolIndexWriter;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.server.InstanceFactory;
import dev.clerkmcp.server.ToolModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that the tool list from the catalogue equals the list of built tools, in every
 * configuration that affects it.
 */
final class PreparedListsTest {
  private static final List<String> TOOLSETS =
      List.of("", "none", "all", "users,sessions", "workflows", "core,deprecated");
  private static final List<String> KEYS =
      List.of("", "sk_test_notarealkey", "sk_live_notarealkey");
  private static final List<String> ACCESS = List.of("", "read", "write");
  private static final List<String> SWITCHES = List.of("", "true", "false");

  @TempDir static Path folder;

  @ParameterizedTest
  @MethodSource("configurations")
  void listedToolsEqualBuiltTools(Map<String, String> environment) throws Exception {
    ServerConfig config = ServerConfig.from(environment);
    ToolRegistry built = built(config);
    boolean schemas = !"false".equals(environment.get("CLERK_MCP_OUTPUT_SCHEMAS"));
    List<String> prepared = new ArrayList<>();
    List<String> live = new ArrayList<>();
    for (ToolIndexEntry line : config.tools().listed()) {
      ToolDefinition tool = Objects.requireNonNull(built.find(line.name()));
      prepared.add(Json.read(line.tool()).toString());
      live.add(shown(tool, schemas, config).toString());
      assertThat(line.effect()).isEqualTo(tool.effect());
      assertThat(line.aliases()).containsExactlyInAnyOrderElementsOf(tool.aliases());
    }
    assertThat(prepared).isEqualTo(live).isNotEmpty();
  }

  /** A built tool must refuse calls if its configuration disables it. */
  @ParameterizedTest
  @MethodSource("configurations")
  void disabledToolIsRefused(Map<String, String> environment) throws Exception {
    ServerConfig config = ServerConfig.from(environment);
    ToolRegistry built = built(config);
    for (ToolDefinition tool : built.tools()) {
      String off = config.tools().disabledReason(tool.name());
      if (off != null) {
        ToolResult result = built.call(tool, Json.object(), Invocation.current());
        assertThat(result.isError()).as("%s: %s", tool.name(), result.json()).isTrue();
      }
    }
  }

  static Stream<Map<String, String>> configurations() throws Exception {
    List<Map<String, String>> all = new ArrayList<>();
    for (String toolsets : TOOLSETS) {
      for (String key : KEYS) {
        for (String access : ACCESS) {
          for (String schemas : SWITCHES) {
            Map<String, String> environment = new TreeMap<>();
            environment.put("CLERK_MCP_TOOLSETS", toolsets);
            environment.put("CLERK_SECRET_KEY", key);
            environment.put("CLERK_MCP_ACCESS", access);
            environment.put("CLERK_MCP_OUTPUT_SCHEMAS", schemas);
            environment.put("CLERK_MCP_DEPRECATED", toolsets.contains("deprecated") ? "true" : "");
            environment.values().removeIf(String::isEmpty);
            all.add(environment);
          }
        }
      }
    }
    all.add(Map.of("CLERK_MCP_SANDBOX", "true"));
    all.add(
        Map.of("CLERK_MCP_TOOLS", "clerk_jwt_*", "CLERK_MCP_EXCLUDE_TOOLS", "clerk_user_delete"));
    all.add(Map.of("CLERK_MCP_READ_ONLY", "true", "CLERK_MCP_DEPRECATED", "true"));
    all.add(Map.of("CLERK_MCP_INSTANCES", instances().toString()));
    return all.stream();
  }

  private static Path instances() throws Exception {
    return Files.writeString(
        folder.resolve("instances.json"),
        """
        [{"name":"shop","key":"sk_live_notarealkey","access":"read"},
         {"name":"trial","key":"sk_test_notarealkey","toolsets":["core","billing"]}]""");
  }

  private static ToolRegistry built(ServerConfig config) throws Exception {
    ClerkInstances instances =
        config.sandbox() == null
            ? InstanceFactory.to(config, "test").get()
            : ClerkInstances.of(
                new ClerkInstance(
                    "sandbox", FakeClerk.answering("{}").client(), false, config.tools()));
    return ToolModule.registry(instances, new InterceptorFactory(config.safety()));
  }

  private static JsonNode shown(ToolDefinition tool, boolean schemas, ServerConfig config)
      throws Exception {
    ObjectNode shown = (ObjectNode) Json.read(ToolIndexWriter.of(tool)).path("tool");
    if (!schemas) {
      shown.remove("outputSchema");
    }
    if (config.instances().size() > 1) {
      shown.set("inputSchema", withInstance(shown.path("inputSchema"), config));
    }
    return shown;
  }

  /** With several instances, every tool has the argument {@code instance} first. */
  private static ObjectNode withInstance(JsonNode schema, ServerConfig config) {
    ObjectNode changed = schema.deepCopy();
    ObjectNode properties = Json.object();
    ArrayNode names = properties.putObject("instance").put("type", "string").putArray("enum");
    config.instances().forEach(instance -> names.add(instance.name()));
    properties.setAll((ObjectNode) schema.path("properties"));
    changed.set("properties", properties);
    return changed;
  }
}
