package dev.clerkmcp.registry;

/**
 * Ends a call with a question for a person. The caller sends the answer with another call. The call
 * has changed nothing so far.
 */
public final class InputRequiredException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String state;

  /**
   * Ends a call.
   *
   * @param question the question for the person
   * @param state the text that the next call must contain besides the answer
   */
  public InputRequiredException(String question, String state) {
    super(question, null, false, false); // no stack trace: this is not an error
    this.state = state;
  }

  /** The question for the person. */
  public String question() {
    return String.valueOf(getMessage());
  }

  /** The text that the next call must contain besides the answer. */
  public String state() {
    return state;
  }
}
