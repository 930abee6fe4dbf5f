package dev.clerkmcp;

import dev.clerkmcp.registry.Caller;
import java.util.concurrent.CompletableFuture;

/**
 * A command line without a terminal.
 *
 * @param consent what its options agree to in advance
 */
public record CommandLineCaller(Consent consent) implements Caller {
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
    return false;
  }

  @Override
  public boolean callsAgain() {
    return false;
  }

  @Override
  public CompletableFuture<Answer> ask(String question) {
    throw new AssertionError("A command line without a terminal was asked.");
  }
}
