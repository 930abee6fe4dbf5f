package dev.clerkmcp.registry;

import dev.clerkmcp.clerk.ClerkClient;
import java.time.InstantSource;

/**
 * A Clerk instance that tools work on.
 *
 * @param name its name in calls and answers
 * @param clerk the client with its key; no other instance has the same client
 * @param live whether it is a production instance
 * @param toolFilter the tools that are disabled on it
 * @param clock its time; the sandbox has its own clock
 */
public record ClerkInstance(
    String name, ClerkClient clerk, boolean live, ToolFilter toolFilter, InstantSource clock) {
  /** An instance with the time of this computer. */
  public ClerkInstance(String name, ClerkClient clerk, boolean live, ToolFilter toolFilter) {
    this(name, clerk, live, toolFilter, InstantSource.system());
  }
}
