package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Takes a role out of a role set, or a role set away, and gives those who had it another. */
final class RoleSetReplacement {
  private final HandlerContext instance;
  private final RoleSets roleSets;
  private final Table sets;
  private final Table memberships;
  private final Table invitations;
  private final RoleCatalog roles;
  private final RoleUses uses;
  private final RoleSetView view;

  RoleSetReplacement(HandlerContext instance, RoleSets roleSets) {
    this.instance = instance;
    this.roleSets = roleSets;
    this.sets = instance.table(ObjectKind.ROLE_SET);
    this.memberships = instance.table(ObjectKind.ORGANIZATION_MEMBERSHIP);
    this.invitations = instance.table(ObjectKind.ORGANIZATION_INVITATION);
    this.roles = new RoleCatalog(instance);
    this.uses = new RoleUses(instance);
    this.view = new RoleSetView(instance);
  }

  void register(Routes on) {
    on.on("POST /role_sets/{role_set_key_or_id}/roles/replace", this::replaceRole)
        .on("POST /role_sets/{role_set_key_or_id}/replace", this::replaceSet);
  }

  private JsonNode replaceRole(ApiRequest call) {
    ObjectNode set = roleSets.set(call);
    String key = call.fields().path("role_key").asText();
    String newKey = call.fields().path("to_role_key").asText();
    if (!RoleCatalog.texts(set.path("role_keys")).contains(key)) {
      throw ApiError.of(404, "resource_not_found", "The role set has no role %s.".formatted(key));
    }
    ObjectNode newRole = roles.get(newKey);
    if (key.equals(newKey)) {
      throw ApiError.invalid(
          "form_param_value_invalid", "to_role_key", "to_role_key must be another role.");
    }
    if (set.path("creator_role_key").asText().equals(key)) {
      RoleCatalog.checkCreator(newRole);
    }
    uses.reassign(organizations(set), Map.of(key, newKey));
    return view.of(
        sets.change(set.path("id").asText(), changed -> RoleUses.replaceIn(changed, key, newKey)));
  }

  private JsonNode replaceSet(ApiRequest call) {
    ObjectNode set = roleSets.set(call);
    ObjectNode destination = destination(call, set);
    Map<String, String> mappings = mappings(call, set, destination);
    uses.reassign(organizations(set), mappings);
    roleSets.moveOrganizations(set.path("key").asText(), destination.path("key").asText());
    if (set.path("type").asText().equals("initial")) {
      roleSets.makeInitial(destination.path("id").asText());
    }
    sets.remove(set.path("id").asText());
    return HandlerContext.deleted(ObjectKind.ROLE_SET, set.path("id").asText());
  }

  private ObjectNode destination(ApiRequest call, ObjectNode set) {
    String key = call.fields().path("dest_role_set_key").asText();
    ObjectNode destination = roleSets.find(key);
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

  private Map<String, String> mappings(ApiRequest call, ObjectNode set, ObjectNode destination) {
    Set<String> from = new HashSet<>(RoleCatalog.texts(set.path("role_keys")));
    Set<String> to = new HashSet<>(RoleCatalog.texts(destination.path("role_keys")));
    Map<String, String> mappings = new HashMap<>();
    call.fields()
        .path("reassignment_mappings")
        .properties()
        .forEach(mapping -> mappings.put(mapping.getKey(), mapping.getValue().asText()));
    mappings.forEach(
        (key, newKey) -> {
          if (!from.contains(key) || !to.contains(newKey)) {
            throw ApiError.of(
                422,
                "organization_role_set_reassignment_mappings_invalid",
                "%s to %s is no mapping from a role of the set to one of the destination's."
                    .formatted(key, newKey));
          }
        });
    Set<String> missing = new TreeSet<>(rolesInUse(organizations(set)));
    missing.removeAll(to);
    missing.removeAll(mappings.keySet());
    if (!missing.isEmpty()) {
      throw ApiError.of(
          422,
          "organization_role_set_reassignment_mappings_missing",
          "reassignment_mappings must say which role takes the place of %s."
              .formatted(String.join(", ", missing)));
    }
    return mappings;
  }

  private Set<String> rolesInUse(Set<String> organizationIds) {
    Set<String> keys = new HashSet<>();
    for (String id : organizationIds) {
      memberships.by("organization_id", id).forEach(row -> keys.add(row.path("role").asText()));
      invitations.by("organization_id", id).stream()
          .filter(row -> InvitationState.isPending(row, instance.now()))
          .forEach(row -> keys.add(row.path("role").asText()));
    }
    return keys;
  }

  private Set<String> organizations(ObjectNode set) {
    List<ObjectNode> having = roleSets.having(set.path("key").asText());
    return having.stream().map(row -> row.path("id").asText()).collect(Collectors.toSet());
  }
}
