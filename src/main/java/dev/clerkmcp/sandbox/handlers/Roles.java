package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Roles of members in organizations, and the permissions that they give. */
final class Roles {
  private static final Pattern KEY = Pattern.compile("org:[a-z0-9_]+");

  private final HandlerContext instance;
  private final Table roles;
  private final Table permissions;
  private final RoleCatalog catalog;
  private final RoleUses uses;
  private final OrganizationDefaults defaults;

  Roles(HandlerContext instance) {
    this.instance = instance;
    this.roles = instance.table(ObjectKind.ROLE);
    this.permissions = instance.table(ObjectKind.PERMISSION);
    this.catalog = new RoleCatalog(instance);
    this.uses = new RoleUses(instance);
    this.defaults = new OrganizationDefaults(instance);
  }

  void register(Routes on) {
    on.on("GET /organization_roles", this::list)
        .on("POST /organization_roles", this::create)
        .on("GET /organization_roles/{organization_role_id}", call -> view(role(call)))
        .on("PATCH /organization_roles/{organization_role_id}", this::update)
        .on("DELETE /organization_roles/{organization_role_id}", this::delete)
        .on(
            "POST /organization_roles/{organization_role_id}/permissions/{permission_id}",
            this::assign)
        .on(
            "DELETE /organization_roles/{organization_role_id}/permissions/{permission_id}",
            this::take);
  }

  /** Adds the two roles that every instance begins with; their permissions must be there. */
  void createDefaults() {
    for (ObjectNode role : List.of(catalog.admin(), catalog.member())) {
      role.put("id", instance.store().newId(ObjectKind.ROLE));
      roles.add(role.put("created_at", instance.now()).put("updated_at", instance.now()));
    }
  }

  private JsonNode list(ApiRequest call) {
    SortOrder order = SortOrder.of(call, "-created_at", List.of("created_at", "name", "key"));
    return instance.page(
        call,
        roles.stream()
            .filter(NameQuery.of(call, List.of("name", "key")))
            .sorted(order.comparator())
            .map(this::view)
            .toList());
  }

  private JsonNode create(ApiRequest call) {
    checkQuota();
    ObjectNode role = instance.newObject(ObjectKind.ROLE, "Role");
    role.remove(List.of("permissions", "is_creator_eligible"));
    role.put("name", NameRules.of("name", call.fields().path("name").asText()));
    role.put("key", key(call.fields().path("key").asText()));
    role.put("description", call.text("description"));
    setPermissions(role, call.texts("permissions"));
    roles.add(role);
    if (call.flag("include_in_initial_role_set", false)) {
      uses.addToInitialSet(role.path("key").asText());
    }
    return view(role);
  }

  private void checkQuota() {
    long custom =
        roles.stream()
            .map(role -> role.path("key").asText())
            .filter(key -> !key.equals(RoleCatalog.ADMIN) && !key.equals(RoleCatalog.MEMBER))
            .count();
    if (defaults.roles() != 0 && custom >= defaults.roles()) {
      throw ApiError.of(
          403,
          "organization_instance_roles_quota_exceeded",
          "The instance has %s custom roles, as many as it may have.".formatted(custom));
    }
  }

  private JsonNode update(ApiRequest call) {
    ObjectNode before = role(call);
    String name = call.text("name");
    String key = call.text("key");
    ObjectNode after =
        roles.change(
            before.path("id").asText(),
            role -> {
              if (name != null) {
                role.put("name", NameRules.of("name", name));
              }
              if (key != null) {
                role.put("key", key(key));
              }
              if (call.has("description")) {
                role.put("description", call.text("description"));
              }
              if (call.has("permissions")) {
                setPermissions(role, call.texts("permissions"));
              }
            });
    if (key != null) {
      uses.rename(before.path("key").asText(), key);
    }
    uses.checkCreator(after);
    return view(after);
  }

  private JsonNode delete(ApiRequest call) {
    ObjectNode role = role(call);
    uses.refuseInUse(role.path("key").asText());
    uses.removeFromSets(role.path("key").asText());
    roles.remove(role.path("id").asText());
    return HandlerContext.deleted(ObjectKind.ROLE, role.path("id").asText());
  }

  private JsonNode assign(ApiRequest call) {
    ObjectNode role = role(call);
    String permission = permissionKey(call.variable("permission_id"));
    if (RoleCatalog.texts(role.path("permission_keys")).contains(permission)) {
      throw ApiError.of(
          409,
          "organization_role_permission_association_exists",
          "The role has the permission %s already.".formatted(permission));
    }
    return view(
        roles.change(
            role.path("id").asText(),
            changed -> changed.withArray("/permission_keys").add(permission)));
  }

  private JsonNode take(ApiRequest call) {
    ObjectNode role = role(call);
    String permission = permissionKey(call.variable("permission_id"));
    Set<String> keys = new LinkedHashSet<>(RoleCatalog.texts(role.path("permission_keys")));
    if (!keys.remove(permission)) {
      throw ApiError.of(
          404,
          "organization_role_permission_association_not_found",
          "The role does not have the permission %s.".formatted(permission));
    }
    ObjectNode after =
        roles.change(
            role.path("id").asText(),
            changed -> {
              ArrayNode rest = changed.putArray("permission_keys");
              keys.forEach(rest::add);
            });
    uses.checkCreator(after);
    return view(after);
  }

  private ObjectNode role(ApiRequest call) {
    return roles.get(call.variable("organization_role_id"));
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
  ObjectNode view(ObjectNode role) {
    ObjectNode view = role.deepCopy();
    view.remove("permission_keys");
    view.put("is_creator_eligible", RoleCatalog.isElevated(role));
    ArrayNode given = view.putArray("permissions");
    for (String key : RoleCatalog.texts(role.path("permission_keys"))) {
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
          "key must be org: and small letters, digits and underscores.");
    }
    return key;
  }
}
