package dev.clerkmcp.cli;

import dev.clerkmcp.interceptor.audit.AuditVerifier;
import dev.clerkmcp.interceptor.audit.AuditVerifier.Verdict;
import dev.clerkmcp.registry.text.TextSanitizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Checks an audit log; needs neither a key nor settings. */
@Command(
    name = "audit",
    description = "Check an audit log.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class AuditCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private Cli cli;

  /** Fails, since a script that leaves out the command would take success for an intact log. */
  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Say what to do with the audit log.");
  }

  @Command(
      name = "verify",
      description = "Check that no record was changed, removed or inserted.",
      footer = {
        "",
        "It also checks the files beside it into which the log was rotated, and the side files",
        "with large values. It cannot detect records cut off at the end, or a file that was",
        "rewritten as a whole.",
        "Exit code: 0 if the chain holds, 1 if not or without records, 2 if the file cannot be",
        "read."
      },
      mixinStandardHelpOptions = true)
  int verify(@Parameters(paramLabel = "FILE", description = "The audit log.") Path file)
      throws IOException {
    Verdict verdict = verdict(file);
    if (verdict.fault() != null) {
      cli.err().println(TextSanitizer.of("%s: %s.".formatted(file, verdict.fault())));
      return Cli.FAILED;
    }
    String torn = verdict.torn() == 0 ? "" : ", the last line is incomplete";
    cli.out().println(count(verdict.records(), "record") + torn + ", the chain holds.");
    return ExitCode.OK;
  }

  private static Verdict verdict(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException("%s does not exist.".formatted(file));
    }
    if (Files.isDirectory(file)) {
      throw new IOException("%s is a directory; name a file in it.".formatted(file));
    }
    try {
      return AuditVerifier.verify(file);
    } catch (IOException e) {
      throw new IOException("%s cannot be read; look at its permissions.".formatted(file), e);
    }
  }

  private static String count(long number, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
  }
}
