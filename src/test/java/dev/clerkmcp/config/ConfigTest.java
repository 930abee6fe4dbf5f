package dev.clerkmcp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clerkmcp.server.ServerInstructions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the environment configures, and the sentence for each mistake in it. */
final class ConfigTest {
  private static final String KEY = "sk_test_notarealkey";

  private final Path folder;

  ConfigTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void nothingHasToBeSet() throws ConfigException {
    Config config = Config.from(Map.of());
    assertThat(config.key()).isNull();
    assertThat(config.baseUrl()).isEqualTo("https://api.clerk.com/v1");
    assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(45));
    assertThat(config.logLevel()).isEqualTo("warn");
    assertThat(config.pacing()).isTrue();
    assertThat(config.tools().listed()).hasSizeBetween(30, 55);
    assertThat(config.sandbox()).isNull();
  }

  @Test
  void everythingCanBeSet() throws ConfigException {
    Config config =
        Config.from(
            Map.of(
                "CLERK_SECRET_KEY", " " + KEY + "\n",
                "CLERK_API_URL", "https://clerk.example.com",
                "CLERK_MCP_API_PREFIX", "/v2",
                "CLERK_MCP_TIMEOUT", "5",
                "CLERK_MCP_LOG_LEVEL", "Debug",
                "CLERK_MCP_PACING", "false",
                "CLERK_API_VERSION", "v1",
                "HOME", "/root"));
    assertThat(config.key()).hasToString("sk_test_...");
    assertThat(config.baseUrl()).isEqualTo("https://clerk.example.com/v2");
    assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.logLevel()).isEqualTo("debug");
    assertThat(config.pacing()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void emptyCountsAsUnset(String empty) throws ConfigException {
    Map<String, String> environment = new HashMap<>();
    environment.put("CLERK_SECRET_KEY", empty);
    environment.put("CLERK_SECRET_KEY_FILE", empty);
    environment.put("CLERK_API_URL", empty);
    environment.put("CLERK_MCP_API_PREFIX", empty);
    environment.put("CLERK_MCP_TIMEOUT", empty);
    environment.put("CLERK_MCP_LOG_LEVEL", empty);
    environment.put("CLERK_MCP_PACING", empty);
    Config config = Config.from(environment);
    Config unset = Config.from(Map.of());
    assertThat(config)
        .usingRecursiveComparison()
        .ignoringFields("toolsPart", "railsPart")
        .isEqualTo(unset);
    assertThat(config.rails()).usingRecursiveComparison().isEqualTo(unset.rails());
    assertThat(config.tools().listed()).hasSameSizeAs(unset.tools().listed());
  }

  /** Where nothing is set, the choice of tools is read later than what is said of it. */
  @ParameterizedTest
  @ValueSource(strings = {"", "sk_test_notarealkey", "sk_live_notarealkey"})
  void instructionsAreTheSameWhereNothingIsSet(String key) throws ConfigException {
    Config config = Config.from(Map.of("CLERK_SECRET_KEY", key));
    assertThat(config.standard()).isTrue();
    assertThat(ServerInstructions.standard()).isEqualTo(ServerInstructions.of(config.tools()));
  }

  @Test
  void nothingIsReadLateThatMayBeWrong() throws ConfigException {
    assertThat(Config.from(Map.of("CLERK_MCP_DRY_RUN", "false")).standard()).isFalse();
    assertThat(Config.from(Map.of("CLERK_MCP_DRY_RUN", " ")).standard()).isTrue();
    assertThatThrownBy(() -> Config.from(Map.of("CLERK_MCP_TOOLSETS", "nonsense")))
        .isInstanceOf(ConfigException.class);
  }

  // The key

  @Test
  void keyCanComeFromFile() throws Exception {
    String file = Files.writeString(folder.resolve("key"), "sk_live_notarealkey\n").toString();
    assertThat(Config.from(Map.of("CLERK_SECRET_KEY_FILE", file)).key()).hasToString("sk_live_...");
    assertThat(Config.from(Map.of("CLERK_SECRET_KEY_FILE", file, "CLERK_SECRET_KEY", "")).key())
        .hasToString("sk_live_...");
  }

  @Test
  void keyComesFromOnePlace() {
    assertThat(mistake("CLERK_SECRET_KEY", KEY, "CLERK_SECRET_KEY_FILE", "/etc/clerk-key"))
        .isEqualTo("Set CLERK_SECRET_KEY or CLERK_SECRET_KEY_FILE, not both.");
  }

  @Test
  void keyFileMustBeReadable() {
    String missing = folder.resolve("missing").toString();
    assertThat(mistake("CLERK_SECRET_KEY_FILE", missing))
        .startsWith("The file that CLERK_SECRET_KEY_FILE names cannot be read");
    assertThat(mistake("CLERK_SECRET_KEY_FILE", folder.toString()))
        .startsWith("The file that CLERK_SECRET_KEY_FILE names cannot be read");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "notarealkey, is not a Clerk secret key",
        "sk_test_notareal key, is not a Clerk secret key",
        "pk_live_notarealkey, is a publishable key",
        "'sk_live_notarealkey', has quotation marks",
      })
  void malformedKeyIsNotRepeated(String key, String mistake) throws IOException {
    String file = Files.writeString(folder.resolve("key"), key).toString();
    assertThat(mistake("CLERK_SECRET_KEY", key))
        .startsWith("CLERK_SECRET_KEY " + mistake)
        .endsWith(".")
        .doesNotContain("notareal");
    assertThat(mistake("CLERK_SECRET_KEY_FILE", file))
        .startsWith("The file in CLERK_SECRET_KEY_FILE " + mistake)
        .doesNotContain("notareal");
  }

  @Test
  void largeFileIsNoKey() throws IOException {
    String file = Files.writeString(folder.resolve("key"), KEY.repeat(1000)).toString();
    assertThat(mistake("CLERK_SECRET_KEY_FILE", file)).contains("is not a Clerk secret key");
  }

  // The address

  @ParameterizedTest
  @CsvSource({
    "https://api.clerk.com, '', https://api.clerk.com/v1",
    "https://api.clerk.com/, '', https://api.clerk.com/v1",
    "https://api.clerk.com///, '', https://api.clerk.com/v1",
    "https://api.clerk.com/v1, '', https://api.clerk.com/v1",
    "https://api.clerk.com/v1/, '', https://api.clerk.com/v1",
    "HTTPS://api.clerk.com, '', HTTPS://api.clerk.com/v1",
    "https://proxy.example.com/clerk, '', https://proxy.example.com/clerk/v1",
    "https://proxy.example.com/clerk/v1, '', https://proxy.example.com/clerk/v1",
    "https://proxy.example.com/notv1, '', https://proxy.example.com/notv1/v1",
    "https://mock.example.com, /, https://mock.example.com",
    "https://mock.example.com/, /, https://mock.example.com",
    "https://mock.example.com/api, /, https://mock.example.com/api",
    "https://mock.example.com, /clerk/v1/, https://mock.example.com/clerk/v1",
    "http://localhost:4000, '', http://localhost:4000/v1",
    "http://127.0.0.1:4000, '', http://127.0.0.1:4000/v1",
    "http://[::1]:4000, '', http://[::1]:4000/v1",
  })
  void addressIsCompleted(String url, String prefix, String baseUrl) throws ConfigException {
    assertThat(Config.from(Map.of("CLERK_API_URL", url, "CLERK_MCP_API_PREFIX", prefix)).baseUrl())
        .isEqualTo(baseUrl);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.clerk.com",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://128.0.0.1",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://[::2]",
      })
  void keyTravelsInTheClearOnlyWithinThisComputer(String url) {
    assertThat(mistake("CLERK_API_URL", url))
        .isEqualTo(
            "CLERK_API_URL must begin with https://, or the secret key would travel in the clear.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api.clerk.com",
        "//api.clerk.com",
        "https:api.clerk.com",
        "https://",
        "https:///v1",
        "https://api clerk.com",
        "https://api.clerk.com\\@example.com",
        "ftp://api.clerk.com",
        "file:///etc/passwd",
      })
  void addressMustBeUrl(String url) {
    assertThat(mistake("CLERK_API_URL", url))
        .isEqualTo("CLERK_API_URL is not a URL; the usual one is https://api.clerk.com.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://user:secret@api.clerk.com",
        "https://api.clerk.com@example.com",
        "https://api.clerk.com?key=secret",
        "https://api.clerk.com?",
        "https://api.clerk.com#secret",
        "http://localhost@example.com",
      })
  void addressMustBePlain(String url) {
    assertThat(mistake("CLERK_API_URL", url))
        .isEqualTo("CLERK_API_URL must be a plain URL without user, query or fragment.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "@example.com", ".example.com/v1", "https://example.com"})
  void prefixMustBePath(String prefix) {
    assertThat(mistake("CLERK_MCP_API_PREFIX", prefix))
        .isEqualTo("CLERK_MCP_API_PREFIX must be a path that begins with /, as /v1 does.");
  }

  // Everything else

  @ParameterizedTest
  @ValueSource(strings = {"1", "60", "600"})
  void timeoutIsInSeconds(String seconds) throws ConfigException {
    assertThat(Config.from(Map.of("CLERK_MCP_TIMEOUT", seconds)).timeout())
        .isEqualTo(Duration.ofSeconds(Long.parseLong(seconds)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "601", "-1", "1.5", "60s", "1e2", "99999999999", "sixty"})
  void otherTimeoutIsRefused(String seconds) {
    assertThat(mistake("CLERK_MCP_TIMEOUT", seconds))
        .isEqualTo("CLERK_MCP_TIMEOUT must be a number of seconds from 1 to 600.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"error", "warn", "info", "debug", "WARN"})
  void logLevelIsWord(String level) throws ConfigException {
    assertThat(Config.from(Map.of("CLERK_MCP_LOG_LEVEL", level)).logLevel())
        .isEqualToIgnoringCase(level);
  }

  @ParameterizedTest
  @ValueSource(strings = {"trace", "off", "warning", "0"})
  void otherLogLevelIsRefused(String level) {
    assertThat(mistake("CLERK_MCP_LOG_LEVEL", level))
        .isEqualTo("CLERK_MCP_LOG_LEVEL must be one of error, warn, info, debug.");
  }

  @Test
  void pacingIsOnOrOff() {
    assertThat(mistake("CLERK_MCP_PACING", "100"))
        .isEqualTo("CLERK_MCP_PACING must be true or false.");
  }

  @ParameterizedTest
  @CsvSource({
    "CLERK_MCP_TIMEOUT_SECONDS, CLERK_MCP_TIMEOUT",
    "CLERK_MCP_TIMOUT, CLERK_MCP_TIMEOUT",
    "CLERK_MCP_LOGLEVEL, CLERK_MCP_LOG_LEVEL",
    "CLERK_MCP_LOG, CLERK_MCP_AUDIT_LOG",
    "CLERK_MCP_PREFIX, CLERK_MCP_API_PREFIX",
  })
  void misspeltSettingIsRefused(String name, String nearest) {
    assertThat(mistake(name, "5"))
        .isEqualTo(name + " is not a setting; the nearest is " + nearest + ".");
  }

  private static String mistake(String... namesAndValues) {
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    ConfigException mistake =
        catchThrowableOfType(ConfigException.class, () -> Config.from(environment));
    return String.valueOf(mistake.getMessage());
  }

  @Test
  void keyInPlaceOfItsFileIsNotShown() {
    assertThatThrownBy(() -> Config.from(Map.of("CLERK_SECRET_KEY_FILE", "sk_live_MARKED123456")))
        .isInstanceOf(ConfigException.class)
        .hasMessage("CLERK_SECRET_KEY_FILE holds a key, not a file; use CLERK_SECRET_KEY.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://a:99999", "https://a:0", "http://[fe80::1%25eth0]"})
  void urlThatCannotBeCalledIsRefused(String url) {
    assertThatThrownBy(() -> Config.from(Map.of("CLERK_API_URL", url)))
        .hasMessageStartingWith("CLERK_API_URL is not a URL");
  }

  @Test
  void hostThatLooksLikeThePrefixIsNoPrefix() throws ConfigException {
    assertThat(Config.from(Map.of("CLERK_API_URL", "https://v1")).baseUrl())
        .isEqualTo("https://v1/v1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1?a=b", "/a b", "/..", "//"})
  void prefixThatIsMoreThanPathIsRefused(String prefix) {
    assertThatThrownBy(() -> Config.from(Map.of("CLERK_MCP_API_PREFIX", prefix)))
        .hasMessageStartingWith("CLERK_MCP_API_PREFIX must be a path");
  }

  @Test
  void unknownVariableThatIsEmptyCountsAsUnset() throws ConfigException {
    assertThat(Config.from(Map.of("CLERK_MCP_UNKNOWN", " ")).key()).isNull();
  }
}
