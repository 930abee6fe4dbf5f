package dev.clerkmcp.registry;

/**
 * What a tool does to the Clerk instance. It determines the MCP hints, which hosts use to decide
 * whether to ask a person for permission; whether this server asks for a confirmation; and whether
 * a request is retried when its outcome is unknown.
 */
public enum Effect {
  /** Changes nothing. */
  READ("read", true, false, true),
  /** Changes nothing, but returns or tests a credential: that takes more than the right to read. */
  REVEAL("reveal", false, false, true),
  /** Adds something; doing it twice adds it twice. */
  CREATE("create", false, false, false),
  /** Sets a state that can be set back; doing it twice changes nothing more. */
  UPDATE("update", false, false, true),
  /** Removes something that can be restored: revoke, ban, remove from a list. */
  DESTROY("destroy", false, true, true),
  /** Loses something for good: delete a user, replace all metadata. */
  IRREVERSIBLE("irreversible", false, true, true),
  /** Loses something for good, each time it is repeated: rotate a secret. */
  IRREVERSIBLE_EACH_TIME("irreversible_each_time", false, true, false);

  private static final Effect[] ALL = values();

  private final String word;
  private final boolean readOnly;
  private final boolean destructive;
  private final boolean idempotent;

  Effect(String word, boolean readOnly, boolean destructive, boolean idempotent) {
    this.word = word;
    this.readOnly = readOnly;
    this.destructive = destructive;
    this.idempotent = idempotent;
  }

  /**
   * The effect with a word of the catalogue. {@code valueOf} would load more classes before the
   * handshake.
   */
  static Effect of(String word) {
    for (Effect effect : ALL) {
      if (effect.word.equals(word)) {
        return effect;
      }
    }
    throw new IllegalArgumentException("Unknown effect " + word);
  }

  /** Its word in the catalogue, in policies and in the audit log. */
  public String word() {
    return word;
  }

  /** MCP's readOnlyHint: it changes nothing. */
  public boolean readOnly() {
    return readOnly;
  }

  /** Whether it changes the instance, which a tool that reveals a credential does not. */
  public boolean changes() {
    return this != READ && this != REVEAL;
  }

  /** MCP's destructiveHint: it removes something. */
  public boolean destructive() {
    return destructive;
  }

  /** MCP's idempotentHint: calling it again with the same arguments changes nothing more. */
  public boolean idempotent() {
    return idempotent;
  }
}
