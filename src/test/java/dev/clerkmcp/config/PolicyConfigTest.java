package dev.clerkmcp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clerkmcp.interceptor.policy.Policy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the environment says of the policy. */
final class PolicyConfigTest {
  private static final String POLICY = "CLERK_MCP_POLICY";

  private final Path folder;

  PolicyConfigTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void withoutFileThereIsNoPolicy() throws ConfigException {
    assertThat(PolicyConfig.from(Map.of())).isSameAs(Policy.none());
    assertThat(PolicyConfig.from(Map.of(POLICY, " "))).isSameAs(Policy.none());
  }

  @Test
  void policyIsInTheFile() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("policy.json"),
            "{\"rules\":[{\"decision\":\"deny\",\"tools\":[\"clerk_user_delete\"]}]}");
    assertThat(PolicyConfig.from(Map.of(POLICY, file + "\n"))).isNotSameAs(Policy.none());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "missing.json", "not a path\0"})
  void fileMustBeReadable(String name) {
    String file = folder + "/" + name;
    assertThatThrownBy(() -> PolicyConfig.from(Map.of(POLICY, file)))
        .isInstanceOf(ConfigException.class)
        .hasMessage("The file that CLERK_MCP_POLICY names cannot be read.");
  }

  @Test
  void mistakeInTheFileStopsTheStart() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("policy.json"),
            "{\"rules\":[{\"name\":\"gone\",\"decision\":\"deny\",\"tools\":[\"clerk_user_gett\"]}]}");
    assertThatThrownBy(() -> PolicyConfig.from(Map.of(POLICY, file.toString())))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(
            "CLERK_MCP_POLICY names a file whose rule 1 (gone) names the unknown tool"
                + " clerk_user_gett; the nearest are clerk_user_get, ")
        .message()
        .endsWith(".");
  }
}
