package dev.clerkmcp.registry;

import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The program that makes a call, and the person behind it if the program can ask one. */
public interface Caller {
  /** An unknown program that can ask no person. */
  Caller UNKNOWN = named("unknown");

  /** A program that can ask no person. */
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

  /** The name that the program gives itself. */
  String name();

  /** Whether it is the command line, so that a person reads the answer in a shell. */
  default boolean isCommandLine() {
    return false;
  }

  /** Whether it can ask a person while the call waits. */
  boolean canAsk();

  /**
   * Whether it can ask a person between two calls: one ends with {@link InputRequiredException},
   * and the next has the answer.
   */
  default boolean asksBetweenCalls() {
    return false;
  }

  /** The answer to the question that an earlier call ended with; null if the call has none. */
  default @Nullable Brought brought() {
    return null;
  }

  /** Whether it can call the same process again, such as to confirm a plan. */
  boolean callsAgain();

  /** What the person at the command line agreed to before the call. */
  default Consent consent() {
    return Consent.NONE;
  }

  /** Asks the person to agree. The caller of this method sets the timeout. */
  CompletableFuture<Answer> ask(String question);

  /**
   * A person's answer to the question of an earlier call.
   *
   * @param state the state that the question had
   * @param answer null if the call has none
   */
  record Brought(String state, @Nullable Answer answer) {}

  /** What a person agrees to in advance, with an option of the command line. */
  enum Consent {
    NONE,
    /** All but what loses something for good on a live instance. */
    REVERSIBLE,
    EVERYTHING
  }

  /** The outcome of a question. Only {@link #ACCEPTED} is a yes. */
  enum Answer {
    ACCEPTED,
    DECLINED,
    /** The person closed the question. */
    CANCELLED,
    /** The person did not answer in time. */
    UNANSWERED,
    /** The program answered with an error, so it cannot show questions although it said so. */
    UNSUPPORTED,
    /** The question or its answer was lost, so it is unknown whether a person saw it. */
    FAILED;

    /**
     * The answer of a person who accepted a form.
     *
     * @param checkboxes whether each was checked, since a host may add some; any that is not means
     *     no
     */
    public static Answer ofAccepted(Stream<Boolean> checkboxes) {
      return checkboxes.allMatch(Boolean::booleanValue) ? ACCEPTED : DECLINED;
    }
  }
}
