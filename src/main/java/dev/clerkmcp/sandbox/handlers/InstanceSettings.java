package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The settings of the instance, in groups. Only what somebody has set is stored. */
final class InstanceSettings {
  static final String GENERAL = "instance";
  static final String OAUTH_APPLICATIONS = "oauth_application_settings";
  static final String ORGANIZATIONS = "organization_settings";
  static final String RESTRICTIONS = "instance_restrictions";

  private static final String COMMUNICATION = "instance_communication";
  private static final String PROTECT = "instance_protect";

  /** Each group has the name of its object in Clerk's API. */
  private static final Map<String, String> SCHEMAS =
      Map.of(
          COMMUNICATION, "InstanceCommunication",
          GENERAL, "Instance",
          OAUTH_APPLICATIONS, "OAuthApplicationSettings",
          ORGANIZATIONS, "OrganizationSettings",
          PROTECT, "InstanceProtect",
          RESTRICTIONS, "InstanceRestrictions");

  private static final List<String> ENROLLMENT_MODES =
      List.of("automatic_invitation", "automatic_suggestion", "manual_invitation");

  private final HandlerContext instance;
  private final Sessions sessions;
  private final Table settings;
  private final Table roleSets;

  InstanceSettings(HandlerContext instance, Sessions sessions) {
    this.instance = instance;
    this.sessions = sessions;
    this.settings = instance.table(ObjectKind.SETTINGS);
    this.roleSets = instance.table(ObjectKind.ROLE_SET);
  }

  void register(Routes on) {
    on.on("GET /instance", this::general)
        .on("PATCH /instance", this::update)
        .on("PATCH /instance/restrictions", call -> change(call, RESTRICTIONS))
        .on("GET /instance/protect", call -> group(PROTECT))
        .on("PATCH /instance/protect", call -> change(call, PROTECT))
        .on("GET /instance/communication", call -> group(COMMUNICATION))
        .on("PATCH /instance/communication", call -> change(call, COMMUNICATION))
        .on("GET /instance/oauth_application_settings", call -> group(OAUTH_APPLICATIONS))
        .on("PATCH /instance/oauth_application_settings", this::updateOauthApplications)
        .on("GET /instance/organization_settings", call -> group(ORGANIZATIONS))
        .on("PATCH /instance/organization_settings", this::updateOrganizations)
        .on("PATCH /beta_features/instance_settings", this::updateBeta)
        .on("POST /instance/change_domain", this::changeDomain)
        .on("PUT /beta_features/domain", this::changeDomain);
  }

  /** A group of settings as it is now, such as {@link #ORGANIZATIONS}. */
  ObjectNode group(String name) {
    ObjectNode row = settings.find(name);
    ObjectNode group = defaults(name);
    if (row != null) {
      group.setAll(row);
    }
    group.remove("id");
    ObjectNode set = name.equals(ORGANIZATIONS) ? findInitialRoleSet() : null;
    return set == null
        ? group
        : group
            .put("creator_role", set.path("creator_role_key").asText())
            .put("initial_role_set_key", set.path("key").asText());
  }

  /** A group as Clerk makes it for a new development instance. */
  private ObjectNode defaults(String name) {
    ObjectNode group = instance.blank(SCHEMAS.getOrDefault(name, name));
    return switch (name) {
      case GENERAL ->
          group
              .put("environment_type", "development")
              .put("test_mode", true)
              .put("hibp", true)
              .put("from_email_address", "noreply")
              .put("progressive_sign_up", true)
              .put("enhanced_email_deliverability", false);
      case ORGANIZATIONS ->
          group
              .put("enabled", true)
              .put("max_allowed_memberships", 5)
              .put("max_allowed_roles", 10)
              .put("max_role_sets_allowed", 1)
              .put("max_allowed_domains", 10)
              .put("max_allowed_permissions", 50)
              .put("creator_role", RoleCatalog.ADMIN)
              .put("admin_delete_enabled", true);
      default -> group;
    };
  }

  /** Where there are role sets, the first one says which role creators get. */
  private @Nullable ObjectNode findInitialRoleSet() {
    return roleSets.stream()
        .filter(set -> set.path("type").asText().equals("initial"))
        .findFirst()
        .orElse(null);
  }

  /** What the object of the instance shows, which is not all that can be set. */
  private ObjectNode general(ApiRequest call) {
    ObjectNode all = group(GENERAL);
    ObjectNode shown = instance.blank("Instance");
    shown.fieldNames().forEachRemaining(field -> shown.set(field, all.path(field)));
    return shown
        .put("id", HandlerContext.ID)
        .put("environment_type", call.live() ? "production" : "development");
  }

