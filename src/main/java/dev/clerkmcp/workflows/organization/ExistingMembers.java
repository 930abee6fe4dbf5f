package dev.clerkmcp.workflows.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.clerk.model.OrganizationRole;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.registry.argument.PartialUpdate;
import dev.clerkmcp.tools.InvitationStatus;
import dev.clerkmcp.tools.OrganizationInvitationTools;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.workflows.support.Members;
import dev.clerkmcp.workflows.support.WholeList;
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
record ExistingMembers(
    JsonNode organization,
    Map<String, String> roles,
    Map<String, JsonNode> invitations,
    boolean empty) {
  ExistingMembers {
    roles = Map.copyOf(roles);
    invitations = Map.copyOf(invitations);
  }

  /** Has nobody yet. */
  static ExistingMembers ofNew(JsonNode organization) {
    return new ExistingMembers(organization, Map.of(), Map.of(), true);
  }

  /** Reads who is there. */
  static ExistingMembers read(
      JsonNode organization,
      OnboardingMembers newcomers,
      OrganizationMembershipTools memberships,
      OrganizationInvitationTools invitations) {
    String id = organization.path("id").asText();
    Map<String, String> roles = new HashMap<>();
    List<String> userIds =
        newcomers.all().stream()
            .map(OnboardingMember::userId)
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    Members.of(id, userIds, memberships)
        .forEach((userId, row) -> roles.put(userId, row.path("role").asText()));
    Map<String, JsonNode> pending = new HashMap<>();
    List<JsonNode> rows =
        WholeList.of(page -> invitations.list(id, InvitationStatus.PENDING, null, null, page));
    rows.forEach(row -> pending.put(EmailAddress.in(row).text(), row));
    boolean empty =
        pending.isEmpty()
            && memberships
                .list(id, new PartialUpdate<>(Json.object()), new PageRequest(1, null))
                .data()
                .isEmpty();
    return new ExistingMembers(organization, roles, pending, empty);
  }

  /** Whether the admin leads it, or is asked to; nobody else's organization is added to. */
  boolean isOf(OnboardingMember admin) {
    String role = roles.get(String.valueOf(admin.userId()));
    if (role != null) {
      return OrganizationRole.of(role).equals(OrganizationRole.ADMIN)
          || organization.path("created_by").asText().equals(admin.userId());
    }
    JsonNode invitation = invitations.get(admin.key());
    return empty || (invitation != null && invitation.path("role").asText().equals(admin.role()));
  }

  /** The row of somebody who is there already, or asked; null if they are not. */
  @Nullable ObjectNode findRow(String step, OnboardingMember newcomer) {
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
}
