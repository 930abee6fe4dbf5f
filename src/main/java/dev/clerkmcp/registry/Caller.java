package dev.clerkmcp.registry;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

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

  /** Whether a person can be asked through it while the call waits. */
  boolean canAsk();

  /**
   * Whether a person can be asked between two calls: one ends with the question, as {@link
   * InputRequired}, and the next brings the answer.
   */
  default boolean asksBetweenCalls() {
    return false;
  }

  /** What it brings of a person, if an earlier call ended with a question. */
  default @Nullable Brought brought() {
    return null;
  }

  /** Whether it can answer a plan with another call to the same process. */
  boolean callsAgain();

  /** Asks the person to agree. A failure is no yes; whoever waits decides for how long. */
  CompletableFuture<Answer> ask(String question);

  /**
   * What a call brings to the question that an earlier one ended with.
   *
   * @param state as the question came with it
   * @param answer null if it is not among what was brought
   */
  record Brought(String state, @Nullable Answer answer) {}

  /** What came of asking. Only one of these is a yes. */
  enum Answer {
    ACCEPTED,
    DECLINED,
    CANCELLED,
    FAILED
  }
}
