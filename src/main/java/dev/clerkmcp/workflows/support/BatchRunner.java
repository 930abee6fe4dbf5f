package dev.clerkmcp.workflows.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.RefusedException;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a job on many things. What Clerk refuses is reported and the rest goes on, unless
 * it would fail alike; what a guard refuses ends the job.
 */
public final class BatchRunner {
  /** What was to be taken away is gone already. */
  private static final Set<String> GONE =
      Set.of(
          "invitation_already_revoked",
          "organization_invitation_not_pending",
          "resource_not_found");

  private final ObjectNode answer;
  private boolean changed;
  private boolean failed;
  private @Nullable ClerkException end;

  /**
   * Prepares a job.
   *
   * @param answer what the job has come to at any time, should a guard end it
   */
  public BatchRunner(ObjectNode answer) {
    this.answer = answer;
  }

  /** Makes a change; returns null once it is made, else why it is not. */
  public @Nullable ObjectNode change(Supplier<JsonNode> change) {
    Invocation.current().checkCancelled();
    if (end != null) {
      return Json.object().put("not_tried", true);
    }
    try {
      JsonNode unused = change.get();
      changed = true;
      return null;
    } catch (ClerkException e) {
      return failure(e);
    } catch (RefusedException e) {
      if (!changed) {
        throw e;
      }
      throw new PartialFailureException(
          "Stopped half way: what stands under done was made, the rest was not.", answer, e);
    }
  }

  /** Takes something away; what is gone already is as good as taken away. */
  public @Nullable ObjectNode remove(Supplier<JsonNode> removal) {
    return change(
        () -> {
          try {
            return removal.get();
          } catch (ClerkException e) {
            if (GONE.contains(e.code())) {
              return Json.object();
            }
            throw e;
          }
        });
  }

  /** Notes that something was not done, and says why. */
  public ObjectNode failure(ClerkException e) {
    Invocation.current().checkCancelled();
    failed = true;
    if (e.status() == 429 || e.status() == 401 || e.status() == 0) {
      end = e;
    }
    ObjectNode failure = ErrorRow.row(e);
    ErrorRow.addWait(failure, e);
    if (e.outcomeUnknown()) {
      failure.put("outcome_unknown", true);
    }
    return failure;
  }

  /** Whether nothing more is tried. */
  public boolean isOver() {
    return end != null;
  }

  public boolean hasFailed() {
    return failed;
  }

  /**
   * What the job came to, with a sentence beside it on how to go on.
   *
   * @throws ClerkException if nothing came of it because no request would have
   */
  public ObjectNode finish() {
    ClerkException last = end;
    if (last != null && !changed) {
      throw last;
    }
    if (last != null) {
      String when =
          last.retryAfter() == null ? "later" : "in %s s".formatted(last.retryAfter().toSeconds());
      Invocation.current()
          .note(
              "Stopped at %s. Call again %s with the same arguments for the rest."
                  .formatted(last.code(), when));
    } else if (failed) {
      Invocation.current()
          .note("Not all of it was done. Once that is mended, call again: only the rest is left.");
    } else if (!changed) {
      Invocation.current().note("Nothing was left to do; nothing was changed.");
    }
    return answer;
  }
}
