package dev.clerkmcp.sandbox.handlers;

import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;

/** The organization that a session is to begin with: one that the user belongs to. */
final class ActiveOrganization {
  private ActiveOrganization() {}

  /**
   * Refuses an organization that there is not, with status 404, and one without the user, with 403.
   */
  static void check(HandlerContext instance, String organizationId, String userId) {
    instance.table(ObjectKind.ORGANIZATION).get(organizationId);
    Table memberships = instance.table(ObjectKind.ORGANIZATION_MEMBERSHIP);
    if (memberships.by("user_id", userId).stream()
        .noneMatch(memberships.by("organization_id", organizationId)::contains)) {
      throw ApiError.of(
          403,
          "not_a_member_in_organization",
          "The user %s is not a member of %s.".formatted(userId, organizationId));
    }
  }
}
