package dev.clerkmcp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clerkmcp.sandbox.Sandbox;
import dev.clerkmcp.sandbox.SandboxSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the sandbox's settings, and that they exclude real instances. */
final class SandboxConfigTest {
  private static final String ON = "CLERK_MCP_SANDBOX";

  @Test
  void sandboxIsOffByDefault() throws ConfigException {
    assertThat(ServerConfig.from(Map.of()).sandbox()).isNull();
    assertThat(ServerConfig.from(Map.of(ON, "false")).sandbox()).isNull();
  }

  @Test
  void enabledSandboxNeedsNoOtherSetting() throws ConfigException {
    ServerConfig config = ServerConfig.from(Map.of(ON, "true"));
    SandboxSettings sandbox = Objects.requireNonNull(config.sandbox());
    assertThat(config.clerk().key()).isNotNull();
    assertThat(config.clerk().baseUrl()).isEqualTo(Sandbox.BASE_URL);
    assertThat(sandbox.seed()).isEqualTo(1);
    assertThat(sandbox.users()).isEqualTo(120);
    assertThat(sandbox.start()).isEqualTo(Instant.parse("2026-06-01T09:00:00Z"));
    assertThat(sandbox.file()).isNull();
  }

  @Test
  void everythingCanBeSet() throws ConfigException {
    SandboxSettings sandbox =
        sandbox(
            Map.of(
                ON,
                "true",
                ON + "_SEED",
                "-7",
                ON + "_USERS",
                "0",
                ON + "_CLOCK",
                "2027-01-31",
                ON + "_FILE",
                "world.json",
                ON + "_LATENCY",
                "50-400",
                ON + "_FAULTS",
                "429:0.1, lost@3"));
    assertThat(sandbox.seed()).isEqualTo(-7);
    assertThat(sandbox.users()).isZero();
    assertThat(sandbox.start()).isEqualTo(Instant.parse("2027-01-31T00:00:00Z"));
    assertThat(sandbox.file()).isEqualTo(Path.of("world.json").toAbsolutePath());
  }

  @Test
  void realClockCanBeChosen() throws ConfigException {
    assertThat(sandbox(Map.of(ON, "true", ON + "_CLOCK", "now")).start()).isNull();
  }

  @Test
  void keyOfTheSandboxDecidesWhetherTheInstanceIsLive() throws ConfigException {
    ServerConfig test =
        ServerConfig.from(Map.of(ON, "true", "CLERK_SECRET_KEY", "sk_test_sandbox_1"));
    assertThat(Objects.requireNonNull(test.clerk().key()).isLive()).isFalse();
    ServerConfig live =
        ServerConfig.from(Map.of(ON, "true", "CLERK_SECRET_KEY", "sk_live_sandbox_1"));
    assertThat(Objects.requireNonNull(live.clerk().key()).isLive()).isTrue();
    assertThatThrownBy(() -> ServerConfig.from(Map.of("CLERK_SECRET_KEY", "sk_live_sandbox_1")))
        .hasMessageContaining("set CLERK_MCP_SANDBOX=true as well");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CLERK_SECRET_KEY | sk_test_0123456789 | there is a key of a real instance; remove one of them.",
        "CLERK_SECRET_KEY | sk_live_0123456789 | there is a key of a real instance; remove one of them.",
        "CLERK_API_URL | https://clerk.example.com | CLERK_API_URL has no meaning; remove one of them.",
        "CLERK_MCP_API_PREFIX | / | CLERK_MCP_API_PREFIX has no meaning; remove one of them.",
        "CLERK_MCP_SANDBOX | jes | CLERK_MCP_SANDBOX must be true or false, not \"jes\".",
        "CLERK_MCP_SANDBOX_SEED | x | CLERK_MCP_SANDBOX_SEED must be a whole number",
        "CLERK_MCP_SANDBOX_USERS | 100001 | CLERK_MCP_SANDBOX_USERS must be a whole number from 0 to 100000, not \"100001\".",
        "CLERK_MCP_SANDBOX_CLOCK | today | CLERK_MCP_SANDBOX_CLOCK must be a date",
        "CLERK_MCP_SANDBOX_CLOCK | 2026-02-30 | CLERK_MCP_SANDBOX_CLOCK must be a date",
        "CLERK_MCP_SANDBOX_LATENCY | slow | CLERK_MCP_SANDBOX_LATENCY is \"slow\": latency must be",
        "CLERK_MCP_SANDBOX_FAULTS | 429 | CLERK_MCP_SANDBOX_FAULTS is \"429\": faults must be",
        "CLERK_MCP_SANDBOX_WEBHOOK_URL | https://example.com/hook | CLERK_MCP_SANDBOX_WEBHOOK_URL must be an http or https URL of this machine",
        "CLERK_MCP_SANDBOX_WEBHOOK_URL | ftp://localhost/hook | CLERK_MCP_SANDBOX_WEBHOOK_URL must be an http or https URL of this machine",
        "CLERK_MCP_SANDBOX_SED | 1 | CLERK_MCP_SANDBOX_SED is not a setting; the nearest is CLERK_MCP_SANDBOX_SEED.",
      })
  void mistakeStopsTheStart(String name, String value, String message) {
    Map<String, String> environment = new HashMap<>(Map.of(ON, "true"));
    environment.put(name, value);
    assertThatThrownBy(() -> ServerConfig.from(environment))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  void settingOfSandboxThatIsOffStopsTheStart() {
    Map<String, String> environment =
        Map.of("CLERK_SECRET_KEY", "sk_live_0123456789", ON + "_SEED", "1");
    assertThatThrownBy(() -> ServerConfig.from(environment))
        .hasMessage(
            "CLERK_MCP_SANDBOX_SEED is set, but the sandbox is off; set CLERK_MCP_SANDBOX=true as"
                + " well.");
  }

  @Test
  void invalidSwitchIsTheOnlyReportedMistake() {
    Map<String, String> environment =
        Map.of(ON, "tru", ON + "_SEED", "1", "CLERK_SECRET_KEY", Sandbox.SECRET_KEY);
    assertThatThrownBy(() -> ServerConfig.from(environment))
        .hasMessage("CLERK_MCP_SANDBOX must be true or false, not \"tru\".");
  }

  @Test
  void sandboxKeyIsRejectedOnlyForClerk() throws ConfigException {
    assertThatThrownBy(() -> ServerConfig.from(Map.of("CLERK_SECRET_KEY", Sandbox.SECRET_KEY)))
        .hasMessage(
            "CLERK_SECRET_KEY holds the sandbox's key; set CLERK_MCP_SANDBOX=true as well.");
    ServerConfig onPort =
        ServerConfig.from(
            Map.of(
                "CLERK_SECRET_KEY", Sandbox.SECRET_KEY, "CLERK_API_URL", "http://127.0.0.1:4010"));
    assertThat(onPort.sandbox()).isNull();
    assertThat(onPort.clerk().baseUrl()).isEqualTo("http://127.0.0.1:4010/v1");
  }

  private static SandboxSettings sandbox(Map<String, String> environment) throws ConfigException {
    return Objects.requireNonNull(ServerConfig.from(environment).sandbox());
  }
}
