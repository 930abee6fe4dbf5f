package dev.clerkmcp.workflows.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.RefusedException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the changes of a job one by one and reports each that Clerk refuses. {@link StopPolicy}
 * decides whether a refusal stops the operation or the job; a refusal by an interceptor ends the
 * job.
 */
public final class BatchRunner {
  private final ObjectNode answer;
  private StopPolicy policy = new StopPolicy();
  private boolean changed;
  private @Nullable ClerkException firstFailure;
  private boolean operationStopped;
  private @Nullable ClerkException end;

  /**
   * Prepares a job.
   *
   * @param answer the report; the caller keeps it up to date, since an interceptor may end the job
   *     at any change
   */
  public BatchRunner(ObjectNode answer) {
    this.answer = answer;
  }

  /** Begins another operation, which runs even if the previous one was stopped. */
  public void beginOperation() {
    policy = new StopPolicy();
    operationStopped = false;
  }

  /** Makes a change; returns null if it succeeded, else why it did not. */
  public @Nullable ObjectNode change(Supplier<JsonNode> change) {
    return run(change, false);
  }

  /** Removes something. If it is already removed, that counts as success. */
  public @Nullable ObjectNode remove(Supplier<JsonNode> removal) {
    return run(removal, true);
  }

  private @Nullable ObjectNode run(Supplier<JsonNode> change, boolean mayBeGone) {
    Invocation.current().checkCancelled();
    if (operationStopped || isOver()) {
      return Json.object().put("not_tried", true);
    }
    try {
      JsonNode unused = change.get();
      changed = true;
      return null;
    } catch (ClerkException e) {
      if (mayBeGone && ErrorCodes.isGone(e)) {
        changed = true;
        return null;
      }
      return failure(e);
    } catch (RefusedException e) {
      if (!changed) {
        throw e;
      }
      throw new PartialFailureException(
          "Stopped halfway: the changes under done were made, the rest were not.", answer, e);
    }
  }

  /** Records a refusal of a request that the caller sent itself, and returns the row to report. */
  public ObjectNode failure(ClerkException e) {
    Invocation.current().checkCancelled();
    firstFailure = firstFailure == null ? e : firstFailure;
    switch (policy.reach(e)) {
      case JOB -> end = e;
      case OPERATION -> operationStopped = true;
      case ITEM -> {}
    }
    ObjectNode failure = Rows.error(e);
    Rows.addWait(failure, e);
    if (e.outcomeUnknown()) {
      failure.put("outcome_unknown", true);
    }
    return failure;
  }

  /** Whether the job has stopped, so that nothing more is sent. */
  public boolean isOver() {
    return end != null;
  }

  /** Whether Clerk refused anything. */
  public boolean hasFailed() {
    return firstFailure != null;
  }

  /**
   * The report, with a note on how to continue.
   *
   * @throws PartialFailureException if changes were tried and none succeeded
   */
  public ObjectNode finish() {
    ObjectNode report = report(answer, changed, firstFailure);
    ClerkException last = end;
    if (last != null) {
      Invocation.current()
          .note(
              "Stopped at %s%s with the same arguments for the rest."
                  .formatted(last.code(), when(last)));
    } else if (hasFailed()) {
      Invocation.current()
          .note("Some changes failed. Correct the cause, then call again to do the rest.");
    } else if (!changed) {
      Invocation.current().note("Nothing was left to do; nothing was changed.");
    }
    return report;
  }

  /** When the rest can be done, from the end of a sentence on. */
  private static String when(ClerkException last) {
    if (last.status() == 401) {
      return ": Clerk does not accept the secret key. Once a person has replaced it, call again";
    }
    return last.retryAfter() == null
        ? ". Call again later"
        : ". Call again in %s s".formatted(last.retryAfter().toSeconds());
  }

  /**
   * The report of a job, which is an error if everything failed: a job of which a part succeeded is
   * a success.
   *
   * @param failure why the first change failed; null if none did
   * @throws PartialFailureException with the report, if changes were tried and none succeeded
   */
  public static ObjectNode report(
      ObjectNode report, boolean changed, @Nullable ClerkException failure) {
    if (failure == null || changed) {
      return report;
    }
    throw new PartialFailureException(
        "No change is known to have succeeded; \"done\" has the outcome of each.", report, failure);
  }
}
