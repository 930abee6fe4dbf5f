package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds roles by key. Admin and member are there even in an instance that has not been given its
 * defaults.
 *
 * <p>The row of a role names its permissions by key under {@code permission_keys}.
 */
final class RoleCatalog {
  static final String ADMIN = "org:admin";
  static final String MEMBER = "org:member";

  /** What invitations take. */
  static final String MANAGE_MEMBERS = "org:sys_memberships:manage";

  /**
   * What somebody in an organization must be able to do.
   *
   * @see <a href="https://clerk.com/docs/organizations/creator-role">The creator role</a>
   */
  private static final Set<String> ELEVATED =
      Set.of(MANAGE_MEMBERS, "org:sys_memberships:read", "org:sys_profile:delete");

  private static final List<String> OF_MEMBERS =
      List.of("org:sys_memberships:read", "org:sys_billing:read");

  private final HandlerContext instance;
  private final Table roles;
  private final Table sets;
  private final Table permissions;

  RoleCatalog(HandlerContext instance) {
    this.instance = instance;
    this.roles = instance.table(ObjectKind.ROLE);
    this.sets = instance.table(ObjectKind.ROLE_SET);
    this.permissions = instance.table(ObjectKind.PERMISSION);
  }

  /**
   * The role with a key.
   *
   * @throws ApiError with status 404 if there is none
   */
  ObjectNode get(String key) {
    ObjectNode role = find(key);
    if (role == null) {
      throw ApiError.of(
          404,
          "resource_not_found",
          "No role was found with key %s. GET /organization_roles lists the roles.".formatted(key));
    }
    return role;
  }

  /** The role with a key, if there is one. */
  @Nullable ObjectNode find(String key) {
    ObjectNode role = roles.findBy("key", key);
    if (role != null || hasDefaults()) {
      return role;
    }
    return switch (key) {
      case ADMIN -> admin().put("id", "role_admin");
      case MEMBER -> member().put("id", "role_member");
      default -> null;
    };
  }

  /**
   * The role with a key, for somebody in an organization.
   *
   * @throws ApiError with status 404 if there is none, or the organization's role set lacks it
   */
  ObjectNode getFor(ObjectNode organization, String key) {
    ObjectNode role = get(key);
    ObjectNode set = sets.findBy("key", organization.path("role_set_key").asText());
    if (set != null && !texts(set.path("role_keys")).contains(key)) {
      throw ApiError.of(
          404,
          "resource_not_found",
          "The organization's role set %s has no role %s. POST /role_sets/{role_set_key_or_id}/roles adds it."
              .formatted(set.path("key").asText(), key));
    }
    return role;
  }

  /** Whether an organization can do with members of this role alone. */
  static boolean isElevated(ObjectNode role) {
    return texts(role.path("permission_keys")).containsAll(ELEVATED);
  }

  /** Refuses a role that creators cannot have. */
  static void checkCreator(ObjectNode role) {
    if (!isElevated(role)) {
      throw ApiError.of(
          422,
          "organization_missing_creator_role_permissions",
          "%s must keep the permissions %s to be the role of creators."
              .formatted(
                  role.path("key").asText(),
                  String.join(", ", ELEVATED.stream().sorted().toList())));
    }
  }

  /** The texts of a list. */
  static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** A new row of the role that may do everything. */
  ObjectNode admin() {
    return role(ADMIN, "Admin", "Role with elevated permissions", Permissions.system());
  }

  /** A new row of the role that may only look. */
  ObjectNode member() {
    return role(MEMBER, "Member", "Role with non-elevated permissions", OF_MEMBERS);
  }

  private ObjectNode role(String key, String name, String description, List<String> permissions) {
    ObjectNode role = instance.blank("Role");
    role.remove(List.of("permissions", "is_creator_eligible"));
    ArrayNode keys = role.putArray("permission_keys");
    permissions.forEach(keys::add);
    return role.put("key", key).put("name", name).put("description", description);
  }

  /** System permissions cannot be deleted, so they tell. */
  private boolean hasDefaults() {
    return permissions.findBy("key", MANAGE_MEMBERS) != null;
  }
}
