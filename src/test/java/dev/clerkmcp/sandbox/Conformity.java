package dev.clerkmcp.sandbox;

import dev.clerkmcp.sandbox.SandboxCalls.Reply;
import dev.clerkmcp.sandbox.openapi.AnswerCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds answers to the contract, with {@code -Dclerk.openapi=<file>} to Clerk's own file as well,
 * and to what no schema says.
 */
final class Conformity {
  private static final List<AnswerCheck> CHECKS = checks();

  private Conformity() {}

  /**
   * Checks an answer.
   *
   * @param when what was done before, for messages
   */
  static void check(Ask ask, Reply reply, String when) {
    List<String> complaints = new ArrayList<>(Oddities.of(reply.body(), ask));
    for (AnswerCheck check : CHECKS) {
      check
          .complaints(ask.operation(), ask.paginated(), reply.body())
          .forEach(complaint -> complaints.add("%s, by the %s".formatted(complaint, check)));
    }
    if (!complaints.isEmpty()) {
      throw new AssertionError(
          "%s%s:%n  %s%nin %s".formatted(when, ask, String.join("\n  ", complaints), reply.body()));
    }
  }

  private static List<AnswerCheck> checks() {
    List<AnswerCheck> checks =
        new ArrayList<>(List.of(AnswerCheck.ofContract(SandboxCalls.CONTRACT)));
    String yaml = System.getProperty("clerk.openapi", "");
    try {
      if (!yaml.isEmpty()) {
        checks.add(AnswerCheck.ofOpenApi(Path.of(yaml)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(checks);
  }
}
