package dev.clerkmcp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clerkmcp.interceptor.InterceptorFactory;
import dev.clerkmcp.interceptor.confirm.Confirmation;
import dev.clerkmcp.interceptor.policy.Policy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the safety settings and the files that they name. */
final class SafetyConfigTest {
  private static final String POLICY = "CLERK_MCP_POLICY";

  private final Path folder;

  SafetyConfigTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void everythingCanBeSet() throws Exception {
    Path log = folder.resolve("audit.jsonl");
    InterceptorFactory.Settings rails =
        ServerConfig.from(
                Map.ofEntries(
                    Map.entry("CLERK_MCP_CONFIRM", "always"),
                    Map.entry("CLERK_MCP_CONFIRM_BY", "person"),
                    Map.entry("CLERK_MCP_CONFIRM_TIMEOUT", "60"),
                    Map.entry("CLERK_MCP_DRY_RUN", "true"),
                    Map.entry("CLERK_MCP_REVEAL_SECRETS", "true"),
                    Map.entry("CLERK_MCP_PII", "mask"),
                    Map.entry("CLERK_MCP_PRIVATE_METADATA", "never"),
                    Map.entry("CLERK_MCP_AUDIT_LOG", log.toString()),
                    Map.entry("CLERK_MCP_AUDIT_READS", "true"),
                    Map.entry("CLERK_MCP_MAX_RESULT_TOKENS", "500"),
                    Map.entry("CLERK_MCP_EXPORT_DIR", folder.toString())))
            .safety();
    assertThat(rails.confirm()).isEqualTo(Confirmation.When.ALWAYS);
    assertThat(rails.confirmBy()).isEqualTo(Confirmation.By.PERSON);
    assertThat(rails.confirmTimeout()).isEqualTo(Duration.ofMinutes(1));
    assertThat(rails.dryRun()).isTrue();
    assertThat(rails.revealSecrets()).isTrue();
    assertThat(rails.maskPeople()).isTrue();
    assertThat(rails.privateMetadataNever()).isTrue();
    assertThat(rails.audit()).isNotNull();
    assertThat(rails.auditReads()).isTrue();
    assertThat(rails.output().maxTokens()).isEqualTo(500);
    assertThat(rails.output().exports()).isEqualTo(folder);
    assertThat(log).exists();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CLERK_MCP_CONFIRM | sometimes | CLERK_MCP_CONFIRM must be auto, always or never, not \"sometimes\".",
        "CLERK_MCP_CONFIRM_TIMEOUT | 3601 | CLERK_MCP_CONFIRM_TIMEOUT must be a number of seconds from 1 to 3600, not \"3601\".",
        "CLERK_MCP_PII | hide | CLERK_MCP_PII must be show or mask, not \"hide\".",
        "CLERK_MCP_MAX_RESULT_TOKENS | 499 | CLERK_MCP_MAX_RESULT_TOKENS must be a whole number from 500 to 1000000, not \"499\".",
        "CLERK_MCP_AUDIT_READS | true | CLERK_MCP_AUDIT_READS needs CLERK_MCP_AUDIT_LOG, the file to write to.",
        "CLERK_MCP_AUDIT_LOG | /nowhere/a | CLERK_MCP_AUDIT_LOG is \"/nowhere/a\": this file ",
        "CLERK_MCP_SECRETS_DIR | ~ada/x | CLERK_MCP_SECRETS_DIR is \"~ada/x\": only ~/ is replaced in it; write the full path.",
      })
  void mistakeIsReported(String variable, String value, String message) {
    assertThatThrownBy(() -> ServerConfig.from(Map.of(variable, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void withoutFileThereIsNoPolicy() throws ConfigException {
    assertThat(policy("")).isSameAs(Policy.none());
    assertThat(policy(" ")).isSameAs(Policy.none());
  }

  @Test
  void policyIsReadFromTheFile() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("policy.json"),
            "{\"rules\":[{\"decision\":\"deny\",\"tools\":[\"clerk_user_delete\"]}]}");
    assertThat(policy(file + "\n")).isNotSameAs(Policy.none());
  }

  @ParameterizedTest
  @CsvSource({"'', this file cannot be read", "missing.json, this file does not exist"})
  void policyMustBeReadable(String name, String problem) {
    String file = folder.resolve(name).toString();
    assertThatThrownBy(() -> policy(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("CLERK_MCP_POLICY is \"/")
        .hasMessageEndingWith("\": %s.".formatted(problem));
  }

  @Test
  void mistakeInThePolicyIsReported() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("policy.json"),
            "{\"rules\":[{\"name\":\"gone\",\"decision\":\"deny\",\"tools\":[\"clerk_user_gett\"]}]}");
    assertThatThrownBy(() -> policy(file.toString()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            ": its rule 1 (gone) names the unknown tool clerk_user_gett; the nearest are"
                + " clerk_user_get, ")
        .hasMessageEndingWith(".");
  }

  /** A start that is refused leaves no file behind, and tells of all mistakes. */
  @Test
  void auditLogIsNotCreatedBesideAMistake() {
    Path log = folder.resolve("audit.jsonl");
    assertThatThrownBy(
            () ->
                ServerConfig.from(
                    Map.of("CLERK_MCP_AUDIT_LOG", log.toString(), "CLERK_MCP_ACCESS", "x")))
        .hasMessageContaining("CLERK_MCP_ACCESS");
    assertThat(log).doesNotExist();
    assertThatThrownBy(
            () ->
                ServerConfig.from(
                    Map.of(
                        "CLERK_MCP_AUDIT_LOG",
                        folder.resolve("missing/audit.jsonl").toString(),
                        "CLERK_MCP_ACCESS",
                        "x")))
        .hasMessageContainingAll("CLERK_MCP_ACCESS", "a folder that does not exist");
  }

  private static Policy policy(String file) throws ConfigException {
    return ServerConfig.from(Map.of(POLICY, file)).safety().policy();
  }
}
