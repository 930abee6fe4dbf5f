package dev.clerkmcp.sandbox.handlers.organization;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.handlers.support.Resource;
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
public final class Permissions extends Resource {
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

  private final Table roles;

  public Permissions(HandlerContext context) {
    super(context, ObjectKind.PERMISSION, "/organization_permissions");
    this.roles = context.table(ObjectKind.ROLE);
  }

  /** Adds the permissions that every instance has. */
  public void createDefaults() {
    new TreeMap<>(SYSTEM)
        .forEach(
            (key, name) ->
                rows.add(
                    newRow()
                        .put("name", name)
                        .put("key", key)
                        .put("description", "")
                        .put("type", "system")));
  }

  /** The keys of the permissions that every instance has. */
  static List<String> system() {
    return SYSTEM.keySet().stream().sorted().toList();
  }

  @Override
  protected void start(ObjectNode permission, ApiRequest request) {
    permission.put("description", "").put("type", "user");
  }

  @Override
  protected void set(ObjectNode permission, ApiRequest request) {
    checkCustom(permission);
    if (request.has("name")) {
      permission.put("name", InputRules.name("name", request.field("name")));
    }
    if (request.has("key")) {
      permission.put("key", key(request.field("key")));
    }
    if (request.has("description")) {
      permission.put("description", request.text("description"));
    }
  }

  @Override
  protected void changed(ObjectNode before, ObjectNode after) {
    replaceInRoles(before.path("key").asText(), after.path("key").asText());
  }

  @Override
  protected void removing(ObjectNode permission) {
    checkCustom(permission);
    replaceInRoles(permission.path("key").asText(), null);
  }

  private static void checkCustom(ObjectNode permission) {
    if (permission.path("type").asText().equals("system")) {
      throw ApiError.of(
          403,
          "organization_system_permission_not_modifiable",
          "%s is a system permission, which cannot be changed.",
          permission.path("key").asText());
    }
  }

  /** Replaces the key of a permission in every role, or removes it if the new key is null. */
  private void replaceInRoles(String key, @Nullable String newKey) {
    if (!key.equals(newKey)) {
      roles.changeAll(
          role -> HandlerContext.texts(role.path("permission_keys")).contains(key),
          role -> HandlerContext.replace(role, "permission_keys", key, newKey));
    }
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
          "form_param_value_invalid", "key", "key must not begin with %s.", RESERVED);
    }
    return key;
  }
}
