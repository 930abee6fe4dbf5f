package dev.clerkmcp.sandbox.handlers.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.model.OrganizationRole;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.handlers.user.Invitations;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Handles the role endpoints: roles of members in organizations, and the permissions of roles. The
 * roles admin and member exist even without the defaults of an instance.
 *
 * <p>The row of a role has the keys of its permissions in {@code permission_keys}.
 */
public final class Roles extends Resource {
  public static final String ADMIN = "org:admin";

  static final String MEMBER = "org:member";

  private static final Pattern KEY = Pattern.compile("org:[a-z0-9_]+");

  /**
   * The permissions that at least one member of an organization must have.
   *
   * @see <a href="https://clerk.com/docs/organizations/creator-role">The creator role</a>
   */
  private static final Set<String> ELEVATED =
      Set.of(OrganizationRole.MANAGE_MEMBERS, "org:sys_memberships:read", "org:sys_profile:delete");

  private static final List<String> MEMBER_PERMISSIONS =
      List.of("org:sys_memberships:read", "org:sys_billing:read");

  private final Table permissions;
  private final Table sets;
  private final Table memberships;
  private final Table invitations;
  private final Table instanceSettings;
  private final OrganizationSettings settings;

  public Roles(HandlerContext context) {
    super(context, ObjectKind.ROLE, "/organization_roles");
    this.permissions = context.table(ObjectKind.PERMISSION);
    this.sets = context.table(ObjectKind.ROLE_SET);
    this.memberships = context.table(ObjectKind.ORGANIZATION_MEMBERSHIP);
    this.invitations = context.table(ObjectKind.ORGANIZATION_INVITATION);
    this.instanceSettings = context.table(ObjectKind.SETTINGS);
    this.settings = new OrganizationSettings(context);
  }

  @Override
  public void register(Routes routes) {
    super.register(routes);
    String permission = "/organization_roles/{organization_role_id}/permissions/{permission_id}";
    routes.on("POST " + permission, this::assign).on("DELETE " + permission, this::unassign);
  }

  /** Adds the roles admin and member; their permissions must exist. */
  public void createDefaults() {
    for (ObjectNode role : List.of(admin(), member())) {
      role.put("id", context.store().newId(ObjectKind.ROLE));
      rows.add(role.put("created_at", context.now()).put("updated_at", context.now()));
    }
  }

  @Override
  protected void start(ObjectNode role, ApiRequest request) {
    checkQuota();
    role.remove(List.of("permissions", "is_creator_eligible"));
    role.putArray("permission_keys");
  }

  @Override
  protected void set(ObjectNode role, ApiRequest request) {
    if (request.has("name")) {
      role.put("name", InputRules.name("name", request.field("name")));
    }
    if (request.has("key")) {
      role.put("key", key(request.field("key")));
    }
    copy(role, request, "description");
    if (request.has("permissions")) {
      setPermissions(role, request.texts("permissions"));
    }
  }

  @Override
  protected JsonNode added(ObjectNode role, ApiRequest request) {
    if (request.flag("include_in_initial_role_set", false)) {
      addToInitialSet(role.path("key").asText());
    }
    return view(role);
  }

  private void checkQuota() {
    long custom =
        rows.stream()
            .map(role -> role.path("key").asText())
            .filter(key -> !key.equals(ADMIN) && !key.equals(MEMBER))
            .count();
    if (settings.roles() != 0 && custom >= settings.roles()) {
      throw ApiError.of(
          403,
          "organization_instance_roles_quota_exceeded",
          "The instance has %s custom roles, the most that it may have.",
          custom);
    }
  }

  @Override
  protected void changed(ObjectNode before, ObjectNode after) {
    rename(before.path("key").asText(), after.path("key").asText());
    checkIfCreatorRole(after);
  }

  @Override
  protected void removing(ObjectNode role) {
    String key = role.path("key").asText();
    checkUnused(key);
    sets.changeAll(
        set -> holds(set, key), set -> HandlerContext.replace(set, "role_keys", key, null));
  }

