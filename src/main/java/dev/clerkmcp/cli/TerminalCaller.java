package dev.clerkmcp.cli;

import dev.clerkmcp.registry.Caller;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls tools for the person at the keyboard, and asks them questions in a terminal. */
final class TerminalCaller implements Caller {
  private static final Set<String> YES = Set.of("y", "yes");

  private final PrintStream err;
  private final @Nullable Supplier<@Nullable String> keyboard;
  private final Consent consent;

  /**
   * Prepares to ask.
   *
   * @param err where questions are printed
   * @param keyboard reads the next line that is typed, null at the end; null without a terminal
   * @param consent what the person agreed to with the command
   */
  TerminalCaller(PrintStream err, @Nullable Supplier<@Nullable String> keyboard, Consent consent) {
    this.err = err;
    this.keyboard = keyboard;
    this.consent = consent;
  }

  @Override
  public String name() {
    return "command line";
  }

  @Override
  public boolean isCommandLine() {
    return true;
  }

  @Override
  public boolean canAsk() {
    return keyboard != null;
  }

  /** Returns false: the process ends after one call. */
  @Override
  public boolean callsAgain() {
    return false;
  }

  @Override
  public Consent consent() {
    return consent;
  }

  @Override
  public CompletableFuture<Answer> ask(String question) {
    if (keyboard == null) {
      return CompletableFuture.completedFuture(Answer.FAILED);
    }
    err.println(question);
    err.print("Type yes to do it: ");
    err.flush();
    return CompletableFuture.supplyAsync(() -> answer(keyboard.get()));
  }

  private static Answer answer(@Nullable String typed) {
    if (typed == null) {
      return Answer.CANCELLED;
    }
    return YES.contains(typed.strip().toLowerCase(Locale.ROOT)) ? Answer.ACCEPTED : Answer.DECLINED;
  }
}
