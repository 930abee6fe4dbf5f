package dev.clerkmcp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolIndexEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InstancesConfigTest {
  private static final String TEST = "'name':'staging','key':'sk_test_notarealkey1'";
  private static final String LIVE = "'name':'shop','key':'sk_live_notarealkey2'";

  @TempDir private Path folder;

  /** Where calls go that name no instance: to none, rather than to a live one unasked. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{TEST},{LIVE}]                     | staging",
        "[{LIVE},{TEST}]                     | staging",
        "[{LIVE,'default':true},{TEST}]      | shop",
        "[{LIVE},{'name':'other','key':'sk_live_notarealkey3'}] | none",
        "[{LIVE}]                            | shop"
      })
  void defaultIsNeverLiveUnasked(String file, String expected) throws Exception {
    List<InstancesConfig.Named> instances = config(file).instances();
    assertThat(
            instances.stream()
                .filter(InstancesConfig.Named::byDefault)
                .map(InstancesConfig.Named::name)
                .findFirst()
                .orElse("none"))
        .isEqualTo(expected);
  }

  @Test
  void keyMayStandInFileOfItsOwn() throws Exception {
    Path key = folder.resolve("staging.key");
    Files.writeString(key, "sk_live_notarealkey2\n");
    Config config = config("[{'name':'shop','key_file':'%s'}]".formatted(key));
    assertThat(config.instances().get(0).key().isLive()).isTrue();
    assertThat(config.key()).isNull();
  }

  @Test
  void eachHasItsOwnAccessAndToolsets() throws Exception {
    Config config = config("[{TEST},{LIVE,'access':'read','toolsets':['billing']}]");
    InstancesConfig.Named shop = config.instances().get(1);
    assertThat(shop.tools().disabledReason("clerk_user_create")).contains("CLERK_MCP_ACCESS");
    assertThat(config.instances().get(0).tools().disabledReason("clerk_user_create")).isNull();
    assertThat(config.tools().disabledReason("clerk_user_create")).isNull();
    assertThat(names(config.tools().listed()))
        .contains("clerk_user_create", "clerk_billing_plans_list")
        .isSorted();
  }

  @Test
  void readOnlyForAllWins() throws Exception {
    Config config = Config.from(environment("[{TEST,'access':'full'}]", "CLERK_MCP_READ_ONLY"));
    assertThat(config.instances().get(0).tools().disabledReason("clerk_user_create")).isNotNull();
  }

  @Test
  void everyListedToolTakesInstance() throws Exception {
    for (ToolIndexEntry line : config("[{TEST},{LIVE}]").tools().listed()) {
      JsonNode tool = Json.read(line.tool());
      assertThat(tool.at("/inputSchema/properties/instance/enum").toString())
          .as(line.name())
          .isEqualTo("[\"staging\",\"shop\"]");
    }
    assertThat(config("[{TEST}]").tools().listed().get(0).tool()).doesNotContain("instance\":");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                          | must be a list",
        "[]                                          | must be a list",
        "[{]                                         | is not JSON: line 1, column 3",
        "[7]                                         | instance 1 must be an object",
        "[{'key':'sk_test_notarealkey1'}]            | instance 1 needs a name",
        "[{'name':'A B','key':'sk_test_notarealkey1'}] | instance 1 needs a name",
        "[{'name':'a'}]                              | a needs key or key_file",
        "[{'name':'a','key':7}]                      | a needs key or key_file",
        "[{'name':'a','key':'pk_test_1'}]            | the key of a is a publishable key",
        "[{'name':'a','key_file':'/nonexistent'}]    | cannot be read",
        "[{'name':'a','key_file':'sk_test_notarealkey1'}] | has a key where a file belongs",
        "[{TEST},{TEST}]                             | two instances named staging",
        "[{TEST,'default':true},{LIVE,'default':true}] | two instances as default",
        "[{TEST,'default':'yes'}]                    | default of staging must be true or false",
        "[{TEST,'acces':'read'}]                     | has acces, which means nothing; the nearest is access",
        "[{TEST,'access':'some'}]                    | CLERK_MCP_ACCESS must be read, write or full. (staging",
        "[{TEST,'toolsets':'nonsense'}]              | names nonsense",
        "[{LIVE,'access':''}]                        | access of shop must not be empty",
        "[{LIVE,'access':[]}]                        | access of shop must not be empty",
        "[{LIVE,'access':{}}]                        | access of shop must not be empty",
        "[{LIVE,'allow_irreversible':'yes'}]         | must be true or false",
        "[{LIVE,'access':'read','access':'full'}]    | is not JSON",
        "[] []                                       | is not JSON"
      })
  void mistakeStopsTheStart(String file, String problem) {
    assertThatThrownBy(() -> config(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(problem)
        .hasMessageContaining("CLERK_MCP_INSTANCES")
        .message()
        .doesNotContain("notarealkey");
  }

  @Test
  void nothingElseMayNameAnInstance() throws Exception {
    for (String other : List.of("CLERK_SECRET_KEY", "CLERK_MCP_SANDBOX")) {
      Map<String, String> environment = environment("[{TEST}]", other);
      assertThatThrownBy(() -> Config.from(environment))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("CLERK_MCP_INSTANCES")
          .hasMessageContaining(other);
    }
  }

  private Config config(String file) throws Exception {
    return Config.from(environment(file, "CLERK_MCP_LOG_LEVEL"));
  }

  private Map<String, String> environment(String json, String variable) throws IOException {
    Path file = folder.resolve("instances.json");
    Files.writeString(file, json.replace("TEST", TEST).replace("LIVE", LIVE).replace('\'', '"'));
    String value =
        switch (variable) {
          case "CLERK_SECRET_KEY" -> "sk_test_notarealkey";
          case "CLERK_MCP_LOG_LEVEL" -> "warn";
          default -> "true";
        };
    return Map.of("CLERK_MCP_INSTANCES", file.toString(), variable, value);
  }

  private static List<String> names(List<ToolIndexEntry> lines) {
    return lines.stream().map(ToolIndexEntry::name).toList();
  }
}
