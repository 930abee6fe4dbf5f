package dev.clerkmcp.workflows.user;

import static dev.clerkmcp.registry.Effect.DESTROY;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Flag;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.tools.ApiKeyTools;
import dev.clerkmcp.tools.ApiKeyTools.ApiKeyFilter;
import dev.clerkmcp.tools.ApiKeyTools.SmallPage;
import dev.clerkmcp.tools.InvitationTools;
import dev.clerkmcp.tools.InvitationTools.InvitationFilter;
import dev.clerkmcp.tools.InvitationTools.InvitationStatus;
import dev.clerkmcp.tools.OrganizationInvitationTools;
import dev.clerkmcp.tools.OrganizationInvitationTools.AnyOrganizationInvitationFilter;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.tools.SessionTools;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.workflows.support.BatchRunner;
import dev.clerkmcp.workflows.support.ErrorCodes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends all access of a user who leaves: bans the user, ends the sessions, removes the memberships,
 * revokes the pending invitations and the API keys, and deletes the user if that is asked for. An
 * invitation to an address that the user has not verified may be another person's and stays.
 */
@ToolGroup(id = "workflows")
public final class OffboardWorkflows {
  private static final String ENDED = "sessions_ended";

  private final UserTools users;
  private final SessionTools sessions;
  private final OrganizationMembershipTools memberships;
  private final InvitationTools invitations;
  private final OrganizationInvitationTools organizationInvitations;
  private final ApiKeyTools apiKeys;

  public OffboardWorkflows(
      UserTools users,
      SessionTools sessions,
      OrganizationMembershipTools memberships,
      InvitationTools invitations,
      OrganizationInvitationTools organizationInvitations,
      ApiKeyTools apiKeys) {
    this.users = users;
    this.sessions = sessions;
    this.memberships = memberships;
    this.invitations = invitations;
    this.organizationInvitations = organizationInvitations;
    this.apiKeys = apiKeys;
  }

  @Tool(
      name = "clerk_user_offboard",
      title = "Offboard user",
      effect = DESTROY,
      core = true,
      searchHint = "employee leaves, deprovision",
      sends = {
        "DELETE /organizations/{organization_id}/memberships/{user_id}",
        "DELETE /users/{user_id}",
        "POST /api_keys/{api_key_id}/revoke",
        "POST /invitations/{invitation_id}/revoke",
        "POST /organizations/{organization_id}/invitations/{invitation_id}/revoke",
        "POST /sessions/{session_id}/revoke",
        "POST /users/{user_id}/ban"
      })
  @Description(
      "Ban a user, end sessions, leave organizations, revoke the user's invitations and API keys;"
          + " reports each result.")
  public JsonNode offboard(
      @Arg("user_...") String userId,
      @Arg("Finally delete the user permanently if every other step worked")
          @Nullable Boolean delete) {
    return new Offboarding(userId, users.get(userId)).run(Boolean.TRUE.equals(delete));
  }

  /**
   * Ends one user's access step by step. The ban is first, because it keeps the user out even if
   * every other step fails. The deletion is last and needs every other step to succeed.
   */
  private final class Offboarding {
    private final ClerkUser user;
    private final String userId;
    private final ArrayNode steps;
    private final BatchRunner batch;

    Offboarding(String userId, JsonNode user) {
      this.user = new ClerkUser(user);
      this.userId = userId;
      ObjectNode answer = Json.object();
      answer.set("user", this.user.brief());
      this.steps = answer.putArray("steps");
      this.batch = new BatchRunner(answer);
    }

    ObjectNode run(boolean delete) {
      noteUnproven();
      Set<String> signedIn = signedInBefore();
      ban();
      endSessions(signedIn);
      each("memberships", "removed", this::memberships, this::membership, this::removeMembership);
      each(
          "invitations",
          "revoked",
          this::invitations,
          row -> Json.object().put("invitation_id", id(row)),
          row -> invitations.revoke(id(row)));
      each(
          "organization_invitations",
          "revoked",
          this::organizationInvitations,
          row ->
              Json.object()
                  .put("invitation_id", id(row))
                  .put("organization_id", organizationId(row)),
          row -> organizationInvitations.revoke(organizationId(row), id(row), null));
      each(
          "api_keys",
          "revoked",
          () ->
              Pages.allOf(
                  next ->
                      apiKeys.list(
                          userId, ApiKeyFilter.VALID, SmallPage.largest(Pages.offset(next)))),
          row -> Json.object().put("api_key_id", id(row)),
          row -> apiKeys.revoke(id(row), "User offboarded"));
      if (delete) {
        delete();
      }
      return batch.finish();
    }

    private void noteUnproven() {
      List<String> unproven =
          user.emails().stream()
              .filter(email -> !user.provenEmails().contains(email))
              .map(email -> QuotedText.plain(email.text()))
              .toList();
      if (!unproven.isEmpty()) {
        String sentence =
            "The user has not verified %s, so invitations to it are not revoked."
                .formatted(QuotedText.first(unproven));
        Invocation.current().warn(sentence);
        Invocation.current().note(sentence);
      }
    }

