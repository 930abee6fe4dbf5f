package dev.clerkmcp.workflows.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.workflows.support.BatchRunner;
import dev.clerkmcp.workflows.support.ErrorCodes;
import dev.clerkmcp.workflows.support.Rows;
import dev.clerkmcp.workflows.support.StopPolicy;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes the steps of an onboarding one by one and records the outcome of each. */
final class OnboardingSteps {
  private final ObjectNode organization;
  private final boolean created;
  private final ArrayNode rows = Json.array();
  private final Map<Kind, StopPolicy> policies = new EnumMap<>(Kind.class);
  private final Map<Kind, ClerkException> stopped = new EnumMap<>(Kind.class);
  private @Nullable ClerkException firstFailure;
  private boolean full;
  private boolean refused;
  private boolean unknown;
  private boolean changed;
  private boolean incomplete;
  private long wait;

  /**
   * Begins the steps of an organization.
   *
   * @param created whether the organization is new
   */
  OnboardingSteps(ObjectNode organization, boolean created) {
    this.organization = organization;
    this.created = created;
    this.changed = created;
  }

  /** The operations. One can stop without the others. */
  enum Kind {
    MEMBERSHIP,
    INVITATION,
    DOMAIN
  }

  /** Records a step that has nothing to do. */
  void add(ObjectNode row) {
    rows.add(row);
  }

  /**
   * Takes a step, unless the refusal of an earlier step stops it as well.
   *
   * @param row the row of the step, to which the outcome is added
   * @param done the status in case of success
   * @param id the field of the row for the ID of the new object; empty for no such field
   * @throws PartialFailureException if an interceptor refuses the step
   */
  void take(Kind kind, ObjectNode row, String done, String id, Supplier<JsonNode> work) {
    Invocation.current().checkCancelled();
    rows.add(row);
    ClerkException reason = stopped.get(kind);
    if (reason != null) {
      incomplete = true;
      row.put("status", "not_tried").put("code", reason.code());
      return;
    }
    try {
      JsonNode made = work.get();
      changed = true;
      row.put("status", done);
      if (!id.isEmpty()) {
        row.set(id, made.path("id"));
      }
    } catch (ClerkException e) {
      fail(kind, row, e);
    } catch (RefusedException e) {
      row.put("status", "refused").put("code", e.code());
      String step = row.path("step").asText();
      throw new PartialFailureException(
          "The steps before \"%s\" were taken; this one was not allowed.".formatted(step),
          toJson(),
          e);
    }
  }

  private void fail(Kind kind, ObjectNode row, ClerkException e) {
    if (ErrorCodes.findExisting(e) != null) {
      row.put("status", "already_there");
      return;
    }
    incomplete = true;
    row.put("status", e.outcomeUnknown() ? "unknown" : "refused").put("code", e.code());
    row.put("message", String.valueOf(e.getMessage()));
    if (e.traceId() != null) {
      row.put("trace_id", e.traceId());
    }
    if (firstFailure == null) {
      firstFailure = e;
    }
    boolean noRoom = kind != Kind.DOMAIN && ErrorCodes.isFull(e);
    if (noRoom) {
      full = true;
    } else if (e.outcomeUnknown()) {
      unknown = true;
    } else if (e.status() != 0 && e.status() != 429) {
      refused = true;
    }
    Set<Kind> ended = noRoom ? EnumSet.of(Kind.MEMBERSHIP, Kind.INVITATION) : ended(kind, e);
    ended.forEach(other -> stopped.put(other, e));
    if (ended.contains(kind)) {
      Rows.addWait(row, e);
      if (e.retryAfter() != null) {
        wait = Math.max(wait, e.retryAfter().toSeconds());
      }
    }
  }

  /** The operations that end with a refusal. Invitations have an hourly limit of their own. */
  private Set<Kind> ended(Kind kind, ClerkException e) {
    boolean ownLimit = kind == Kind.INVITATION && e.status() == 429;
    return switch (policies.computeIfAbsent(kind, none -> new StopPolicy()).reach(e)) {
      case ITEM -> EnumSet.noneOf(Kind.class);
      case OPERATION -> EnumSet.of(kind);
      case JOB -> ownLimit ? EnumSet.of(kind) : EnumSet.allOf(Kind.class);
    };
  }

  /**
   * The report of all steps.
   *
   * @throws PartialFailureException if steps were tried and none succeeded
   */
  ObjectNode finish() {
    return BatchRunner.report(toJson(), changed, firstFailure);
  }

  private ObjectNode toJson() {
    ObjectNode answer = Json.object();
    answer.set("organization", organization);
    answer.set("steps", rows);
    if (changed) {
      answer.put("undo", undo());
    }
    if (incomplete) {
      answer.put("next", next());
    }
    return answer;
  }

  private String undo() {
    String single =
        "clerk_org_membership_delete, clerk_org_invitation_revoke, clerk_org_domain_delete";
    return created
        ? "clerk_organization_delete deletes all of it permanently; single steps: " + single
        : "Single steps: " + single;
  }

  private String next() {
    StringBuilder next = new StringBuilder();
    if (full) {
      next.append(
          "Raise max_allowed_memberships with clerk_organization_update (0 is no limit; pending"
              + " invitations count). ");
    }
    if (wait > 0) {
      next.append("Wait %s s. ".formatted(wait));
    }
    if (unknown) {
      next.append("What is unknown may exist all the same. ");
    }
    next.append(refused ? "Correct what was refused, and call" : "Call");
    return next.append(" again with continue: true; what exists by then is skipped.").toString();
  }
}
