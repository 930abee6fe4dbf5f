package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows a role set as Clerk does. Its row names the roles by key: {@code role_keys}, {@code
 * default_role_key} and {@code creator_role_key}.
 */
final class RoleSetView {
  private final RoleCatalog roles;
  private final Table memberships;
  private final Table organizations;

  RoleSetView(HandlerContext instance) {
    this.roles = new RoleCatalog(instance);
    this.memberships = instance.table(ObjectKind.ORGANIZATION_MEMBERSHIP);
    this.organizations = instance.table(ObjectKind.ORGANIZATION);
  }

  ObjectNode of(ObjectNode set) {
    Map<String, Integer> members = members(set.path("key").asText());
    ObjectNode view = set.deepCopy();
    view.remove(List.of("role_keys", "default_role_key", "creator_role_key"));
    ArrayNode items = view.putArray("roles");
    RoleCatalog.texts(set.path("role_keys")).forEach(key -> items.add(findItem(key, members)));
    view.set("default_role", findItem(set.path("default_role_key").asText(), members));
    view.set("creator_role", findItem(set.path("creator_role_key").asText(), members));
    return view.putNull("role_set_migration");
  }

  /** How many members of the set's organizations have each role. */
  private Map<String, Integer> members(String setKey) {
    Map<String, Integer> members = new HashMap<>();
    for (ObjectNode membership : memberships.rows()) {
      ObjectNode organization = organizations.find(membership.path("organization_id").asText());
      if (organization != null && organization.path("role_set_key").asText().equals(setKey)) {
        members.merge(membership.path("role").asText(), 1, Integer::sum);
      }
    }
    return members;
  }

  private @Nullable ObjectNode findItem(String key, Map<String, Integer> members) {
    ObjectNode role = roles.find(key);
    if (role == null) {
      return null;
    }
    ObjectNode item = Json.object().put("object", "role_set_item");
    for (String field : List.of("id", "name", "key", "description", "created_at", "updated_at")) {
      item.set(field, role.path(field));
    }
    int count = members.getOrDefault(key, 0);
    return item.put("members_count", count).put("has_members", count > 0);
  }
}
