package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Role sets: which roles the members of an organization can have. */
final class RoleSets {
  static final int MOST_ROLES = 10;

  private static final String PREFIX = "role_set:";
  private static final Pattern KEY = Pattern.compile(PREFIX + "[a-z0-9_]+");

  private final HandlerContext instance;
  private final Table sets;
  private final Table organizations;
  private final RoleCatalog roles;
  private final RoleSetView view;

  RoleSets(HandlerContext instance) {
    this.instance = instance;
    this.sets = instance.table(ObjectKind.ROLE_SET);
    this.organizations = instance.table(ObjectKind.ORGANIZATION);
    this.roles = new RoleCatalog(instance);
    this.view = new RoleSetView(instance);
  }

  void register(Routes on) {
    on.on("GET /role_sets", this::list)
        .on("POST /role_sets", this::create)
        .on("GET /role_sets/{role_set_key_or_id}", call -> view.of(set(call)))
        .on("PATCH /role_sets/{role_set_key_or_id}", this::update)
        .on("POST /role_sets/{role_set_key_or_id}/roles", this::addRoles);
    new RoleSetReplacement(instance, this).register(on);
  }

  /**
   * Adds the role set that organizations get where nothing else is said; its roles must be there.
   */
  void createDefaults() {
    ObjectNode set = row("Primary role set", PREFIX + "default").put("type", "initial");
    set.putArray("role_keys").add(RoleCatalog.ADMIN).add(RoleCatalog.MEMBER);
    set.put("default_role_key", RoleCatalog.MEMBER).put("creator_role_key", RoleCatalog.ADMIN);
    sets.add(set);
  }

  /** The role set that new organizations get, if there is one. */
  @Nullable ObjectNode findInitial() {
    return sets.stream()
        .filter(set -> set.path("type").asText().equals("initial"))
        .findFirst()
        .orElse(null);
  }

  /** The role set with a key, if there is one. */
  @Nullable ObjectNode find(String key) {
    return sets.findBy("key", key);
  }

  /** The role set in the path, which may stand there by id or by key. */
  ObjectNode set(ApiRequest call) {
    String name = call.variable("role_set_key_or_id");
    ObjectNode set = find(name);
    return set == null ? sets.get(name) : set;
  }

  private JsonNode list(ApiRequest call) {
    SortOrder order = SortOrder.of(call, "-created_at", List.of("created_at", "name", "key"));
    return instance.page(
        call,
        sets.stream()
            .filter(NameQuery.of(call, List.of("name", "key")))
            .sorted(order.comparator())
            .map(view::of)
            .toList());
  }

  private JsonNode create(ApiRequest call) {
    String name = NameRules.of("name", call.fields().path("name").asText());
    String given = call.text("key");
    ObjectNode set =
        row(name, given == null ? keyOf(name) : key(given))
            .put("description", call.text("description"))
            .put("type", "custom");
    if (call.texts("roles").isEmpty()) {
      throw ApiError.invalid("form_param_nil", "roles", "roles must name at least one role.");
    }
    addRoles(set, "roles", call.texts("roles"));
    chooseRoles(set, call);
    sets.add(set);
    return view.of(
        "initial".equals(call.text("type")) ? makeInitial(set.path("id").asText()) : set);
  }

  private String keyOf(String name) {
    return PREFIX + NameRules.derived(name, '_', "custom", key -> find(PREFIX + key) != null);
  }

  private JsonNode update(ApiRequest call) {
    ObjectNode before = set(call);
    String name = call.text("name");
    String key = call.text("key");
    ObjectNode after =
        sets.change(
            before.path("id").asText(),
            set -> {
              if (name != null) {
                set.put("name", NameRules.of("name", name));
              }
              if (key != null) {
                set.put("key", key(key));
              }
              if (call.has("description")) {
                set.put("description", call.text("description"));
              }
              chooseRoles(set, call);
            });
    if (key != null) {
      moveOrganizations(before.path("key").asText(), key);
    }
    return view.of(call.has("type") ? makeInitial(after.path("id").asText()) : after);
  }

  private JsonNode addRoles(ApiRequest call) {
    if (call.texts("role_keys").isEmpty()) {
      throw ApiError.invalid(
          "form_param_nil", "role_keys", "role_keys must name at least one role.");
    }
    return view.of(
        sets.change(
            set(call).path("id").asText(),
            set -> {
              addRoles(set, "role_keys", call.texts("role_keys"));
              chooseRoles(set, call);
            }));
  }

  /** Makes a role set the one that new organizations get; there is only one. */
  ObjectNode makeInitial(String id) {
    ObjectNode before = findInitial();
    if (before != null) {
      sets.change(before.path("id").asText(), set -> set.put("type", "custom"));
    }
    return sets.change(id, set -> set.put("type", "initial"));
  }

  /** Gives the organizations that have one role set another. */
  void moveOrganizations(String key, String newKey) {
    for (ObjectNode organization : having(key)) {
      organizations.change(
          organization.path("id").asText(), row -> row.put("role_set_key", newKey));
    }
  }

  /** The organizations that have a role set. */
  List<ObjectNode> having(String key) {
    return organizations.stream()
        .filter(row -> row.path("role_set_key").asText().equals(key))
        .toList();
  }

  private void addRoles(ObjectNode set, String parameter, List<String> added) {
    Set<String> keys = new LinkedHashSet<>(RoleCatalog.texts(set.path("role_keys")));
    for (String key : added) {
      roles.get(key);
      if (!keys.add(key)) {
        throw ApiError.invalid(
            "form_param_duplicate", parameter, "The role set would have %s twice.".formatted(key));
      }
    }
    if (keys.size() > MOST_ROLES) {
      throw ApiError.invalid(
          "form_param_array_size_exceeded",
          parameter,
          "A role set has at most %s roles.".formatted(MOST_ROLES));
    }
    ArrayNode all = set.putArray("role_keys");
    keys.forEach(all::add);
  }

  private void chooseRoles(ObjectNode set, ApiRequest call) {
    List<String> keys = new ArrayList<>(RoleCatalog.texts(set.path("role_keys")));
    for (String parameter : List.of("default_role_key", "creator_role_key")) {
      String chosen = call.text(parameter);
      if (chosen != null && !keys.contains(chosen)) {
        throw ApiError.invalid(
            "form_param_value_invalid",
            parameter,
            "%s must be one of the set's roles: %s.".formatted(parameter, String.join(", ", keys)));
      }
      if (chosen != null) {
        set.put(parameter, chosen);
      }
    }
    RoleCatalog.checkCreator(roles.get(set.path("creator_role_key").asText()));
  }

  private ObjectNode row(String name, String key) {
    ObjectNode set = instance.newObject(ObjectKind.ROLE_SET, "RoleSet");
    set.remove(List.of("roles", "default_role", "creator_role", "role_set_migration"));
    return set.put("name", name).put("key", key);
  }

  private static String key(String key) {
    if (!KEY.matcher(key).matches()) {
      throw ApiError.invalid(
          "form_param_format_invalid",
          "key",
          "key must be %s and small letters, digits and underscores.".formatted(PREFIX));
    }
    return key;
  }
}
