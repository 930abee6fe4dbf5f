package dev.clerkmcp.config;

import dev.clerkmcp.interceptor.InterceptorChain;
import dev.clerkmcp.interceptor.audit.AuditLog;
import dev.clerkmcp.interceptor.confirm.Confirmation;
import dev.clerkmcp.interceptor.redact.SecretStore;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rails that a person set up, read from environment variables. */
final class RailsConfig {
  private static final String AUDIT_LOG = "CLERK_MCP_AUDIT_LOG";
  private static final String AUDIT_READS = "CLERK_MCP_AUDIT_READS";
  private static final String CONFIRM = "CLERK_MCP_CONFIRM";
  private static final String CONFIRM_TIMEOUT = "CLERK_MCP_CONFIRM_TIMEOUT";
  private static final int PATIENCE_SECONDS = 300;
  private static final String DRY_RUN = "CLERK_MCP_DRY_RUN";
  private static final String PII = "CLERK_MCP_PII";
  private static final String REVEAL_SECRETS = "CLERK_MCP_REVEAL_SECRETS";
  private static final String SECRETS_DIR = "CLERK_MCP_SECRETS_DIR";

  /** All variables, for the check of misspelt ones. */
  static final List<String> ALL =
      List.of(
          AUDIT_LOG,
          AUDIT_READS,
          CONFIRM,
          CONFIRM_TIMEOUT,
          DRY_RUN,
          PII,
          REVEAL_SECRETS,
          SECRETS_DIR);

  private RailsConfig() {}

  /**
   * Reads the settings, and opens the files that they name.
   *
   * @throws ConfigException for the first mistake
   */
  static InterceptorChain.Settings from(Map<String, String> environment) throws ConfigException {
    return new InterceptorChain.Settings(
        confirm(Config.value(environment, CONFIRM, "auto")),
        Config.seconds(environment, CONFIRM_TIMEOUT, PATIENCE_SECONDS, 3600),
        Config.flag(environment, DRY_RUN),
        PolicyConfig.from(environment),
        secrets(environment),
        Config.flag(environment, REVEAL_SECRETS),
        masksPeople(Config.value(environment, PII, "show")),
        audit(Config.value(environment, AUDIT_LOG, "")),
        auditReads(environment),
        AnswersConfig.from(environment));
  }

  private static Confirmation.When confirm(String text) throws ConfigException {
    return switch (text) {
      case "auto" -> Confirmation.When.AUTO;
      case "always" -> Confirmation.When.ALWAYS;
      case "never" -> Confirmation.When.NEVER;
      default -> throw new ConfigException(CONFIRM + " must be auto, always or never.");
    };
  }

  private static boolean masksPeople(String text) throws ConfigException {
    return switch (text) {
      case "show" -> false;
      case "mask" -> true;
      default -> throw new ConfigException(PII + " must be show or mask.");
    };
  }

  private static SecretStore secrets(Map<String, String> environment) throws ConfigException {
    String folder = Config.value(environment, SECRETS_DIR, "");
    return new SecretStore(
        folder.isEmpty() ? SecretStore.byDefault(environment) : path(SECRETS_DIR, folder));
  }

  private static @Nullable AuditLog audit(String file) throws ConfigException {
    if (file.isEmpty()) {
      return null;
    }
    try {
      return AuditLog.open(path(AUDIT_LOG, file));
    } catch (IOException e) {
      throw new ConfigException("%s names a file that %s.".formatted(AUDIT_LOG, e.getMessage()));
    }
  }

  private static boolean auditReads(Map<String, String> environment) throws ConfigException {
    boolean reads = Config.flag(environment, AUDIT_READS);
    if (reads && Config.value(environment, AUDIT_LOG, "").isEmpty()) {
      throw new ConfigException(
          "%s needs %s, the file to write to.".formatted(AUDIT_READS, AUDIT_LOG));
    }
    return reads;
  }

  /** A path, also relative to where the server was started. */
  static Path path(String name, String text) throws ConfigException {
    try {
      return Path.of(text).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new ConfigException(name + " is not a path.");
    }
  }
}