  private JsonNode assign(ApiRequest request) {
    String permission = permissionKey(request.variable("permission_id"));
    return change(
        request,
        role -> {
          if (HandlerContext.texts(role.path("permission_keys")).contains(permission)) {
            throw ApiError.of(
                409,
                "organization_role_permission_association_exists",
                "The role has the permission %s already.",
                permission);
          }
          role.withArray("/permission_keys").add(permission);
        });
  }

  private JsonNode unassign(ApiRequest request) {
    String permission = permissionKey(request.variable("permission_id"));
    return change(
        request,
        role -> {
          if (!HandlerContext.texts(role.path("permission_keys")).contains(permission)) {
            throw ApiError.of(
                404,
                "organization_role_permission_association_not_found",
                "The role does not have the permission %s.",
                permission);
          }
          HandlerContext.replace(role, "permission_keys", permission, null);
          checkIfCreatorRole(role);
        });
  }

  private void setPermissions(ObjectNode role, List<String> ids) {
    Set<String> keys = new LinkedHashSet<>();
    ids.forEach(id -> keys.add(permissionKey(id)));
    ArrayNode array = role.putArray("permission_keys");
    keys.forEach(array::add);
  }

  private String permissionKey(String id) {
    return permissions.get(id).path("key").asText();
  }

  /** A role as Clerk shows it. */
  @Override
  public ObjectNode view(ObjectNode role) {
    ObjectNode view = role.deepCopy();
    view.remove("permission_keys");
    view.put("is_creator_eligible", isElevated(role));
    ArrayNode given = view.putArray("permissions");
    for (String key : HandlerContext.texts(role.path("permission_keys"))) {
      ObjectNode permission = permissions.findBy("key", key);
      if (permission != null) {
        given.add(permission);
      }
    }
    return view;
  }

  private static String key(String key) {
    if (!KEY.matcher(key).matches()) {
      throw ApiError.invalid(
          "form_param_format_invalid",
          "key",
          "key must be org: and lowercase letters, digits and underscores.");
    }
    return key;
  }

  /**
   * The role with a key.
   *
   * @throws ApiError with status 404 if there is none
   */
  ObjectNode get(String key) {
    ObjectNode role = findByKey(key);
    if (role == null) {
      throw notFound(key);
    }
    return role;
  }

  /** The role with a key, or null. */
  @Nullable ObjectNode findByKey(String key) {
    ObjectNode role = rows.findBy("key", key);
    if (role != null || hasDefaults()) {
      return role;
    }
    return switch (key) {
      case ADMIN -> admin().put("id", "role_admin");
      case MEMBER -> member().put("id", "role_member");
      default -> null;
    };
  }

  private static ApiError notFound(String key) {
    return ApiError.of(404, "resource_not_found", "No role was found with key %s.", key);
  }

  /**
   * The role with a key, for a member of an organization.
   *
   * @throws ApiError with status 404 if there is none, or the organization's role set lacks it
   */
  ObjectNode getFor(ObjectNode organization, String key) {
    ObjectNode role = findByKey(key);
    if (role == null) {
      throw notFound(key).with("param_name", TextNode.valueOf("role"));
    }
    ObjectNode set = sets.findBy("key", organization.path("role_set_key").asText());
    if (set != null && !HandlerContext.texts(set.path("role_keys")).contains(key)) {
      throw ApiError.of(
          404,
          "resource_not_found",
          "The organization's role set %s has no role %s.",
          set.path("key").asText(),
          key);
    }
    return role;
  }

  /** Whether a role has the permissions that at least one member must have. */
  static boolean isElevated(ObjectNode role) {
    return HandlerContext.texts(role.path("permission_keys")).containsAll(ELEVATED);
  }

  /** Checks that a role has the permissions that creators of organizations need. */
  public static void checkCreatorPermissions(ObjectNode role) {
    if (!isElevated(role)) {
      throw ApiError.of(
          422,
          "organization_missing_creator_role_permissions",
          "%s must keep the permissions %s to be the role of creators.",
          role.path("key").asText(),
          String.join(", ", ELEVATED.stream().sorted().toList()));
    }
  }

  /** A new row of the role with all permissions. */
  private ObjectNode admin() {
    return role(ADMIN, "Admin", "Role with elevated permissions", Permissions.system());
  }

