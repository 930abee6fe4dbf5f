package dev.clerkmcp.clerk.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The role of a member of an organization. Two spellings of a role are equal.
 *
 * @param key as Clerk spells it: {@code org:admin}; empty if there is no role
 */
public record OrganizationRole(String key) {
  /** The role of an administrator, which Clerk creates with every instance. */
  public static final OrganizationRole ADMIN = new OrganizationRole("org:admin");

  /**
   * The role of a member without management permissions, which Clerk creates with every instance.
   */
  public static final OrganizationRole MEMBER = new OrganizationRole("org:member");

  /**
   * The permission to decide who belongs to the organization: to invite people, and to change and
   * remove members.
   */
  public static final String MANAGE_MEMBERS = "org:sys_memberships:manage";

  private static final String PREFIX = "org:";

  /** Reads a role key: {@code admin} is short for {@code org:admin}. */
  public static OrganizationRole of(String written) {
    String key = written.strip();
    return new OrganizationRole(key.isEmpty() || key.startsWith(PREFIX) ? key : PREFIX + key);
  }

  /** The {@code role} of a membership or an invitation to an organization. */
  public static OrganizationRole in(JsonNode membership) {
    return of(membership.path("role").asText(""));
  }

  /**
   * Whether a member can change who belongs to the organization: as its administrator, or through a
   * role of the instance's own that has the permission.
   */
  public static boolean managesMembers(JsonNode membership) {
    return in(membership).equals(ADMIN) || includesManagement(membership.path("permissions"));
  }

  /**
   * Whether permissions include managing members.
   *
   * @param permissions keys, as a membership lists them, or objects with keys, as a role does
   */
  public static boolean includesManagement(JsonNode permissions) {
    for (JsonNode permission : permissions) {
      JsonNode key = permission.isObject() ? permission.path("key") : permission;
      if (key.asText().equals(MANAGE_MEMBERS)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return key;
  }
}
