package dev.clerkmcp.sandbox.handlers.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.handlers.support.ListQuery;
import dev.clerkmcp.sandbox.handlers.support.ListQuery.SortOrder;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Handles the permission endpoints: Clerk's system permissions, which cannot be changed, and custom
 * ones.
 */
public final class Permissions {
  private static final Map<String, String> SYSTEM =
      Map.of(
          "org:sys_billing:manage", "Manage billing",
          "org:sys_billing:read", "Read billing",
          "org:sys_domains:manage", "Manage domains",
          "org:sys_domains:read", "Read domains",
          "org:sys_memberships:manage", "Manage members",
          "org:sys_memberships:read", "Read members",
          "org:sys_profile:delete", "Delete organization",
          "org:sys_profile:manage", "Manage organization");

  private static final Pattern KEY = Pattern.compile("org:[a-z0-9_]+:[a-z0-9_]+");
  private static final String RESERVED = "org:sys_";

  private final HandlerContext context;
  private final Table permissions;
  private final Table roles;

  public Permissions(HandlerContext context) {
    this.context = context;
    this.permissions = context.table(ObjectKind.PERMISSION);
    this.roles = context.table(ObjectKind.ROLE);
  }

  public void register(Routes routes) {
    routes
        .on("GET /organization_permissions", this::list)
        .on("POST /organization_permissions", this::create)
        .on(
            "GET /organization_permissions/{permission_id}",
            request -> permissions.get(request.variable("permission_id")))
        .on("PATCH /organization_permissions/{permission_id}", this::update)
        .on("DELETE /organization_permissions/{permission_id}", this::delete);
  }

  /** Adds the permissions that every instance has. */
  public void createDefaults() {
    new TreeMap<>(SYSTEM)
        .forEach((key, name) -> permissions.add(permission(name, key, "").put("type", "system")));
  }

  /** The keys of the permissions that every instance has. */
  static List<String> system() {
    return SYSTEM.keySet().stream().sorted().toList();
  }

  private JsonNode list(ApiRequest request) {
    SortOrder order = ListQuery.order(request, "-created_at", List.of("created_at", "name", "key"));
    return context.page(
        request,
        permissions.stream()
            .filter(ListQuery.search(request, "name", "key"))
            .sorted(order.comparator())
            .toList());
  }

  private JsonNode create(ApiRequest request) {
    String description = request.text("description");
    return permissions.add(
        permission(
                InputRules.name("name", request.fields().path("name").asText()),
                key(request.fields().path("key").asText()),
                description == null ? "" : description)
            .put("type", "user"));
  }

  private JsonNode update(ApiRequest request) {
    ObjectNode before = custom(request);
    String name = request.text("name");
    String key = request.text("key");
    String description = request.text("description");
    ObjectNode after =
        permissions.change(
            before.path("id").asText(),
            permission -> {
              if (name != null) {
                permission.put("name", InputRules.name("name", name));
              }
              if (key != null) {
                permission.put("key", key(key));
              }
              if (description != null) {
                permission.put("description", description);
              }
            });
    if (key != null) {
      replaceInRoles(before.path("key").asText(), key);
    }
    return after;
  }

  private JsonNode delete(ApiRequest request) {
    ObjectNode permission = custom(request);
    String key = permission.path("key").asText();
    replaceInRoles(key, null);
    permissions.remove(permission.path("id").asText());
    return HandlerContext.deleted(ObjectKind.PERMISSION, permission.path("id").asText());
  }

  private ObjectNode custom(ApiRequest request) {
    ObjectNode permission = permissions.get(request.variable("permission_id"));
    if (permission.path("type").asText().equals("system")) {
      throw ApiError.of(
          403,
          "organization_system_permission_not_modifiable",
          "%s is a system permission, which cannot be changed."
              .formatted(permission.path("key").asText()));
    }
    return permission;
  }

  /** Replaces the key of a permission in every role, or removes it if the new key is null. */
  private void replaceInRoles(String key, @Nullable String other) {
    List<ObjectNode> holders =
        roles.stream()
            .filter(role -> HandlerContext.texts(role.path("permission_keys")).contains(key))
            .toList();
    for (ObjectNode holder : holders) {
      roles.change(
          holder.path("id").asText(),
          role -> {
            ArrayNode keys = role.putArray("permission_keys");
            for (String held : HandlerContext.texts(holder.path("permission_keys"))) {
              String kept = held.equals(key) ? other : held;
              if (kept != null) {
                keys.add(kept);
              }
            }
          });
    }
  }

  private ObjectNode permission(String name, String key, String description) {
    return context
        .newObject(ObjectKind.PERMISSION, "Permission")
        .put("name", name)
        .put("key", key)
        .put("description", description);
  }

  private static String key(String key) {
    if (!KEY.matcher(key).matches()) {
      throw ApiError.invalid(
          "form_param_format_invalid",
          "key",
          "key must be org:feature:action of lowercase letters, digits and underscores.");
    }
    if (key.startsWith(RESERVED)) {
      throw ApiError.invalid(
          "form_param_value_invalid", "key", "key must not begin with %s.".formatted(RESERVED));
    }
    return key;
  }
}