  /** A new row of the role that may only read. */
  private ObjectNode member() {
    return role(MEMBER, "Member", "Role with non-elevated permissions", MEMBER_PERMISSIONS);
  }

  private ObjectNode role(String key, String name, String description, List<String> permissions) {
    ObjectNode role = context.template("Role");
    role.remove(List.of("permissions", "is_creator_eligible"));
    ArrayNode keys = role.putArray("permission_keys");
    permissions.forEach(keys::add);
    return role.put("key", key).put("name", name).put("description", description);
  }

  /**
   * Whether the defaults have been created. System permissions cannot be deleted, so their presence
   * shows it.
   */
  private boolean hasDefaults() {
    return permissions.findBy("key", OrganizationRole.MANAGE_MEMBERS) != null;
  }

  /** Replaces the key of a role wherever it is used. */
  private void rename(String key, String newKey) {
    if (key.equals(newKey)) {
      return;
    }
    for (Table table : List.of(memberships, invitations)) {
      table.changeAll(row -> has(row, "role", key), row -> row.put("role", newKey));
    }
    sets.changeAll(row -> holds(row, key), row -> replaceInSet(row, key, newKey));
    for (String field : List.of("creator_role", "domains_default_role")) {
      instanceSettings.changeAll(row -> has(row, field, key), row -> row.put(field, newKey));
    }
  }

  /** Replaces a role in the row of a role set, also as the role of new members and of creators. */
  static void replaceInSet(ObjectNode set, String key, String newKey) {
    HandlerContext.replace(set, "role_keys", key, newKey);
    for (String field : List.of("default_role_key", "creator_role_key")) {
      if (has(set, field, key)) {
        set.put(field, newKey);
      }
    }
  }

  /** Maps the roles of members and invitations in some organizations to other roles. */
  void reassign(Set<String> organizationIds, Map<String, String> mappings) {
    for (Table table : List.of(memberships, invitations)) {
      table.changeAll(
          row ->
              organizationIds.contains(row.path("organization_id").asText())
                  && mappings.containsKey(row.path("role").asText()),
          row -> row.put("role", mappings.get(row.path("role").asText())));
    }
  }

  /** Adds a role to the role set that new organizations get. */
  public void addToInitialSet(String key) {
    sets.changeAll(
        row -> has(row, "type", "initial") && !holds(row, key),
        row -> row.withArray("/role_keys").add(key));
  }

  /** If creators get the role, checks that it has the permissions that they need. */
  private void checkIfCreatorRole(ObjectNode role) {
    if (isCreatorRole(role.path("key").asText())) {
      checkCreatorPermissions(role);
    }
  }

  /**
   * Checks that no member has the role or will get it.
   *
   * @throws ApiError with status 422
   */
  private void checkUnused(String key) {
    if (isCreatorRole(key)) {
      throw inUse("organization_role_default_creator_role", key, "creators get it");
    }
    boolean ofDomains = settings.domainsDefaultRole().equals(key);
    if (ofDomains || sets.stream().anyMatch(set -> has(set, "default_role_key", key))) {
      throw inUse("organization_role_domain_default_role", key, "new members get it");
    }
    if (memberships.stream().anyMatch(row -> has(row, "role", key))) {
      throw inUse("organization_role_assigned_members", key, "members have it");
    }
    if (pendingInvitations().anyMatch(row -> has(row, "role", key))) {
      throw inUse("organization_role_exists_in_invitations", key, "pending invitations offer it");
    }
  }

  /** Whether creators get the role: role sets decide or, if there are none, the settings. */
  private boolean isCreatorRole(String key) {
    return sets.size() == 0
        ? settings.creatorRole().equals(key)
        : sets.stream().anyMatch(set -> has(set, "creator_role_key", key));
  }

  private Stream<ObjectNode> pendingInvitations() {
    return invitations.stream().filter(row -> Invitations.isPending(context, row));
  }

  private static ApiError inUse(String code, String key, String why) {
    return ApiError.of(422, code, "%s cannot be deleted while %s.", key, why);
  }

  private static boolean holds(ObjectNode set, String key) {
    return HandlerContext.texts(set.path("role_keys")).contains(key);
  }

  private static boolean has(ObjectNode row, String field, String key) {
    return row.path(field).asText().equals(key);
  }
}
