package dev.clerkmcp.registry;

/**
 * A call ended with a question: a person has to agree first, and the caller brings the answer with
 * another call. Nothing was sent to Clerk that changes anything.
 */
public final class InputRequiredException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String state;

  /**
   * Ends a call.
   *
   * @param question what the person is asked
   * @param state what the next call has to bring along with the answer
   */
  public InputRequiredException(String question, String state) {
    super(question, null, false, false); // nobody looks for what threw it
    this.state = state;
  }

  /** What the person is asked. */
  public String question() {
    return String.valueOf(getMessage());
  }

  /** What the next call has to bring along with the answer. */
  public String state() {
    return state;
  }
}
