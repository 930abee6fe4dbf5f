package dev.clerkmcp.workflows.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.argument.PartialUpdate;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.tools.UserTools.UserFilter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How many users match a filter, for answers that have more to tell than that: whatever the reason
 * why it cannot be told, the answer is given without it.
 */
public final class UserTotal {
  private static final String UNKNOWN =
      "How many users match in all is unknown, because the request for their number failed: %s.";

  private final Supplier<JsonNode> counting;

  private UserTotal(Supplier<JsonNode> counting) {
    this.counting = counting;
  }

  /** Begins to count, as a part of the current call. */
  public static UserTotal begin(UserTools users, PartialUpdate<UserFilter> filter) {
    return new UserTotal(Invocation.current().fork(() -> users.count(filter)));
  }

  /** Waits for the number; null, with a note, if it is unknown. */
  public @Nullable Long findOrTell() {
    return find(true);
  }

  /** Waits for the number; null if it is unknown, for an answer that does not show it. */
  public @Nullable Long find() {
    return find(false);
  }

  private @Nullable Long find(boolean told) {
    String reason;
    try {
      return counting.get().path("total_count").asLong();
    } catch (ClerkException e) {
      reason = e.status() == 0 ? e.code() : "%s %s".formatted(e.status(), e.code());
    } catch (RefusedException e) {
      reason = e.code();
    }
    if (told) {
      Invocation.current().note(UNKNOWN.formatted(reason));
    }
    return null;
  }
}
