package dev.clerkmcp.workflows.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Flag;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.tools.InvitationStatus;
import dev.clerkmcp.workflows.support.BatchRunner;
import dev.clerkmcp.workflows.support.WholeList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The end of one user's access, step by step. The ban comes first, for it alone keeps them out
 * whatever becomes of the rest; the deletion last, and only after everything else succeeded.
 */
final class Offboarding {
  private static final String LAST_ADMIN = "organization_minimum_permissions_needed";

  private final OffboardWorkflows.Tools tools;
  private final ClerkUser user;
  private final String userId;
  private final ArrayNode steps;
  private final BatchRunner attempts;

  Offboarding(OffboardWorkflows.Tools tools, String userId, JsonNode user) {
    this.tools = tools;
    this.user = new ClerkUser(user);
    this.userId = userId;
    ObjectNode answer = Json.object();
    answer.set("user", this.user.brief());
    this.steps = answer.putArray("steps");
    this.attempts = new BatchRunner(answer);
  }

  ObjectNode run(boolean delete) {
    Set<String> signedIn = signedInBefore();
    ban();
    endSessions(signedIn);
    each("memberships", "removed", this::memberships, this::membership, this::removeMembership);
    each(
        "invitations",
        "revoked",
        this::invitations,
        row -> Json.object().put("invitation_id", id(row)),
        row -> tools.invitations().revoke(id(row)));
    each(
        "organization_invitations",
        "revoked",
        this::organizationInvitations,
        row ->
            Json.object().put("invitation_id", id(row)).put("organization_id", organizationId(row)),
        row -> tools.organizationInvitations().revoke(organizationId(row), id(row), null));
    each(
        "api_keys",
        "revoked",
        () -> WholeList.ofSmallPages(page -> tools.apiKeys().list(userId, null, null, null, page)),
        row -> Json.object().put("api_key_id", id(row)),
        row -> tools.apiKeys().revoke(id(row), "User offboarded"));
    if (delete) {
      delete();
    }
    return attempts.finish();
  }

  /** The ban ends them, so that they cannot be counted later. */
  private Set<String> signedInBefore() {
    Set<String> ids = new HashSet<>();
    try {
      OpenSessions.of(tools.sessions(), userId).forEach(session -> ids.add(id(session)));
    } catch (ClerkException e) {
      // The ban does not wait for a number; the step itself reads anew and reports.
      Invocation.current().checkCancelled();
    }
    return ids;
  }

  private void ban() {
    ObjectNode step = steps.addObject().put("step", "ban");
    if (user.is(Flag.BANNED)) {
      step.put("already", true);
      return;
    }
    ObjectNode failure = attempts.change(() -> tools.users().ban(userId));
    if (failure == null) {
      step.put("done", 1);
    } else {
      step.putArray("failed").add(failure);
    }
  }

  private void endSessions(Set<String> signedIn) {
    Set<String> left = new HashSet<>();
    ObjectNode step =
        each(
            "sessions",
            "revoked",
            () -> {
              List<JsonNode> open = OpenSessions.of(tools.sessions(), userId);
              open.forEach(session -> left.add(id(session)));
              return open;
            },
            session -> Json.object().put("session_id", id(session)),
            session -> tools.sessions().revoke(id(session)));
    if (step.has("revoked")) {
      signedIn.removeAll(left);
      step.put("revoked", step.path("revoked").asInt() + signedIn.size());
    }
  }

  private List<JsonNode> memberships() {
    return WholeList.of(page -> tools.users().listMemberships(userId, page)).stream()
        .filter(row -> !organization(row).path("id").asText().isEmpty())
        .toList();
  }

  private ObjectNode membership(JsonNode row) {
    return Json.object()
        .put("organization_id", organization(row).path("id").asText())
        .put("name", organization(row).path("name").asText());
  }

  private JsonNode removeMembership(JsonNode row) {
    return tools.memberships().delete(organization(row).path("id").asText(), userId);
  }

