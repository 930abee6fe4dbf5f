package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.ClerkException;
import java.util.function.UnaryOperator;

/** A composed tool got part of its work done before Clerk, or a guard, refused the rest. */
public final class PartialFailureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient JsonNode done;
  private final RuntimeException failure;

  /**
   * Reports where the work stopped.
   *
   * @param message which part was done and which was not
   * @param done what the done part came to
   */
  public PartialFailureException(String message, JsonNode done, ClerkException failure) {
    this(message, done, (RuntimeException) failure);
  }

  /** Reports where a guard stopped the work. */
  public PartialFailureException(String message, JsonNode done, RefusedException failure) {
    this(message, done, (RuntimeException) failure);
  }

  private PartialFailureException(String message, JsonNode done, RuntimeException failure) {
    super(message, failure);
    this.done = done;
    this.failure = failure;
  }

  /** The same, what was done told in other words. */
  public PartialFailureException withDone(UnaryOperator<JsonNode> words) {
    return new PartialFailureException(String.valueOf(getMessage()), words.apply(done), failure);
  }

  JsonNode done() {
    return done;
  }

  /** A {@link ClerkException} or {@link RefusedException}. */
  RuntimeException failure() {
    return failure;
  }
}
