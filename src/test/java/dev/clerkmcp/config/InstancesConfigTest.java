package dev.clerkmcp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolIndexEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InstancesConfigTest {
  private static final String TEST = "'name':'staging','key':'sk_test_notarealkey1'";
  private static final String LIVE = "'name':'shop','key':'sk_live_notarealkey2'";

  @TempDir private Path folder;

  /**
   * Tests the configuration of several instances, and that none becomes the live default by
   * accident.
   */
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
  void liveInstanceIsDefaultOnlyIfChosen(String file, String expected) throws Exception {
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
  void keyCanBeReadFromFile() throws Exception {
    Path key = folder.resolve("staging.key");
    Files.writeString(key, "sk_live_notarealkey2\n");
    ServerConfig config = config("[{'name':'shop','key_file':'%s'}]".formatted(key));
    assertThat(config.instances().get(0).key().isLive()).isTrue();
    assertThat(config.clerk().key()).isNull();
  }

  @Test
  void eachInstanceHasItsOwnAccessAndToolsets() throws Exception {
    ServerConfig config = config("[{TEST},{LIVE,'access':'read','toolsets':['billing']}]");
    InstancesConfig.Named shop = config.instances().get(1);
    assertThat(shop.tools().disabledReason("clerk_user_create"))
        .isEqualTo(
            "access is read only (access of shop in %s)"
                .formatted(folder.resolve("instances.json")));
    assertThat(config.instances().get(0).tools().disabledReason("clerk_user_create")).isNull();
    assertThat(config.tools().disabledReason("clerk_user_create")).isNull();
    assertThat(names(config.tools().listed()))
        .contains("clerk_user_create", "clerk_billing_plans_list")
        .isSorted();
  }

  @Test
  void globalReadOnlyOverridesInstances() throws Exception {
    ServerConfig config =
        ServerConfig.from(environment("[{TEST,'access':'full'}]", "CLERK_MCP_READ_ONLY"));
    assertThat(config.instances().get(0).tools().disabledReason("clerk_user_create")).isNotNull();
  }

  @Test
  void everyListedToolHasInstanceArgument() throws Exception {
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
        "{}                                          | it must hold a list",
        "[]                                          | it must hold a list",
        "[{]                                         | is not JSON: line 1, column 3",
        "[7]                                         | instance 1 must be an object",
        "[{'key':'sk_test_notarealkey1'}]            | instance 1 needs a name",
        "[{'name':'A B','key':'sk_test_notarealkey1'}] | instance 1 needs a name",
        "[{'name':'a'}]                              | a needs key or key_file",
        "[{'name':'a','key':7}]                      | a needs key or key_file",
        "[{'name':'a','key':'pk_test_1'}]            | the key of a is a publishable key",
        "[{'name':'a','key':'${KEY}'}]               | the key of a has ${...} in it, which was not replaced",
        "[{'name':'a','key':'Bearer sk_test_notarealkey1'}] | the key of a begins with Bearer",
        "[{'name':'a','key':'sk_test_notareal key1'}] | the key of a has white space in it",
        "[{'name':'a','key_file':'/nonexistent'}]    | key_file of a: the file \"/nonexistent\" cannot be read",
        "[{'name':'a','key_file':'sk_test_notarealkey1'}] | key_file of a: it holds a key, not a path; a key goes into CLERK_SECRET_KEY",
        "[{TEST},{TEST}]                             | two instances named staging",
        "[{TEST,'default':true},{LIVE,'default':true}] | two instances as default",
        "[{TEST,'default':'yes'}]                    | default of staging must be true or false",
        "[{TEST,'acces':'read'}]                     | instance 1 has the unknown member acces; the nearest is access",
        "[{TEST,'access':'some'}]                    | access of staging in {FILE} must be read, write or full, not \"some\".",
        "[{TEST,'toolsets':'nonsense'}]              | toolsets of staging in {FILE} names the unknown toolset nonsense",
        "[{LIVE,'access':''}]                        | access of shop must not be empty",
        "[{LIVE,'access':[]}]                        | access of shop must not be empty",
        "[{LIVE,'access':{}}]                        | access of shop must not be empty",
        "[{LIVE,'allow_irreversible':'yess'}]        | allow_irreversible of shop in {FILE} must be true or false",
        "[{LIVE,'access':'read','access':'full'}]    | has a member twice: line 1, column ",
        "[] []                                       | is not JSON"
      })
  void mistakeStopsTheStart(String file, String problem) {
    assertThatThrownBy(() -> config(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            problem.replace("{FILE}", folder.resolve("instances.json").toString()))
        .hasMessageContaining(problem.contains("{FILE}") ? "" : "CLERK_MCP_INSTANCES is \"/")
        .message()
        .doesNotContain("notarealkey");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "9"})
  void fileBeyondTheLimitsOfJsonStopsTheStart(String repeated) {
    assertThatThrownBy(() -> config("[{'name':" + repeated.repeat(1500)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("this file has more than 1000 levels, 1000 digits of a number or");
  }

  @Test
  void filesMayBeginWithByteOrderMark() throws Exception {
    Path key = Files.writeString(folder.resolve("key"), "\uFEFFsk_test_notarealkey1\n");
    String file = "\uFEFF[{'name':'a','key_file':'%s'}]".formatted(key);
    assertThat(config(file).instances()).singleElement().returns("a", InstancesConfig.Named::name);
  }

  @Test
  void filesMustBeUtf8() throws Exception {
    Path key = Files.writeString(folder.resolve("key"), "sk_test_1", StandardCharsets.UTF_16);
    assertThatThrownBy(() -> config("[{'name':'a','key_file':'%s'}]".formatted(key)))
        .hasMessageContaining("/key\" is not UTF-8; save it in that encoding");
  }

  @Test
  void allMistakesAreReportedTogether() {
    assertThatThrownBy(
            () ->
                config(
                    "[{'name':'A B','kye':7},{'name':'a','key':'pk_test_1','access':'some'},"
                        + "{TEST},{TEST}]"))
        .hasMessageStartingWith("There are 6 mistakes in the settings.")
        .hasMessageContaining("instance 1 needs a name")
        .hasMessageContaining("instance 1 has the unknown member kye")
        .hasMessageContaining("instance 1 needs key or key_file")
        .hasMessageContaining("the key of a is a publishable key")
        .hasMessageContaining("access of a in ")
        .hasMessageContaining("two instances named staging");
  }

  @Test
  void keyOrSandboxBesideInstancesIsRejected() throws Exception {
    for (String other : List.of("CLERK_SECRET_KEY", "CLERK_MCP_SANDBOX")) {
      Map<String, String> environment = environment("[{TEST}]", other);
      assertThatThrownBy(() -> ServerConfig.from(environment))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("CLERK_MCP_INSTANCES")
          .hasMessageContaining(other);
    }
  }

  private ServerConfig config(String file) throws Exception {
    return ServerConfig.from(environment(file, "CLERK_MCP_LOG_LEVEL"));
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