  private static JsonNode organization(JsonNode membership) {
    return membership.path("organization");
  }

  /** Clerk searches for parts of addresses, so that others are found as well. */
  private List<JsonNode> invitations() {
    List<JsonNode> found = new ArrayList<>();
    for (EmailAddress email : user.emails()) {
      for (JsonNode row :
          WholeList.of(
              page ->
                  tools.invitations().list(InvitationStatus.PENDING, email.text(), null, page))) {
        if (isPendingTo(email, row)) {
          found.add(row);
        }
      }
    }
    return found;
  }

  private List<JsonNode> organizationInvitations() {
    Map<String, JsonNode> found = new LinkedHashMap<>();
    WholeList.of(
            page ->
                tools.users().listOrganizationInvitations(userId, InvitationStatus.PENDING, page))
        .forEach(row -> found.put(id(row), row));
    for (EmailAddress email : user.emails()) {
      for (JsonNode row :
          WholeList.of(
              page ->
                  tools
                      .organizationInvitations()
                      .listAll(InvitationStatus.PENDING, email.text(), null, page))) {
        if (isPendingTo(email, row)) {
          found.putIfAbsent(id(row), row);
        }
      }
    }
    return found.values().stream().filter(row -> !organizationId(row).isEmpty()).toList();
  }

  private static boolean isPendingTo(EmailAddress email, JsonNode invitation) {
    return invitation.path("status").asText("pending").equals("pending")
        && EmailAddress.in(invitation).equals(email);
  }

  private static String organizationId(JsonNode invitation) {
    String id = invitation.path("organization_id").asText("");
    return id.isEmpty() ? invitation.path("public_organization_data").path("id").asText("") : id;
  }

  private void delete() {
    ObjectNode step = steps.addObject().put("step", "delete");
    if (attempts.hasFailed()) {
      step.put("not_tried", true);
      step.put("reason", "A step before it failed. Nobody is deleted while access may be left.");
      return;
    }
    ObjectNode failure = attempts.change(() -> tools.users().delete(userId));
    if (failure == null) {
      step.put("done", 1);
    } else {
      step.putArray("failed").add(failure);
    }
  }

  /** Does the same to each row of a list, and reports the step. */
  private ObjectNode each(
      String name,
      String verb,
      Supplier<List<JsonNode>> read,
      Function<JsonNode, ObjectNode> shown,
      Function<JsonNode, JsonNode> change) {
    ObjectNode step = steps.addObject().put("step", name);
    if (attempts.isOver()) {
      return step.put("not_tried", true);
    }
    List<JsonNode> rows;
    try {
      rows = read.get();
    } catch (ClerkException e) {
      if (isSwitchedOff(e)) {
        return step.put("switched_off", true);
      }
      step.putArray("failed").add(attempts.failure(e));
      return step;
    }
    int done = 0;
    step.put(verb, done);
    for (int i = 0; i < rows.size(); i++) {
      Invocation.current().doing("Offboarding, %s: %s of %s".formatted(name, i + 1, rows.size()));
      JsonNode row = rows.get(i);
      ObjectNode failure = attempts.remove(() -> change.apply(row));
      if (failure == null) {
        step.put(verb, ++done);
      } else {
        step.withArray("/failed").add(failed(shown.apply(row), failure));
      }
    }
    return step;
  }

  private static ObjectNode failed(ObjectNode item, ObjectNode failure) {
    item.setAll(failure);
    if (failure.path("code").asText().equals(LAST_ADMIN)) {
      item.put(
          "next",
          "They are the last admin. Make another member admin with clerk_org_membership_update, or"
              + " delete the organization with clerk_organization_delete; then call again.");
    }
    return item;
  }

  /** Of what the instance does not have, nobody has any. */
  private static boolean isSwitchedOff(ClerkException e) {
    return e.status() == 402 || e.code().contains("not_enabled");
  }

  private static String id(JsonNode row) {
    return row.path("id").asText();
  }
}
