package dev.clerkmcp.registry;

/**
 * The approval of a call.
 *
 * @param by who gave it
 * @param words the same for the audit log: {@code the person at Claude Desktop}
 */
public record Approval(By by, String words) {
  /** Who may approve a call. */
  public enum By {
    /** A person, in a dialog or a terminal. */
    PERSON,
    /** A person in advance, with an option of the command line. */
    OPTION,
    /** A one-time code, which the model may have sent without asking a person. */
    CODE
  }
}
