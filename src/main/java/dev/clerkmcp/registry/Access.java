package dev.clerkmcp.registry;

import org.jspecify.annotations.Nullable;

/**
 * Limits what tools may do. Clerk's secret keys have no scopes, so the server enforces the limit.
 *
 * @param level the most that a tool may do
 * @param irreversible whether tools may make changes that cannot be undone or concern the whole
 *     instance
 * @param levelSetBy what sets the level, for messages: a variable, a flag or a place in a file
 * @param irreversibleSetBy what sets {@code irreversible}, or the variable that would
 */
public record Access(
    Level level, boolean irreversible, String levelSetBy, String irreversibleSetBy) {
  /** The group of the tools that change the whole instance. */
  private static final String INSTANCE = "instance";

  /** The levels; each also allows what the level before it allows. */
  public enum Level {
    /** Read. */
    READ,
    /** Create and update. */
    WRITE,
    /** Destroy. */
    FULL
  }

  /** Why a tool is disabled, naming the setting to change; null if it is enabled. */
  @Nullable String disabledReason(ToolIndexEntry tool) {
    Effect effect = tool.effect();
    if (effect.readOnly()) {
      return null;
    }
    if (level == Level.READ) {
      return "access is read only (" + levelSetBy + ")";
    }
    if (tool.group().equals(ToolFilter.DISCOVERY)) {
      return null; // the tool that it runs is checked itself
    }
    if (level == Level.WRITE && effect.destructive()) {
      return "access does not include destroying; it needs " + set(levelSetBy, "full");
    }
    if (!irreversible && (effect.irreversible() || tool.group().equals(INSTANCE))) {
      return "the key is a live one, and it loses something for good or concerns the whole"
          + " instance; it needs "
          + set(irreversibleSetBy, "true");
    }
    return null;
  }

  /** The setting with another value; a place in a file is no name that takes {@code =}. */
  private static String set(String setBy, String value) {
    return setBy.indexOf(' ') < 0 ? setBy + "=" + value : value + " as " + setBy;
  }
}
