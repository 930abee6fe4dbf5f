package dev.clerkmcp.sandbox;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What kind of world a sandbox begins with, and how well it behaves.
 *
 * @param seed decides names, ids and times; the same seed gives the same bytes
 * @param users how many users a new world has
 * @param start the time at which a new world begins; null for the real time, which then goes on
 * @param file what keeps the world between runs; null for nothing
 */
public record SandboxSettings(
    long seed, int users, @Nullable Instant start, @Nullable Path file, FaultInjector faults) {

  /** The seed where none is asked for. */
  public static final long SEED = 1;

  /** The number of users where none is asked for. */
  public static final int USERS = 120;

  /** The most users that a world is made with. */
  public static final int MOST_USERS = 100_000;

  /** The start where none is asked for. */
  public static final Instant START = Instant.parse("2026-06-01T09:00:00Z");
}
