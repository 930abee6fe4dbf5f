package dev.clerkmcp.sandbox.handlers.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.handlers.user.Invitations;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Handles the role-set endpoints: a role set defines which roles the members of an organization can
 * have.
 *
 * <p>A row names its roles by key: {@code role_keys}, {@code default_role_key} and {@code
 * creator_role_key}.
 */
public final class RoleSets extends Resource {
  private static final int MAX_ROLES = 10;

  /** The fields of a view that a row has no values for. */
  private static final List<String> DERIVED =
      List.of("roles", "default_role", "creator_role", "role_set_migration");

  private static final String PREFIX = "role_set:";
  private static final Pattern KEY = Pattern.compile(PREFIX + "[a-z0-9_]+");

  private final Table organizations;
  private final Table memberships;
  private final Table invitations;
  private final Roles roles;

  public RoleSets(HandlerContext context, Roles roles) {
    super(context, ObjectKind.ROLE_SET, "/role_sets");
    this.organizations = context.table(ObjectKind.ORGANIZATION);
    this.memberships = context.table(ObjectKind.ORGANIZATION_MEMBERSHIP);
    this.invitations = context.table(ObjectKind.ORGANIZATION_INVITATION);
    this.roles = roles;
  }

  @Override
  public void register(Routes routes) {
    super.register(routes);
    routes
        .on("POST /role_sets/{role_set_key_or_id}/roles", this::addRoles)
        .on("POST /role_sets/{role_set_key_or_id}/roles/replace", this::replaceRole)
        .on("POST /role_sets/{role_set_key_or_id}/replace", this::replaceSet);
  }

  /** Adds the default role set of organizations; its roles must exist. */
  public void createDefaults() {
    ObjectNode set = newRow();
    set.remove(DERIVED);
    set.put("name", "Primary role set").put("key", PREFIX + "default").put("type", "initial");
    set.putArray("role_keys").add(Roles.ADMIN).add(Roles.MEMBER);
    set.put("default_role_key", Roles.MEMBER).put("creator_role_key", Roles.ADMIN);
    rows.add(set);
  }

  /** The role set that new organizations get, or null. */
  @Nullable ObjectNode findInitial() {
    return rows.findWhere("type", "initial");
  }

  private static boolean isInitial(ObjectNode set) {
    return set.path("type").asText().equals("initial");
  }

  /** The role set with a key, or null. */
  @Nullable ObjectNode findByKey(String key) {
    return rows.findBy("key", key);
  }

  /** The role set with an id or a key, or null. */
  @Override
  public @Nullable ObjectNode find(String idOrKey) {
    ObjectNode set = rows.findBy("key", idOrKey);
    return set == null ? rows.find(idOrKey) : set;
  }

  @Override
  protected void start(ObjectNode set, ApiRequest request) {
    set.remove(DERIVED);
    String key = request.text("key");
    set.put("key", key == null ? keyOf(request.field("name").strip()) : key).put("type", "custom");
    if (request.texts("roles").isEmpty()) {
      throw ApiError.invalid("form_param_nil", "roles", "roles must name at least one role.");
    }
    addRoles(set, "roles", request.texts("roles"));
  }

  @Override
  protected void set(ObjectNode set, ApiRequest request) {
    if (request.has("name")) {
      set.put("name", InputRules.name("name", request.field("name")));
    }
    if (request.has("key")) {
      set.put("key", key(request.field("key")));
    }
    copy(set, request, "description");
    chooseRoles(set, request);
    if ("initial".equals(request.text("type"))) {
      rows.changeAll(other -> isInitial(other), other -> other.put("type", "custom"));
      set.put("type", "initial");
    }
  }

  @Override
  protected void changed(ObjectNode before, ObjectNode after) {
    moveOrganizations(before.path("key").asText(), after.path("key").asText());
  }

  private String keyOf(String name) {
    return PREFIX
        + Organizations.derivedKey(
            name, '_', "custom", key -> rows.findBy("key", PREFIX + key) != null);
  }

  private JsonNode addRoles(ApiRequest request) {
    if (request.texts("role_keys").isEmpty()) {
      throw ApiError.invalid(
          "form_param_nil", "role_keys", "role_keys must name at least one role.");
    }
    return change(
        request,
        set -> {
          addRoles(set, "role_keys", request.texts("role_keys"));
          chooseRoles(set, request);
        });
  }

  /** Gives the organizations with one role set another one. */
  private void moveOrganizations(String key, String newKey) {
    if (!key.equals(newKey)) {
      organizations.changeAll(
          row -> row.path("role_set_key").asText().equals(key),
          row -> row.put("role_set_key", newKey));
    }
  }

  private void addRoles(ObjectNode set, String parameter, List<String> added) {
    Set<String> keys = new LinkedHashSet<>(HandlerContext.texts(set.path("role_keys")));
    for (String key : added) {
      roles.get(key);
      if (!keys.add(key)) {
        throw ApiError.invalid(
            "form_param_duplicate", parameter, "The role set would have %s twice.", key);
      }
    }
    if (keys.size() > MAX_ROLES) {
      throw ApiError.invalid(
          "form_param_array_size_exceeded",
          parameter,
          "A role set has at most %s roles.",
          MAX_ROLES);
    }
    ArrayNode all = set.putArray("role_keys");
    keys.forEach(all::add);
  }

