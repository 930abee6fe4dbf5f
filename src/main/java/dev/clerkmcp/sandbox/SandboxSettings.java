package dev.clerkmcp.sandbox;

import dev.clerkmcp.Setting;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a sandbox: its seed data, clock, file and faults.
 *
 * @param seed decides names, ids and times; the same seed gives the same bytes
 * @param users the number of users in the seed data
 * @param start the time at which the sandbox's clock starts; null to follow the machine's clock
 * @param file stores the sandbox between runs; null to keep it in memory only
 * @param faults the delays and faults of requests
 * @param webhooks where on this machine events are sent; null for nowhere
 */
public record SandboxSettings(
    long seed,
    int users,
    @Nullable Instant start,
    @Nullable Path file,
    FaultInjector faults,
    @Nullable URI webhooks) {
  /** The default start of the clock. */
  public static final Instant START = Instant.parse(Setting.SANDBOX_CLOCK.defaultValue());
}
