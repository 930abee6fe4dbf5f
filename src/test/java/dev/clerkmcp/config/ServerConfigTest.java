package dev.clerkmcp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.server.ServerInstructions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the settings from the environment, and the message for each mistake. */
final class ServerConfigTest {
  private static final String KEY = "sk_test_notarealkey";

  private final Path folder;

  ServerConfigTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void everySettingIsOptional() throws ConfigException {
    ServerConfig config = ServerConfig.from(Map.of());
    assertThat(config.clerk().key()).isNull();
    assertThat(config.clerk().baseUrl()).isEqualTo("https://api.clerk.com/v1");
    assertThat(config.clerk().timeout()).isEqualTo(Duration.ofSeconds(45));
    assertThat(config.logLevel()).isEqualTo("warn");
    assertThat(config.clerk().pacing()).isTrue();
    assertThat(config.tools().listed()).hasSizeBetween(30, 55);
    assertThat(config.sandbox()).isNull();
  }

  @Test
  void everythingCanBeSet() throws ConfigException {
    ServerConfig config =
        ServerConfig.from(
            Map.of(
                "CLERK_SECRET_KEY", " " + KEY + "\n",
                "CLERK_API_URL", "https://clerk.example.com",
                "CLERK_MCP_API_PREFIX", "/v2",
                "CLERK_MCP_TIMEOUT", "5",
                "CLERK_MCP_LOG_LEVEL", "Debug",
                "CLERK_MCP_PACING", "false",
                "CLERK_API_VERSION", "v1",
                "HOME", "/root"));
    assertThat(config.clerk().key()).hasToString("sk_test_...");
    assertThat(config.clerk().baseUrl()).isEqualTo("https://clerk.example.com/v2");
    assertThat(config.clerk().timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.logLevel()).isEqualTo("debug");
    assertThat(config.clerk().pacing()).isFalse();
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
    ServerConfig config = ServerConfig.from(environment);
    ServerConfig unset = ServerConfig.from(Map.of());
    assertThat(config)
        .usingRecursiveComparison()
        .ignoringFields("lazyTools", "lazySafety")
        .isEqualTo(unset);
    assertThat(config.safety()).usingRecursiveComparison().isEqualTo(unset.safety());
    assertThat(config.tools().listed()).hasSameSizeAs(unset.tools().listed());
  }

  /**
   * Without settings, the instructions are written before the tool filter is read, so both must
   * agree.
   */
  @ParameterizedTest
  @ValueSource(strings = {"", "sk_test_notarealkey", "sk_live_notarealkey"})
  void standardInstructionsEqualThoseOfUnsetConfig(String key) throws ConfigException {
    ServerConfig config = ServerConfig.from(Map.of("CLERK_SECRET_KEY", key));
    assertThat(config.allDefaults()).isTrue();
    assertThat(ServerInstructions.standard()).isEqualTo(ServerInstructions.of(config.tools()));
  }

  @Test
  void configWithSettingsIsNotStandard() throws ConfigException {
    assertThat(ServerConfig.from(Map.of("CLERK_MCP_DRY_RUN", "false")).allDefaults()).isFalse();
    assertThat(ServerConfig.from(Map.of("CLERK_MCP_DRY_RUN", " ")).allDefaults()).isTrue();
    assertThatThrownBy(() -> ServerConfig.from(Map.of("CLERK_MCP_TOOLSETS", "nonsense")))
        .isInstanceOf(ConfigException.class);
  }

  // The key

  @Test
  void keyCanComeFromFile() throws Exception {
    String file =
        Files.writeString(folder.resolve("key"), "\uFEFFsk_live_notarealkey\n").toString();
    assertThat(ServerConfig.from(Map.of("CLERK_SECRET_KEY_FILE", file)).clerk().key())
        .hasToString("sk_live_...");
    assertThat(
            ServerConfig.from(Map.of("CLERK_SECRET_KEY_FILE", file, "CLERK_SECRET_KEY", ""))
                .clerk()
                .key())
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
        .startsWith("CLERK_SECRET_KEY_FILE is \"/")
        .endsWith("\": this file cannot be read.");
    assertThat(mistake("CLERK_SECRET_KEY_FILE", folder.toString()))
        .startsWith("CLERK_SECRET_KEY_FILE is \"/")
        .endsWith("\": this file cannot be read.");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "notarealkey, is not a Clerk secret key",
        "sk_test_notareal key, has white space in it",
        "Bearer sk_test_notarealkey, begins with Bearer",
        "sk_test_ab, is too short",
        "sk_test_replace_with_your_own_key, is still the placeholder",
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
        .startsWith("CLERK_SECRET_KEY_FILE is \"/")
        .contains("\": the text in this file " + mistake)
        .doesNotContain("notareal");
  }

