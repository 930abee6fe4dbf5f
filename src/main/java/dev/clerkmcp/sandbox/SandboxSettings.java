package dev.clerkmcp.sandbox;

import dev.clerkmcp.Setting;
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
  /** The start where none is asked for. */
  public static final Instant START = Instant.parse(Setting.SANDBOX_CLOCK.defaultValue());
}
