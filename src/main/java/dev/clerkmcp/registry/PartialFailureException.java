package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.ClerkException;
import java.util.function.UnaryOperator;

/**
 * Reports that a composed tool did a part of its work before Clerk or an interceptor refused the
 * rest.
 */
public final class PartialFailureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient JsonNode done;
  private final RuntimeException failure;

  /**
   * Reports a refusal of Clerk's.
   *
   * @param message which part was done and which was not
   * @param done the answer of the part that was done
   */
  public PartialFailureException(String message, JsonNode done, ClerkException failure) {
    this(message, done, (RuntimeException) failure);
  }

  /** Reports a refusal of an interceptor. */
  public PartialFailureException(String message, JsonNode done, RefusedException failure) {
    this(message, done, (RuntimeException) failure);
  }

  private PartialFailureException(String message, JsonNode done, RuntimeException failure) {
    super(message, failure);
    this.done = done;
    this.failure = failure;
  }

  /** The same failure, told by a call of which the failed one was a part. */
  public PartialFailureException within(String message, UnaryOperator<JsonNode> change) {
    return new PartialFailureException(message, change.apply(done), failure);
  }

  /** The same failure with a changed answer of the part that was done. */
  public PartialFailureException withDone(UnaryOperator<JsonNode> change) {
    return new PartialFailureException(String.valueOf(getMessage()), change.apply(done), failure);
  }

  JsonNode done() {
    return done;
  }

  /** A {@link ClerkException} or {@link RefusedException}. */
  RuntimeException failure() {
    return failure;
  }
}
