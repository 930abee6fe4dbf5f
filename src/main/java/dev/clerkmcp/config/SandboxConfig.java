package dev.clerkmcp.config;

import dev.clerkmcp.sandbox.FaultInjector;
import dev.clerkmcp.sandbox.SandboxSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a person can set about the sandbox, read from environment variables. */
final class SandboxConfig {
  /** Switches the sandbox on. */
  static final String SANDBOX = "CLERK_MCP_SANDBOX";

  private static final String CLOCK = SANDBOX + "_CLOCK";
  private static final String FAULTS = SANDBOX + "_FAULTS";
  private static final String FILE = SANDBOX + "_FILE";
  private static final String LATENCY = SANDBOX + "_LATENCY";
  private static final String SEED = SANDBOX + "_SEED";
  private static final String USERS = SANDBOX + "_USERS";

  private static final List<String> SETTINGS = List.of(CLOCK, FAULTS, FILE, LATENCY, SEED, USERS);

  /** All variables, for the check of misspelt ones. */
  static final List<String> ALL = List.of(SANDBOX, CLOCK, FAULTS, FILE, LATENCY, SEED, USERS);

  private SandboxConfig() {}

  /**
   * Reads the settings; null where the sandbox is off.
   *
   * @throws ConfigException for the first mistake, and for settings of a sandbox that is off:
   *     whoever made them must not find out from real users
   */
  static @Nullable SandboxSettings from(Map<String, String> environment) throws ConfigException {
    if (!Config.flag(environment, SANDBOX)) {
      for (String name : SETTINGS) {
        if (!Config.value(environment, name, "").isEmpty()) {
          throw new ConfigException(
              "%s is set, but the sandbox is off; set %s=true as well.".formatted(name, SANDBOX));
        }
      }
      return null;
    }
    long seed = seed(Config.value(environment, SEED, Long.toString(SandboxSettings.SEED)));
    return new SandboxSettings(
        seed,
        Config.number(environment, USERS, SandboxSettings.USERS, 0, SandboxSettings.MAX_USERS),
        clock(Config.value(environment, CLOCK, SandboxSettings.START.toString())),
        file(Config.value(environment, FILE, "")),
        faults(
            Config.value(environment, LATENCY, ""), Config.value(environment, FAULTS, ""), seed));
  }

  private static long seed(String text) throws ConfigException {
    if (text.matches("-?\\d{1,18}")) {
      return Long.parseLong(text);
    }
    throw new ConfigException(SEED + " must be a whole number of at most 18 digits.");
  }

  private static @Nullable Instant clock(String text) throws ConfigException {
    if (text.equals("now")) {
      return null;
    }
    try {
      return text.contains("T")
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeException e) {
      throw new ConfigException(
          CLOCK + " must be a date such as 2026-06-01T09:00:00Z, or now for the real time.");
    }
  }

  private static @Nullable Path file(String text) throws ConfigException {
    try {
      return text.isEmpty() ? null : Path.of(text);
    } catch (InvalidPathException e) {
      throw new ConfigException(FILE + " is not a path.");
    }
  }

  private static FaultInjector faults(String latency, String faults, long seed)
      throws ConfigException {
    try {
      return FaultInjector.of(latency, faults, seed);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "In the settings %s and %s: %s.".formatted(LATENCY, FAULTS, e.getMessage()));
    }
  }
}
