package dev.clerkmcp.registry;

/**
 * What a tool does to the Clerk instance. It decides the hints that hosts ask permission by, and
 * whether a call may be repeated when its outcome is unknown.
 */
public enum Effect {
  /** Changes nothing. */
  READ(true, false, true),
  /** Adds something; doing it twice adds it twice. */
  CREATE(false, false, false),
  /** Sets a state that can be set back; doing it twice changes nothing more. */
  UPDATE(false, false, true),
  /** Takes something away that can be given again: revoke, ban, remove from a list. */
  DESTROY(false, true, true),
  /** Loses something for good: delete a user, replace all metadata. */
  IRREVERSIBLE(false, true, true),
  /** Loses something for good, and again each time: rotate a secret. */
  IRREVERSIBLE_EACH_TIME(false, true, false);

  private final boolean readOnly;
  private final boolean destructive;
  private final boolean idempotent;

  Effect(boolean readOnly, boolean destructive, boolean idempotent) {
    this.readOnly = readOnly;
    this.destructive = destructive;
    this.idempotent = idempotent;
  }

  /** MCP's readOnlyHint: it changes nothing. */
  public boolean readOnly() {
    return readOnly;
  }

  /** MCP's destructiveHint: it takes something away. */
  public boolean destructive() {
    return destructive;
  }

  /** MCP's idempotentHint: calling it again with the same arguments changes nothing more. */
  public boolean idempotent() {
    return idempotent;
  }
}