    /** Counts the sessions first: the ban revokes them. */
    private Set<String> signedInBefore() {
      Set<String> ids = new HashSet<>();
      try {
        SessionWorkflows.open(sessions, userId).forEach(session -> ids.add(id(session)));
      } catch (ClerkException e) {
        // Only a number is missing, so the ban goes on; the sessions step reads again and reports.
        Invocation.current().checkCancelled();
      }
      return ids;
    }

    private void ban() {
      ObjectNode step = steps.addObject().put("step", "ban");
      if (user.is(Flag.BANNED)) {
        step.putArray("changed");
      } else if (change(step, () -> users.ban(userId))) {
        step.putArray("changed")
            .addObject()
            .put("field", "banned")
            .put("before", false)
            .put("after", true);
      }
    }

    private void endSessions(Set<String> signedIn) {
      Set<String> left = new HashSet<>();
      ObjectNode step =
          each(
              "sessions",
              ENDED,
              () -> {
                List<JsonNode> open = SessionWorkflows.open(sessions, userId);
                open.forEach(session -> left.add(id(session)));
                return open;
              },
              session -> Json.object().put("session_id", id(session)),
              session -> sessions.revoke(id(session)));
      if (step.has(ENDED)) {
        signedIn.removeAll(left);
        step.put(ENDED, step.path(ENDED).asInt() + signedIn.size());
      }
    }

    private List<JsonNode> memberships() {
      return Pages.all(page -> users.listMemberships(userId, page)).stream()
          .filter(row -> !organization(row).path("id").asText().isEmpty())
          .toList();
    }

    private ObjectNode membership(JsonNode row) {
      return Json.object()
          .put("organization_id", organization(row).path("id").asText())
          .put("name", organization(row).path("name").asText());
    }

    private JsonNode removeMembership(JsonNode row) {
      return memberships.delete(organization(row).path("id").asText(), userId);
    }

    private static JsonNode organization(JsonNode membership) {
      return membership.path("organization");
    }

    /** Clerk matches parts of addresses, so invitations to other addresses are filtered out. */
    private List<JsonNode> invitations() {
      List<JsonNode> found = new ArrayList<>();
      for (EmailAddress email : user.provenEmails()) {
        for (JsonNode row :
            Pages.all(page -> invitations.list(InvitationFilter.pending(email.text()), page))) {
          if (isPendingTo(email, row)) {
            found.add(row);
          }
        }
      }
      return found;
    }

    private List<JsonNode> organizationInvitations() {
      Map<String, JsonNode> found = new LinkedHashMap<>();
      Pages.all(page -> users.listOrganizationInvitations(userId, InvitationStatus.PENDING, page))
          .stream()
          .filter(this::isTheirs)
          .forEach(row -> found.put(id(row), row));
      for (EmailAddress email : user.provenEmails()) {
        for (JsonNode row :
            Pages.all(
                page ->
                    organizationInvitations.listAll(
                        AnyOrganizationInvitationFilter.pending(email.text()), page))) {
          if (isPendingTo(email, row)) {
            found.putIfAbsent(id(row), row);
          }
        }
      }
      return found.values().stream().filter(row -> !organizationId(row).isEmpty()).toList();
    }

    /** Whether an invitation that Clerk lists for the user is not to an unproven address. */
    private boolean isTheirs(JsonNode invitation) {
      Contact own = user.findEmail(EmailAddress.in(invitation));
      return own == null || own.isProven();
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
      if (batch.hasFailed()) {
        step.put("not_tried", true);
        step.put(
            "reason", "An earlier step failed. The user is not deleted while access may be left.");
        return;
      }
      if (change(step, () -> users.delete(userId))) {
        step.put("deleted", true);
      }
    }

    /** Makes a change, and reports a failure. */
    private boolean change(ObjectNode step, Supplier<JsonNode> change) {
      batch.beginOperation();
      ObjectNode failure = batch.change(change);
      if (failure != null) {
        step.putArray("failed").add(failure);
      }
      return failure == null;
    }

    /** Makes the same change to each row of a list, and reports the step. */
    private ObjectNode each(
        String name,
        String verb,
        Supplier<List<JsonNode>> read,
        Function<JsonNode, ObjectNode> shown,
        Function<JsonNode, JsonNode> change) {
      ObjectNode step = steps.addObject().put("step", name);
      if (batch.isOver()) {
        return step.put("not_tried", true);
      }
      batch.beginOperation();
      List<JsonNode> rows;
      try {
        rows = read.get();
      } catch (ClerkException e) {
        if (ErrorCodes.isSwitchedOff(e)) { // so there is nothing to remove
          return step.put("switched_off", true);
        }
        step.putArray("failed").add(batch.failure(e));
        return step;
      }
      int done = 0;
      step.put(verb, done);
      for (int i = 0; i < rows.size(); i++) {
        Invocation.current().doing("Offboarding, %s: %s of %s".formatted(name, i + 1, rows.size()));
        JsonNode row = rows.get(i);
        ObjectNode failure = batch.remove(() -> change.apply(row));
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
      if (ErrorCodes.isLastAdmin(failure.path("code").asText())) {
        item.put(
            "next",
            "They are the last admin. Make another member admin with clerk_org_membership_update, or"
                + " delete the organization with clerk_organization_delete; then call again.");
      }
      return item;
    }

    private static String id(JsonNode row) {
      return row.path("id").asText();
    }
  }
}
