package dev.clerkmcp.registry;

import dev.clerkmcp.Setting;
import org.jspecify.annotations.Nullable;

/**
 * What a person lets the tools do. Clerk's secret keys have no scopes, so this is where they end.
 *
 * @param level the most that a tool may do
 * @param irreversible whether what cannot be undone, or concerns the whole instance, is allowed too
 */
public record Access(Level level, boolean irreversible) {
  /** The group of the tools that change the whole instance. */
  private static final String INSTANCE = "instance";

  /** How far tools may go. */
  public enum Level {
    /** Only reading. */
    READ,
    /** Creating and updating as well. */
    WRITE,
    /** Everything, also destroying. */
    FULL
  }

  /** Everything is allowed. */
  public static Access unrestricted() {
    return new Access(Level.FULL, true);
  }

  /** Why a tool may not be called, naming the variable to change; null if it may. */
  @Nullable String whyNot(ToolIndexEntry tool) {
    Effect effect = tool.effect();
    if (effect.readOnly()) {
      return null;
    }
    if (level == Level.READ) {
      return "access is read only (" + Setting.ACCESS + ", " + Setting.READ_ONLY + ")";
    }
    if (tool.group().equals(ToolFilter.DOORS)) {
      return null; // what it runs is asked about by itself
    }
    if (level == Level.WRITE && effect.destructive()) {
      return "access does not include destroying; it needs " + Setting.ACCESS + "=full";
    }
    boolean forGood = effect == Effect.IRREVERSIBLE || effect == Effect.IRREVERSIBLE_EACH_TIME;
    if (!irreversible && (forGood || tool.group().equals(INSTANCE))) {
      return "it cannot be undone or concerns the whole instance, and the key is a live one; it"
          + " needs "
          + Setting.ALLOW_IRREVERSIBLE
          + "=true";
    }
    return null;
  }
}
