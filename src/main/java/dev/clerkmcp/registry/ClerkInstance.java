package dev.clerkmcp.registry;

import dev.clerkmcp.clerk.ClerkClient;
import java.time.InstantSource;

/**
 * A Clerk instance that tools can be run on.
 *
 * @param name what callers and answers call it
 * @param clerk holds its key, which no other instance's requests are signed with
 * @param live whether it is a production instance, with real people in it
 * @param toolFilter which tools are off on it
 * @param clock tells what time it is there
 */
public record ClerkInstance(
    String name, ClerkClient clerk, boolean live, ToolFilter toolFilter, InstantSource clock) {
  /** One that goes by the time of this computer. */
  public ClerkInstance(String name, ClerkClient clerk, boolean live, ToolFilter toolFilter) {
    this(name, clerk, live, toolFilter, InstantSource.system());
  }
}