  private void chooseRoles(ObjectNode set, ApiRequest request) {
    List<String> keys = new ArrayList<>(HandlerContext.texts(set.path("role_keys")));
    for (String parameter : List.of("default_role_key", "creator_role_key")) {
      String chosen = request.text(parameter);
      if (chosen != null && !keys.contains(chosen)) {
        throw ApiError.invalid(
            "form_param_value_invalid",
            parameter,
            "%s must be one of the set's roles: %s.",
            parameter,
            String.join(", ", keys));
      }
      if (chosen != null) {
        set.put(parameter, chosen);
      }
    }
    Roles.checkCreatorPermissions(roles.get(set.path("creator_role_key").asText()));
  }

  private static String key(String key) {
    if (!KEY.matcher(key).matches()) {
      throw ApiError.invalid(
          "form_param_format_invalid",
          "key",
          "key must be %s and lowercase letters, digits and underscores.",
          PREFIX);
    }
    return key;
  }

  private JsonNode replaceRole(ApiRequest request) {
    ObjectNode set = row(request);
    String key = request.field("role_key");
    String newKey = request.field("to_role_key");
    if (!HandlerContext.texts(set.path("role_keys")).contains(key)) {
      throw ApiError.of(404, "resource_not_found", "The role set has no role %s.", key);
    }
    ObjectNode newRole = roles.get(newKey);
    if (key.equals(newKey)) {
      throw ApiError.invalid(
          "form_param_value_invalid", "to_role_key", "to_role_key must be another role.");
    }
    if (set.path("creator_role_key").asText().equals(key)) {
      Roles.checkCreatorPermissions(newRole);
    }
    roles.reassign(organizationIds(set), Map.of(key, newKey));
    return change(request, changed -> Roles.replaceInSet(changed, key, newKey));
  }

  private JsonNode replaceSet(ApiRequest request) {
    ObjectNode set = row(request);
    ObjectNode destination = destination(request, set);
    Map<String, String> mappings = mappings(request, set, destination);
    roles.reassign(organizationIds(set), mappings);
    moveOrganizations(set.path("key").asText(), destination.path("key").asText());
    rows.remove(id(set));
    if (isInitial(set)) {
      rows.change(id(destination), row -> row.put("type", "initial"));
    }
    return HandlerContext.deleted(ObjectKind.ROLE_SET, id(set));
  }

  private ObjectNode destination(ApiRequest request, ObjectNode set) {
    String key = request.field("dest_role_set_key");
    ObjectNode destination = rows.findBy("key", key);
    if (destination == null) {
      throw ApiError.notFound("role_set", key);
    }
    if (destination.path("id").equals(set.path("id"))) {
      throw ApiError.invalid(
          "form_param_value_invalid",
          "dest_role_set_key",
          "dest_role_set_key must be another role set.");
    }
    return destination;
  }

  private Map<String, String> mappings(ApiRequest request, ObjectNode set, ObjectNode destination) {
    Set<String> from = new HashSet<>(HandlerContext.texts(set.path("role_keys")));
    Set<String> to = new HashSet<>(HandlerContext.texts(destination.path("role_keys")));
    Map<String, String> mappings = new HashMap<>();
    request
        .fields()
        .path("reassignment_mappings")
        .properties()
        .forEach(mapping -> mappings.put(mapping.getKey(), mapping.getValue().asText()));
    mappings.forEach(
        (key, newKey) -> {
          if (!from.contains(key) || !to.contains(newKey)) {
            throw ApiError.of(
                422,
                "organization_role_set_reassignment_mappings_invalid",
                "%s to %s does not map a role of the set to a role of the destination.",
                key,
                newKey);
          }
        });
    Set<String> missing = new TreeSet<>(rolesInUse(organizationIds(set)));
    missing.removeAll(to);
    missing.removeAll(mappings.keySet());
    if (!missing.isEmpty()) {
      throw ApiError.of(
          422,
          "organization_role_set_reassignment_mappings_missing",
          "reassignment_mappings must say which role replaces %s.",
          String.join(", ", missing));
    }
    return mappings;
  }

  private Set<String> rolesInUse(Set<String> organizationIds) {
    Set<String> keys = new HashSet<>();
    for (String id : organizationIds) {
      memberships.by("organization_id", id).forEach(row -> keys.add(row.path("role").asText()));
      invitations.by("organization_id", id).stream()
          .filter(row -> Invitations.isPending(context, row))
          .forEach(row -> keys.add(row.path("role").asText()));
    }
    return keys;
  }

  private Set<String> organizationIds(ObjectNode set) {
    return organizations.where("role_set_key", set.path("key").asText()).stream()
        .map(Resource::id)
        .collect(Collectors.toSet());
  }

  /** A role set as Clerk shows it. */
  @Override
  public ObjectNode view(ObjectNode set) {
    Map<String, Integer> members = membersByRole(set.path("key").asText());
    ObjectNode view = set.deepCopy();
    view.remove(List.of("role_keys", "default_role_key", "creator_role_key"));
    ArrayNode items = view.putArray("roles");
    HandlerContext.texts(set.path("role_keys"))
        .forEach(key -> items.add(findRoleItem(key, members)));
    view.set("default_role", findRoleItem(set.path("default_role_key").asText(), members));
    view.set("creator_role", findRoleItem(set.path("creator_role_key").asText(), members));
    return view.putNull("role_set_migration");
  }

  /** The number of members with each role in the organizations of the role set. */
  private Map<String, Integer> membersByRole(String setKey) {
    Map<String, Integer> members = new HashMap<>();
    for (ObjectNode membership : memberships.rows()) {
      ObjectNode organization = organizations.find(membership.path("organization_id").asText());
      if (organization != null && organization.path("role_set_key").asText().equals(setKey)) {
        members.merge(membership.path("role").asText(), 1, Integer::sum);
      }
    }
    return members;
  }

  private @Nullable ObjectNode findRoleItem(String key, Map<String, Integer> members) {
    ObjectNode role = roles.findByKey(key);
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
