package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;

/** How many people an organization may have; those who are invited count as if they had come. */
final class OrganizationQuota {
  private final HandlerContext instance;
  private final Table memberships;
  private final Table invitations;

  OrganizationQuota(HandlerContext instance) {
    this.instance = instance;
    this.memberships = instance.table(ObjectKind.ORGANIZATION_MEMBERSHIP);
    this.invitations = instance.table(ObjectKind.ORGANIZATION_INVITATION);
  }

  int members(String organizationId) {
    return memberships.by("organization_id", organizationId).size();
  }

  int pendingInvitations(String organizationId) {
    return (int)
        invitations.by("organization_id", organizationId).stream()
            .filter(row -> InvitationState.isPending(row, instance.now()))
            .count();
  }

  /**
   * Makes sure that one more person fits in.
   *
   * @throws ApiError with status 403 otherwise
   */
  void checkRoom(ObjectNode organization) {
    String id = organization.path("id").asText();
    int most = organization.path("max_allowed_memberships").asInt();
    if (most != 0 && members(id) + pendingInvitations(id) >= most) {
      throw ApiError.of(
          403,
          "organization_membership_quota_exceeded",
          "The organization has %s members and pending invitations, as many as its max_allowed_memberships."
              .formatted(most));
    }
  }
}
