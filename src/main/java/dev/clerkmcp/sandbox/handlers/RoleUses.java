package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Where the keys of roles stand: with members, invitations, role sets and the settings. */
final class RoleUses {
  private final HandlerContext instance;
  private final Table memberships;
  private final Table invitations;
  private final Table sets;
  private final Table settings;
  private final OrganizationDefaults defaults;

  RoleUses(HandlerContext instance) {
    this.instance = instance;
    this.memberships = instance.table(ObjectKind.ORGANIZATION_MEMBERSHIP);
    this.invitations = instance.table(ObjectKind.ORGANIZATION_INVITATION);
    this.sets = instance.table(ObjectKind.ROLE_SET);
    this.settings = instance.table(ObjectKind.SETTINGS);
    this.defaults = new OrganizationDefaults(instance);
  }

  /** Follows a role to its new key. */
  void rename(String key, String newKey) {
    for (Table table : List.of(memberships, invitations)) {
      each(table, row -> has(row, "role", key), row -> row.put("role", newKey));
    }
    each(sets, row -> holds(row, key), row -> replaceIn(row, key, newKey));
    for (String field : List.of("creator_role", "domains_default_role")) {
      each(settings, row -> has(row, field, key), row -> row.put(field, newKey));
    }
  }

  /**
   * Puts a role in the place of another in a row of a role set, also as default and for creators.
   */
  static void replaceIn(ObjectNode set, String key, String newKey) {
    List<String> keys = RoleCatalog.texts(set.path("role_keys"));
    ArrayNode replaced = set.putArray("role_keys");
    keys.stream().map(held -> held.equals(key) ? newKey : held).distinct().forEach(replaced::add);
    for (String field : List.of("default_role_key", "creator_role_key")) {
      if (has(set, field, key)) {
        set.put(field, newKey);
      }
    }
  }

  /** Gives members and those who are invited the roles that theirs are mapped to. */
  void reassign(Set<String> organizationIds, Map<String, String> mappings) {
    for (Table table : List.of(memberships, invitations)) {
      each(
          table,
          row ->
              organizationIds.contains(row.path("organization_id").asText())
                  && mappings.containsKey(row.path("role").asText()),
          row -> row.put("role", mappings.get(row.path("role").asText())));
    }
  }

  /** Offers a role to the organizations that are created without a role set. */
  void addToInitialSet(String key) {
    each(
        sets,
        row -> has(row, "type", "initial") && !holds(row, key),
        row -> row.withArray("/role_keys").add(key));
  }

  void removeFromSets(String key) {
    each(
        sets,
        row -> holds(row, key),
        row -> {
          List<String> keys = RoleCatalog.texts(row.path("role_keys"));
          ArrayNode rest = row.putArray("role_keys");
          keys.stream().filter(held -> !held.equals(key)).forEach(rest::add);
        });
  }

  /** Refuses a role that creators get, and that has lost what they need. */
  void checkCreator(ObjectNode role) {
    if (isCreatorRole(role.path("key").asText())) {
      RoleCatalog.checkCreator(role);
    }
  }

  /**
   * Refuses to let a role go that somebody has or will get.
   *
   * @throws ApiError with status 422
   */
  void refuseInUse(String key) {
    if (isCreatorRole(key)) {
      throw inUse("organization_role_default_creator_role", key, "creators get it");
    }
    boolean ofDomains = defaults.domainsDefaultRole().equals(key);
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

  /** Where there are role sets, they say; else the settings do. */
  private boolean isCreatorRole(String key) {
    return sets.size() == 0
        ? defaults.creatorRole().equals(key)
        : sets.stream().anyMatch(set -> has(set, "creator_role_key", key));
  }

  private Stream<ObjectNode> pendingInvitations() {
    return invitations.stream().filter(row -> InvitationState.isPending(row, instance.now()));
  }

  private static ApiError inUse(String code, String key, String why) {
    return ApiError.of(422, code, "%s cannot be deleted while %s.".formatted(key, why));
  }

  private static boolean holds(ObjectNode set, String key) {
    return RoleCatalog.texts(set.path("role_keys")).contains(key);
  }

  private static boolean has(ObjectNode row, String field, String key) {
    return row.path(field).asText().equals(key);
  }

  private static void each(Table table, Predicate<ObjectNode> which, Consumer<ObjectNode> change) {
    for (ObjectNode row : table.stream().filter(which).toList()) {
      table.change(row.path("id").asText(), change);
    }
  }
}