  private JsonNode update(ApiRequest call) {
    change(call, GENERAL);
    return MissingNode.getInstance();
  }

  /** Of these settings one can be set to null: the scopes, which are then Clerk's own. */
  private JsonNode updateOauthApplications(ApiRequest call) {
    return change(
        OAUTH_APPLICATIONS,
        group -> {
          fill(group, call);
          if (call.body().has("default_scopes")) {
            group.set("default_scopes", call.body().path("default_scopes"));
          }
        });
  }

  private JsonNode updateOrganizations(ApiRequest call) {
    if (call.body().path("max_allowed_memberships").asInt() < 0) {
      throw ApiError.invalid(
          "form_param_value_invalid",
          "max_allowed_memberships",
          "max_allowed_memberships must be 0, for no limit, or more.");
    }
    if (!ENROLLMENT_MODES.containsAll(call.texts("domains_enrollment_modes"))) {
      throw ApiError.invalid(
          "form_param_value_invalid",
          "domains_enrollment_modes",
          "domains_enrollment_modes takes %s.".formatted(String.join(", ", ENROLLMENT_MODES)));
    }
    setCreatorRole(call.text("creator_role_id"));
    return change(
        ORGANIZATIONS,
        group -> {
          fill(group, call);
          setRole(group, call, "creator_role");
          setRole(group, call, "domains_default_role");
        });
  }

  private void setCreatorRole(@Nullable String id) {
    if (id == null) {
      return;
    }
    ObjectNode role = instance.table(ObjectKind.ROLE).get(id);
    RoleCatalog.checkCreator(role);
    String key = role.path("key").asText();
    ObjectNode set = findInitialRoleSet();
    if (set != null) {
      new RoleUses(instance).addToInitialSet(key);
      roleSets.change(set.path("id").asText(), row -> row.put("creator_role_key", key));
    }
  }

  /** Roles come by id, and show by key. */
  private void setRole(ObjectNode group, ApiRequest call, String field) {
    group.remove(field + "_id");
    String id = call.text(field + "_id");
    if (id != null) {
      group.put(field, instance.table(ObjectKind.ROLE).get(id).path("key").asText());
    }
  }

  private JsonNode updateBeta(ApiRequest call) {
    String sender = call.text("from_email_address");
    if (sender != null && !sender.matches("[A-Za-z0-9]+")) {
      throw ApiError.invalid(
          "form_param_format_invalid",
          "from_email_address",
          "from_email_address is the part before the @, of letters and digits.");
    }
    ObjectNode general =
        change(
            GENERAL,
            group ->
                List.of("from_email_address", "progressive_sign_up", "test_mode")
                    .forEach(
                        field -> {
                          if (call.has(field)) {
                            group.set(field, call.body().path(field));
                          }
                        }));
    ObjectNode restrictions =
        change(
            RESTRICTIONS,
            group -> {
              if (call.has("restricted_to_allowlist")) {
                group.set("allowlist", call.body().path("restricted_to_allowlist"));
              }
            });
    ObjectNode answer = instance.blankAnswer(call).put("id", HandlerContext.ID);
    answer.put("restricted_to_allowlist", restrictions.path("allowlist").asBoolean());
    for (String field :
        List.of("from_email_address", "progressive_sign_up", "enhanced_email_deliverability")) {
      answer.set(field, general.path(field));
    }
    return answer;
  }

  /** With the domain, every session of the instance ends. */
  private JsonNode changeDomain(ApiRequest call) {
    String url = call.body().path("home_url").asText("");
    if (url.isEmpty()) {
      throw ApiError.missing("home_url");
    }
    String homeUrl = AbsoluteUrl.https("home_url", url).toString();
    change(GENERAL, group -> group.put("home_url", homeUrl));
    instance
        .table(ObjectKind.USER)
        .rows()
        .forEach(user -> sessions.revokeAll(user.path("id").asText()));
    return MissingNode.getInstance();
  }

  private ObjectNode change(ApiRequest call, String name) {
    return change(name, group -> fill(group, call));
  }

  private ObjectNode change(String name, Consumer<ObjectNode> change) {
    if (settings.find(name) == null) {
      settings.add(Json.object().put("id", name));
    }
    settings.change(name, change);
    return group(name);
  }

  /** Takes over what is given; null counts as not given. */
  private static void fill(ObjectNode group, ApiRequest call) {
    for (Map.Entry<String, JsonNode> field : call.fields().properties()) {
      if (!field.getValue().isNull()) {
        group.set(field.getKey(), field.getValue());
      }
    }
  }
}
