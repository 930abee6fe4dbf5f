package dev.clerkmcp.config;

import dev.clerkmcp.Setting;
import dev.clerkmcp.sandbox.FaultInjector;
import dev.clerkmcp.sandbox.SandboxSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the settings of the sandbox. */
final class SandboxConfig {
  private static final List<Setting> NEED_SANDBOX =
      List.of(
          Setting.SANDBOX_SEED,
          Setting.SANDBOX_USERS,
          Setting.SANDBOX_CLOCK,
          Setting.SANDBOX_FILE,
          Setting.SANDBOX_LATENCY,
          Setting.SANDBOX_FAULTS,
          Setting.SANDBOX_WEBHOOK_URL);

  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "[::1]", "localhost");

  private SandboxConfig() {}

  /**
   * Reads the settings; null if the sandbox is off. Settings of a sandbox that is off are a
   * mistake: a person who sets them expects made-up users, but would change real ones.
   */
  static @Nullable SandboxSettings from(Environment environment) {
    if (!environment.isOn(Setting.SANDBOX)) {
      if (!environment.isMistaken(Setting.SANDBOX)) {
        rejectWithoutSandbox(environment);
      }
      return null;
    }
    long seed = environment.number(Setting.SANDBOX_SEED);
    return new SandboxSettings(
        seed,
        (int) environment.number(Setting.SANDBOX_USERS),
        clock(environment),
        environment.path(Setting.SANDBOX_FILE),
        faults(environment, seed),
        webhooks(environment));
  }

  /** Events have people's data, made up as they are, and go to no other machine. */
  private static @Nullable URI webhooks(Environment environment) {
    String text = environment.text(Setting.SANDBOX_WEBHOOK_URL);
    if (text.isEmpty()) {
      return null;
    }
    try {
      URI url = new URI(text);
      if (Set.of("http", "https").contains(String.valueOf(url.getScheme()))
          && THIS_MACHINE.contains(String.valueOf(url.getHost()))) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Rejected like any other.
    }
    environment.reject(Setting.SANDBOX_WEBHOOK_URL);
    return null;
  }

  private static void rejectWithoutSandbox(Environment environment) {
    for (Setting setting : NEED_SANDBOX) {
      if (environment.isSet(setting)) {
        environment.mistake(
            "%s is set, but the sandbox is off; set %s=true as well."
                .formatted(setting, Setting.SANDBOX));
      }
    }
  }

  private static @Nullable Instant clock(Environment environment) {
    String text = environment.text(Setting.SANDBOX_CLOCK);
    if (text.equals("now")) {
      return null;
    }
    try {
      return text.contains("T")
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeException e) {
      environment.reject(Setting.SANDBOX_CLOCK);
      return null;
    }
  }

  private static FaultInjector faults(Environment environment, long seed) {
    String latency = environment.text(Setting.SANDBOX_LATENCY);
    String faults = environment.text(Setting.SANDBOX_FAULTS);
    boolean latencyFits = isUsable(environment, Setting.SANDBOX_LATENCY, latency, "");
    boolean faultsFit = isUsable(environment, Setting.SANDBOX_FAULTS, "", faults);
    return latencyFits && faultsFit
        ? FaultInjector.of(latency, faults, seed)
        : FaultInjector.none();
  }

  private static boolean isUsable(
      Environment environment, Setting setting, String latency, String faults) {
    try {
      FaultInjector unused = FaultInjector.of(latency, faults, 0);
      return true;
    } catch (IllegalArgumentException e) {
      environment.reject(setting, String.valueOf(e.getMessage()));
      return false;
    }
  }
}
