package dev.clerkmcp.config;

import dev.clerkmcp.PrivateFiles;
import dev.clerkmcp.Setting;
import dev.clerkmcp.export.ExportFile;
import dev.clerkmcp.interceptor.InterceptorFactory;
import dev.clerkmcp.interceptor.audit.AuditLog;
import dev.clerkmcp.interceptor.confirm.Confirmation;
import dev.clerkmcp.interceptor.limit.Limits;
import dev.clerkmcp.interceptor.output.OutputSettings;
import dev.clerkmcp.interceptor.policy.Policy;
import dev.clerkmcp.interceptor.redact.SecretStore;
import dev.clerkmcp.json.TextFile;
import dev.clerkmcp.registry.ToolIndexReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the safety settings and the limits of answers, and opens the files that they need. */
final class SafetyConfig {
  private static final long BYTES_OF_MB = 1_000_000;

  private SafetyConfig() {}

  static InterceptorFactory.Settings from(Environment environment) {
    return new InterceptorFactory.Settings(
        confirm(environment),
        confirmBy(environment),
        environment.words(Setting.SENSITIVE_METADATA),
        environment.seconds(Setting.CONFIRM_TIMEOUT),
        environment.isOn(Setting.DRY_RUN),
        policy(environment),
        limits(environment),
        secrets(environment),
        environment.isOn(Setting.REVEAL_SECRETS),
        environment.word(Setting.PII).equals("mask"),
        environment.word(Setting.PRIVATE_METADATA).equals("never"),
        new OutputSettings(
            (int) environment.number(Setting.MAX_RESULT_TOKENS),
            exports(environment),
            environment.isOn(Setting.EXPORT_BOM)),
        environment.path(Setting.UPLOAD_DIR),
        environment.isOn(Setting.SANDBOX) && environment.path(Setting.SANDBOX_FILE) == null,
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

  private static Confirmation.By confirmBy(Environment environment) {
    return switch (environment.word(Setting.CONFIRM_BY)) {
      case "person" -> Confirmation.By.PERSON;
      case "code" -> Confirmation.By.CODE;
      default -> Confirmation.By.AUTO;
    };
  }

  private static Policy policy(Environment environment) {
    Path file = environment.path(Setting.POLICY);
    if (file == null) {
      return Policy.none();
    }
    try {
      return Policy.parse(file, ToolIndexReader.entries());
    } catch (NoSuchFileException e) {
      environment.reject(Setting.POLICY, "this file does not exist");
    } catch (IOException e) {
      environment.reject(Setting.POLICY, "this file cannot be read");
    } catch (TextFile.UnusableFileException e) {
      environment.reject(Setting.POLICY, "this file " + e.getMessage());
    } catch (Policy.InvalidPolicy e) {
      environment.reject(Setting.POLICY, "its " + e.getMessage());
    }
    return Policy.none();
  }

  private static Limits limits(Environment environment) {
    Limits limits = Limits.parse(environment.text(Setting.LIMITS));
    if (limits == null) {
      environment.reject(Setting.LIMITS);
      return Limits.none();
    }
    return limits;
  }

  private static SecretStore secrets(Environment environment) {
    Path folder = folder(environment, Setting.SECRETS_DIR);
    return new SecretStore(
        folder == null ? SecretStore.byDefault(environment.variables()) : folder);
  }

  /** The folder for exports, without the rest of exports of processes that were killed. */
  private static @Nullable Path exports(Environment environment) {
    Path folder = folder(environment, Setting.EXPORT_DIR);
    if (folder != null && !environment.isMistaken(Setting.EXPORT_DIR)) {
      ExportFile.removeUnfinished(folder);
    }
    return folder;
  }

  /** A folder that is created when it is first needed. One that exists must be the user's own. */
  private static @Nullable Path folder(Environment environment, Setting setting) {
    Path folder = environment.path(setting);
    if (folder != null && Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      try {
        PrivateFiles.checkFolder(folder);
      } catch (PrivateFiles.UnsafeFileException e) {
        environment.reject(setting, "this folder " + e.getMessage());
      } catch (IOException e) {
        environment.reject(setting, "this folder cannot be read");
      }
    }
    return folder;
  }

  /** Opens the audit log; with mistakes in other settings, only checks it, and creates no file. */
  private static @Nullable AuditLog audit(Environment environment) {
    Path file = environment.path(Setting.AUDIT_LOG);
    long maxBytes = environment.number(Setting.AUDIT_MAX_MB) * BYTES_OF_MB;
    if (file == null) {
      return null;
    }
    try {
      if (!environment.hasMistakes()) {
        return AuditLog.open(file, maxBytes);
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