  @Test
  void keyOfTheExampleConfigurationIsRejected() throws IOException {
    assertThat(Files.readString(Path.of("mcp-config.example.json")))
        .contains('"' + SecretKey.PLACEHOLDER + '"');
    assertThat(mistake("CLERK_SECRET_KEY", SecretKey.PLACEHOLDER))
        .contains("is still the placeholder of the example");
  }

  /** People paste a key into the wrong field; hosts show the mistake to the model. */
  @ParameterizedTest
  @EnumSource(Setting.class)
  void keyInAnySettingIsNotRepeated(Setting setting) {
    String key = "sk_live_abcdefghijklmnop";
    for (String text : List.of(key, " " + key, "{\"x\":\"" + key + "\"}")) {
      try {
        ServerConfig unused = ServerConfig.from(Map.of(setting.variable(), text));
      } catch (ConfigException e) {
        assertThat(e.getMessage()).doesNotContain("abcdefghijklmnop");
        assertThat(e.mistakes()).noneMatch(mistake -> mistake.contains("abcdefghijklmnop"));
      }
    }
  }

  @Test
  void largeFileIsNoKey() throws IOException {
    String file = Files.writeString(folder.resolve("key"), KEY.repeat(1000)).toString();
    assertThat(mistake("CLERK_SECRET_KEY_FILE", file)).contains("this file is larger than 4 KiB");
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
    assertThat(
            ServerConfig.from(Map.of("CLERK_API_URL", url, "CLERK_MCP_API_PREFIX", prefix))
                .clerk()
                .baseUrl())
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
  void plainHttpIsAcceptedOnlyForLoopback(String url) {
    assertThat(mistake("CLERK_API_URL", url))
        .isEqualTo(
            "CLERK_API_URL is \"%s\": it must begin with https://, or the secret key would be sent"
                + " unencrypted.",
            url);
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
        .isEqualTo(
            "CLERK_API_URL must be a URL such as https://api.clerk.com%s.",
            url.contains("@") ? "" : ", not \"" + url + "\"");
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
        .isEqualTo(
            "CLERK_API_URL cannot be used: it must be a plain URL without user, query or fragment.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "@example.com", ".example.com/v1", "https://example.com"})
  void prefixMustBePath(String prefix) {
    assertThat(mistake("CLERK_MCP_API_PREFIX", prefix))
        .isEqualTo(
            "CLERK_MCP_API_PREFIX must be a path that begins with /, such as /v1, not \"%s\".",
            prefix);
  }

  // Everything else

  @ParameterizedTest
  @ValueSource(strings = {"1", "60", "600"})
  void timeoutIsInSeconds(String seconds) throws ConfigException {
    assertThat(ServerConfig.from(Map.of("CLERK_MCP_TIMEOUT", seconds)).clerk().timeout())
        .isEqualTo(Duration.ofSeconds(Long.parseLong(seconds)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "601", "-1", "1.5", "60s", "1e2", "99999999999", "sixty"})
  void invalidTimeoutIsRejected(String seconds) {
    assertThat(mistake("CLERK_MCP_TIMEOUT", seconds))
        .isEqualTo(
            "CLERK_MCP_TIMEOUT must be a number of seconds from 1 to 600, not \"%s\".", seconds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"error", "warn", "info", "debug", "WARN"})
  void logLevelIsRead(String level) throws ConfigException {
    assertThat(ServerConfig.from(Map.of("CLERK_MCP_LOG_LEVEL", level)).logLevel())
        .isEqualToIgnoringCase(level);
  }

  @ParameterizedTest
  @ValueSource(strings = {"trace", "off", "warning", "0"})
  void invalidLogLevelIsRejected(String level) {
    assertThat(mistake("CLERK_MCP_LOG_LEVEL", level))
        .isEqualTo("CLERK_MCP_LOG_LEVEL must be error, warn, info or debug, not \"%s\".", level);
  }

  @ParameterizedTest
  @CsvSource({
    "true, true",
    "True, true",
    "1, true",
    "yes, true",
    "ON, true",
    "false, false",
    "0, false",
    "No, false",
    "off, false",
  })
  void switchAcceptsUsualWords(String word, boolean on) throws ConfigException {
    assertThat(ServerConfig.from(Map.of("CLERK_MCP_PACING", word)).clerk().pacing()).isEqualTo(on);
    assertThat(ServerConfig.from(Map.of("CLERK_MCP_DRY_RUN", word)).safety().dryRun())
        .isEqualTo(on);
  }

  @ParameterizedTest
  @ValueSource(strings = {"100", "y", "enabled", "truee", "\u0661"})
  void switchRejectsOtherWords(String word) {
    assertThat(mistake("CLERK_MCP_PACING", word))
        .isEqualTo("CLERK_MCP_PACING must be true or false, not \"%s\".", word);
  }

  // What hosts and shells leave as it is

  @ParameterizedTest
  @CsvSource({
    "CLERK_MCP_TIMEOUT, ${TIMEOUT}",
    "CLERK_MCP_POLICY, ${HOME}/policy.json",
    "CLERK_MCP_SANDBOX, ${env:SANDBOX}",
    "CLERK_API_URL, ${input:url}",
  })
  void unreplacedPlaceholderIsReported(String name, String value) {
    assertThat(mistake(name, value))
        .isEqualTo(
            "%s is \"%s\": the host did not replace ${...}; write the value itself.", name, value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"${CLERK_SECRET_KEY}", "${input:clerk-key}", "${sk_live_MARKED}"})
  void placeholderInTheKeyIsReportedWithoutValue(String value) {
    assertThat(mistake("CLERK_SECRET_KEY", value))
        .isEqualTo(
            "CLERK_SECRET_KEY cannot be used: the host did not replace ${...}; write the value"
                + " itself, or name a file that holds it in CLERK_SECRET_KEY_FILE.");
  }

  @Test
  void tildeIsTheHomeFolder() throws Exception {
    Path home = Path.of(System.getProperty("user.home"));
    assertThat(exports("~")).isEqualTo(home);
    assertThat(exports("~/exports")).isEqualTo(home.resolve("exports"));
    assertThat(exports("exports")).isEqualTo(Path.of("exports").toAbsolutePath());
  }

  private static @Nullable Path exports(String folder) throws ConfigException {
    return ServerConfig.from(Map.of("CLERK_MCP_EXPORT_DIR", folder)).safety().output().exports();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$HOME/x         | variables are not replaced in it; write the full path",
        "%USERPROFILE%\\x | variables are not replaced in it; write the full path",
        "~ada/x          | only ~/ is replaced in it; write the full path",
      })
  void shellVariableInPathIsRejected(String path, String remedy) {
    assertThat(mistake("CLERK_MCP_EXPORT_DIR", path))
        .isEqualTo("CLERK_MCP_EXPORT_DIR is \"%s\": %s.", path, remedy);
    assertThat(mistake("CLERK_SECRET_KEY_FILE", path)).contains(remedy);
  }

  @Test
  void longValueIsTruncatedInMessage() {
    assertThat(mistake("CLERK_MCP_ACCESS", "x".repeat(10_000)))
        .startsWith("CLERK_MCP_ACCESS must be read, write or full, not \"xxx")
        .hasSizeLessThan(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CLERK_MCP_ACCESS", "CLERK_API_URL", "CLERK_MCP_AUDIT_LOG"})
  void keyInWrongSettingIsNotQuoted(String name) {
    assertThat(mistake(name, "sk_live_MARKED123456")).contains(name).doesNotContain("MARKED");
    assertThat(mistake(name, "/no/whsec_MARKED1234567890ab"))
        .contains(name)
        .doesNotContain("MARKED");
    assertThat(mistake(name, "postgres://app:MARKED@db")).contains(name).doesNotContain("MARKED");
    assertThat(mistake(name, "/no/xoxb-MARKED-1234567890ab"))
        .contains(name)
        .doesNotContain("MARKED");
  }

  // Several mistakes, and flags

  @Test
  void allMistakesAreReportedTogether() {
    Map<String, String> environment =
        Map.of(
            "CLERK_SECRET_KEY", "pk_live_notarealkey",
            "CLERK_MCP_TIMEOUT", "0",
            "CLERK_MCP_TIMOUT", "5",
            "CLERK_MCP_ACCESS", "some",
            "CLERK_MCP_TOOLSETS", "usrs,billing,session",
            "CLERK_MCP_EXCLUDE_TOOLS", "clerk_user_gett",
            "CLERK_MCP_PII", "hide",
            "CLERK_MCP_POLICY", folder.resolve("missing").toString());
    ConfigException mistake =
        catchThrowableOfType(ConfigException.class, () -> ServerConfig.from(environment));
    assertThat(mistake.mistakes())
        .hasSize(9)
        .allMatch(sentence -> sentence.endsWith("."))
        .anyMatch(sentence -> sentence.startsWith("CLERK_MCP_TIMOUT is not a setting;"))
        .anyMatch(sentence -> sentence.startsWith("CLERK_SECRET_KEY is a publishable key"))
        .anyMatch(sentence -> sentence.startsWith("CLERK_MCP_TIMEOUT must be"))
        .anyMatch(sentence -> sentence.startsWith("CLERK_MCP_ACCESS must be"))
        .anyMatch(
            s -> s.startsWith("CLERK_MCP_TOOLSETS names the unknown toolset usrs; the nearest"))
        .anyMatch(s -> s.startsWith("CLERK_MCP_TOOLSETS names the unknown toolset session;"))
        .anyMatch(
            s -> s.startsWith("CLERK_MCP_EXCLUDE_TOOLS names the unknown tool clerk_user_gett"))
        .anyMatch(sentence -> sentence.startsWith("CLERK_MCP_PII must be"))
        .anyMatch(sentence -> sentence.startsWith("CLERK_MCP_POLICY is"));
    assertThat(mistake)
        .hasMessageStartingWith("There are 9 mistakes in the settings. (1) ")
        .hasMessageContaining(" (9) ");
  }

  @Test
  void flagOverridesVariable() throws ConfigException {
    Map<String, String> environment =
        Map.of("CLERK_MCP_TOOLSETS", "nonsense", "CLERK_MCP_READ_ONLY", "true");
    ServerConfig config =
        ServerConfig.from(
            environment, Map.of(Setting.TOOLSETS, "users", Setting.READ_ONLY, "false"));
    assertThat(config.tools().disabledReason("clerk_user_create")).isNull();
    assertThat(config.allDefaults()).isFalse();
    assertThat(ServerConfig.from(environment, Map.of(Setting.TOOLSETS, "")).tools().listed())
        .hasSameSizeAs(ServerConfig.from(Map.of("CLERK_MCP_READ_ONLY", "true")).tools().listed());
  }

  @Test
  void mistakeNamesTheFlag() {
    Map<Setting, String> flags =
        Map.of(Setting.ACCESS, "everything", Setting.TOOLSETS, "usrs", Setting.SANDBOX, "true");
    ConfigException mistake =
        catchThrowableOfType(
            ConfigException.class, () -> ServerConfig.from(Map.of("CLERK_SECRET_KEY", KEY), flags));
    assertThat(mistake.mistakes())
        .contains("--access must be read, write or full, not \"everything\".")
        .contains("--sandbox is on, and there is a key of a real instance; remove one of them.")
        .anyMatch(sentence -> sentence.startsWith("--toolsets names the unknown toolset usrs;"))
        .hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "CLERK_MCP_TIMEOUT_SECONDS, CLERK_MCP_TIMEOUT",
    "CLERK_MCP_TIMOUT, CLERK_MCP_TIMEOUT",
    "CLERK_MCP_LOGLEVEL, CLERK_MCP_LOG_LEVEL",
    "CLERK_MCP_LOG, CLERK_MCP_AUDIT_LOG",
    "CLERK_MCP_PREFIX, CLERK_MCP_API_PREFIX",
  })
  void misspelledSettingIsRejected(String name, String nearest) {
    assertThat(mistake(name, "5"))
        .isEqualTo(name + " is not a setting; the nearest is " + nearest + ".");
  }

  private static String mistake(String... namesAndValues) {
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    ConfigException mistake =
        catchThrowableOfType(ConfigException.class, () -> ServerConfig.from(environment));
    return String.valueOf(mistake.getMessage());
  }

  @Test
  void keyInPlaceOfKeyFileIsNotQuoted() {
    assertThatThrownBy(
            () -> ServerConfig.from(Map.of("CLERK_SECRET_KEY_FILE", "sk_live_MARKED123456")))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "CLERK_SECRET_KEY_FILE cannot be used: it holds a key, not a path; a key goes into"
                + " CLERK_SECRET_KEY.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://a:99999", "https://a:0", "http://[fe80::1%25eth0]"})
  void unusableUrlIsRejected(String url) {
    assertThatThrownBy(() -> ServerConfig.from(Map.of("CLERK_API_URL", url)))
        .hasMessageStartingWith("CLERK_API_URL must be a URL such as ");
  }

  @Test
  void hostNamedLikeThePrefixIsNotAPrefix() throws ConfigException {
    assertThat(ServerConfig.from(Map.of("CLERK_API_URL", "https://v1")).clerk().baseUrl())
        .isEqualTo("https://v1/v1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1?a=b", "/a b", "/..", "//"})
  void prefixWithMoreThanPathIsRejected(String prefix) {
    assertThatThrownBy(() -> ServerConfig.from(Map.of("CLERK_MCP_API_PREFIX", prefix)))
        .hasMessageStartingWith("CLERK_MCP_API_PREFIX must be a path that begins with /");
  }

  @Test
  void unknownVariableThatIsEmptyCountsAsUnset() throws ConfigException {
    assertThat(ServerConfig.from(Map.of("CLERK_MCP_UNKNOWN", " ")).clerk().key()).isNull();
  }
}
