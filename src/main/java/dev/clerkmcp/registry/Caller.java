package dev.clerkmcp.registry;

import java.util.concurrent.CompletableFuture;

/** Who a call comes from: a program, and perhaps a person behind it who can be asked. */
public interface Caller {
  /** A program without a person. */
  Caller UNKNOWN = named("unknown");

  /** A program without a person who could be asked. */
  static Caller named(String name) {
    return new Caller() {
      @Override
      public String name() {
        return name;
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
        return CompletableFuture.completedFuture(Answer.FAILED);
      }
    };
  }

  /** What the program calls itself. */
  String name();

  /** Whether a person can be asked through it. */
  boolean canAsk();

  /** Whether it can answer a plan with another call to the same process. */
  boolean callsAgain();

  /** Asks the person to agree. A failure is no yes; whoever waits decides for how long. */
  CompletableFuture<Answer> ask(String question);

  /** What came of asking. Only one of these is a yes. */
  enum Answer {
    ACCEPTED,
    DECLINED,
    CANCELLED,
    FAILED
  }
}
