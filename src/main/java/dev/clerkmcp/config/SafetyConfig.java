package dev.clerkmcp.config;

import dev.clerkmcp.Setting;
import dev.clerkmcp.interceptor.InterceptorFactory;
import dev.clerkmcp.interceptor.audit.AuditLog;
import dev.clerkmcp.interceptor.confirm.Confirmation;
import dev.clerkmcp.interceptor.output.OutputSettings;
import dev.clerkmcp.interceptor.policy.Policy;
import dev.clerkmcp.interceptor.redact.SecretStore;
import dev.clerkmcp.json.TextFile;
import dev.clerkmcp.registry.ToolIndexReader;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the safety settings and the limits of answers, and opens the files that they need. */
final class SafetyConfig {
  private SafetyConfig() {}

  static InterceptorFactory.Settings from(Environment environment) {
    return new InterceptorFactory.Settings(
        confirm(environment),
        environment.words(Setting.SENSITIVE_METADATA),
        environment.seconds(Setting.CONFIRM_TIMEOUT),
        environment.isOn(Setting.DRY_RUN),
        policy(environment),
        secrets(environment),
        environment.isOn(Setting.REVEAL_SECRETS),
        environment.word(Setting.PII).equals("mask"),
        environment.word(Setting.PRIVATE_METADATA).equals("never"),
        new OutputSettings(
            (int) environment.number(Setting.MAX_RESULT_TOKENS),
            environment.path(Setting.EXPORT_DIR)),
        auditReads(environment),
        audit(environment)); // last, since it creates the file
  }

  private static Confirmation.When confirm(Environment environment) {
    return switch (environment.word(Setting.CONFIRM)) {
      case "always" -> Confirmation.When.ALWAYS;
      case "never" -> Confirmation.When.NEVER;
      default -> Confirmation.When.AUTO;
    };
  }

  private static Policy policy(Environment environment) {
    Path file = environment.path(Setting.POLICY);
    if (file == null) {
      return Policy.none();
    }
    try {
      return Policy.parse(file, ToolIndexReader.entries());
    } catch (IOException e) {
      environment.reject(Setting.POLICY, "this file cannot be read");
    } catch (TextFile.UnusableFileException e) {
      environment.reject(Setting.POLICY, "this file " + e.getMessage());
    } catch (Policy.InvalidPolicy e) {
      environment.reject(Setting.POLICY, "its " + e.getMessage());
    }
    return Policy.none();
  }

  private static SecretStore secrets(Environment environment) {
    Path folder = environment.path(Setting.SECRETS_DIR);
    return new SecretStore(
        folder == null ? SecretStore.byDefault(environment.variables()) : folder);
  }

  /** Opens the audit log; with mistakes in other settings, only checks it, and creates no file. */
  private static @Nullable AuditLog audit(Environment environment) {
    Path file = environment.path(Setting.AUDIT_LOG);
    if (file == null) {
      return null;
    }
    try {
      if (!environment.hasMistakes()) {
        return AuditLog.open(file);
      }
      AuditLog.check(file);
    } catch (IOException e) {
      environment.reject(Setting.AUDIT_LOG, "this file " + e.getMessage());
    }
    return null;
  }

  private static boolean auditReads(Environment environment) {
    boolean reads = environment.isOn(Setting.AUDIT_READS);
    if (reads && !environment.isSet(Setting.AUDIT_LOG)) {
      environment.mistake(
          "%s needs %s, the file to write to.".formatted(Setting.AUDIT_READS, Setting.AUDIT_LOG));
    }
    return reads;
  }
}
