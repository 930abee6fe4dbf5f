package dev.clerkmcp.workflows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Given;
import dev.clerkmcp.tools.InvitationStatus;
import dev.clerkmcp.tools.MembershipFilter;
import dev.clerkmcp.tools.OrganizationInvitationTools;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.tools.Page;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an organization has already of the people who are to come into it.
 *
 * @param organization as Clerk answers it
 * @param roles of the newcomers who are members, by user ID
 * @param invitations pending ones, by address
 * @param empty whether it has neither members nor pending invitations
 */
record PresentOrganization(
    JsonNode organization,
    Map<String, String> roles,
    Map<String, JsonNode> invitations,
    boolean empty) {
  /** The most values of one query parameter that Clerk takes. */
  private static final int MOST_VALUES = 100;

  PresentOrganization {
    roles = Map.copyOf(roles);
    invitations = Map.copyOf(invitations);
  }

  /** Has nobody yet. */
  static PresentOrganization ofNew(JsonNode organization) {
    return new PresentOrganization(organization, Map.of(), Map.of(), true);
  }

  /** Reads who is there. */
  static PresentOrganization read(
      JsonNode organization,
      Newcomers newcomers,
      OrganizationMembershipTools memberships,
      OrganizationInvitationTools invitations) {
    String id = organization.path("id").asText();
    Map<String, String> roles = new HashMap<>();
    List<String> userIds =
        newcomers.all().stream().map(Newcomer::userId).filter(Objects::nonNull).distinct().toList();
    for (int start = 0; start < userIds.size(); start += MOST_VALUES) {
      List<String> part = userIds.subList(start, Math.min(start + MOST_VALUES, userIds.size()));
      ObjectNode filter = Json.object();
      part.forEach(filter.putArray("user_id")::add);
      for (JsonNode row : memberships.list(id, filter(filter), page(part.size())).data()) {
        roles.put(row.path("public_user_data").path("user_id").asText(), row.path("role").asText());
      }
    }
    Map<String, JsonNode> pending = new HashMap<>();
    ArrayNode rows =
        EveryPage.of(page -> invitations.list(id, InvitationStatus.PENDING, null, null, page));
    rows.forEach(row -> pending.put(Newcomer.key(row.path("email_address").asText()), row));
    boolean empty =
        pending.isEmpty() && memberships.list(id, filter(Json.object()), page(1)).data().isEmpty();
    return new PresentOrganization(organization, roles, pending, empty);
  }

  /** Whether the admin leads it, or is asked to; nobody else's organization is added to. */
  boolean isOf(Newcomer admin) {
    String role = roles.get(String.valueOf(admin.userId()));
    if (role != null) {
      return role.equals(Newcomer.ADMIN)
          || organization.path("created_by").asText().equals(admin.userId());
    }
    JsonNode invitation = invitations.get(admin.key());
    return empty || (invitation != null && invitation.path("role").asText().equals(admin.role()));
  }

  /** The row of somebody who is there already, or asked; null if they are not. */
  @Nullable ObjectNode findRow(String step, Newcomer newcomer) {
    ObjectNode row = newcomer.row(step).put("status", "already_there");
    String role = roles.get(String.valueOf(newcomer.userId()));
    if (role == null) {
      JsonNode invitation = invitations.get(newcomer.key());
      if (invitation == null) {
        return null;
      }
      role = invitation.path("role").asText();
      row.put("invitation_id", invitation.path("id").asText());
    }
    return role.equals(newcomer.role())
        ? row
        : row.put("role", role).put("asked_role", newcomer.role());
  }

  private static Given<MembershipFilter> filter(ObjectNode json) {
    return new Given<>(json);
  }

  private static Page page(int limit) {
    return new Page(limit, null);
  }
}
