package dev.clerkmcp.sandbox.handlers.instance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.organization.OrganizationSettings;
import dev.clerkmcp.sandbox.handlers.organization.Roles;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.handlers.support.Restrictions;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.handlers.user.Sessions;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Handles the instance endpoints: its settings, in groups. Only values that were set are stored.
 */
public final class InstanceSettings {
  static final String GENERAL = "instance";
  static final String OAUTH_APPLICATIONS = "oauth_application_settings";
  static final String ORGANIZATIONS = OrganizationSettings.ID;
  static final String RESTRICTIONS = Restrictions.SETTINGS;

  private static final String COMMUNICATION = "instance_communication";
  private static final String PROTECT = "instance_protect";

  /** Clerk's schema of each group. */
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

  private final HandlerContext context;
  private final Sessions sessions;
  private final Roles roles;
  private final Table settings;
  private final Table roleSets;

  public InstanceSettings(HandlerContext context, Sessions sessions, Roles roles) {
    this.context = context;
    this.sessions = sessions;
    this.roles = roles;
    this.settings = context.table(ObjectKind.SETTINGS);
    this.roleSets = context.table(ObjectKind.ROLE_SET);
  }

  public void register(Routes routes) {
    routes
        .on("GET /instance", this::general)
        .on("PATCH /instance", this::update)
        .on("PATCH /instance/restrictions", request -> change(request, RESTRICTIONS))
        .on("GET /instance/protect", request -> group(PROTECT))
        .on("PATCH /instance/protect", request -> change(request, PROTECT))
        .on("GET /instance/communication", request -> group(COMMUNICATION))
        .on("PATCH /instance/communication", request -> change(request, COMMUNICATION))
        .on("GET /instance/oauth_application_settings", request -> group(OAUTH_APPLICATIONS))
        .on("PATCH /instance/oauth_application_settings", this::updateOauthApplications)
        .on("GET /instance/organization_settings", request -> group(ORGANIZATIONS))
        .on("PATCH /instance/organization_settings", this::updateOrganizations)
        .on("PATCH /beta_features/instance_settings", this::updateBeta)
        .on("POST /instance/change_domain", this::changeDomain)
        .on("PUT /beta_features/domain", this::changeDomain);
  }

  /** The current values of a group of settings, such as {@link #ORGANIZATIONS}. */
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

  /** The values of a group in a new development instance. */
  private ObjectNode defaults(String name) {
    ObjectNode group = context.template(SCHEMAS.getOrDefault(name, name));
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
              .put("max_allowed_memberships", OrganizationSettings.DEFAULT_MEMBERSHIPS)
              .put("max_allowed_roles", OrganizationSettings.DEFAULT_ROLES)
              .put("max_role_sets_allowed", 1)
              .put("max_allowed_domains", OrganizationSettings.DEFAULT_DOMAINS)
              .put("max_allowed_permissions", 50)
              .put("creator_role", Roles.ADMIN)
              .put("admin_delete_enabled", true);
      default -> group;
    };
  }

  /** The role set of new organizations, or null. It decides which role creators get. */
  private @Nullable ObjectNode findInitialRoleSet() {
    return roleSets.stream()
        .filter(set -> set.path("type").asText().equals("initial"))
        .findFirst()
        .orElse(null);
  }

  /** The settings that the object of the instance shows; others can only be set. */
  private ObjectNode general(ApiRequest request) {
    ObjectNode all = group(GENERAL);
    ObjectNode shown = context.template("Instance");
    shown.fieldNames().forEachRemaining(field -> shown.set(field, all.path(field)));
    return shown
        .put("id", HandlerContext.INSTANCE_ID)
        .put("environment_type", request.live() ? "production" : "development");
  }

  private JsonNode update(ApiRequest request) {
    change(request, GENERAL);
    return MissingNode.getInstance();
  }

  /**
   * Updates the settings. Only the default scopes can be set to null, which resets them to Clerk's.
   */
  private JsonNode updateOauthApplications(ApiRequest request) {
    return change(
        OAUTH_APPLICATIONS,
        group -> {
          fill(group, request);
          if (request.body().has("default_scopes")) {
            group.set("default_scopes", request.body().path("default_scopes"));
          }
        });
  }

  private JsonNode updateOrganizations(ApiRequest request) {
    if (request.body().path("max_allowed_memberships").asInt() < 0) {
      throw ApiError.invalid(
          "form_param_value_invalid",
          "max_allowed_memberships",
          "max_allowed_memberships must be 0, for no limit, or more.");
    }
    if (!ENROLLMENT_MODES.containsAll(request.texts("domains_enrollment_modes"))) {
      throw ApiError.invalid(
          "form_param_value_invalid",
          "domains_enrollment_modes",
          "domains_enrollment_modes takes %s.",
          String.join(", ", ENROLLMENT_MODES));
    }
    setCreatorRole(request.text("creator_role_id"));
    return change(
        ORGANIZATIONS,
        group -> {
          fill(group, request);
          setRole(group, request, "creator_role");
          setRole(group, request, "domains_default_role");
        });
  }

  private void setCreatorRole(@Nullable String id) {
    if (id == null) {
      return;
    }
    ObjectNode role = context.table(ObjectKind.ROLE).get(id);
    Roles.checkCreatorPermissions(role);
    String key = role.path("key").asText();
    ObjectNode set = findInitialRoleSet();
    if (set != null) {
      roles.addToInitialSet(key);
      roleSets.change(set.path("id").asText(), row -> row.put("creator_role_key", key));
    }
  }

  /** Sets a role, which requests name by id and responses by key. */
  private void setRole(ObjectNode group, ApiRequest request, String field) {
    group.remove(field + "_id");
    String id = request.text(field + "_id");
    if (id != null) {
      group.put(field, context.table(ObjectKind.ROLE).get(id).path("key").asText());
    }
  }

  private JsonNode updateBeta(ApiRequest request) {
    String sender = request.text("from_email_address");
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
                          if (request.has(field)) {
                            group.set(field, request.body().path(field));
                          }
                        }));
    ObjectNode restrictions =
        change(
            RESTRICTIONS,
            group -> {
              if (request.has("restricted_to_allowlist")) {
                group.set("allowlist", request.body().path("restricted_to_allowlist"));
              }
            });
    ObjectNode answer = context.responseTemplate(request).put("id", HandlerContext.INSTANCE_ID);
    answer.put("restricted_to_allowlist", restrictions.path("allowlist").asBoolean());
    for (String field :
        List.of("from_email_address", "progressive_sign_up", "enhanced_email_deliverability")) {
      answer.set(field, general.path(field));
    }
    return answer;
  }

  /** Changes the instance's domain, which ends every session. */
  private JsonNode changeDomain(ApiRequest request) {
    String url = request.body().path("home_url").asText("");
    if (url.isEmpty()) {
      throw ApiError.missing("home_url");
    }
    String homeUrl = InputRules.httpsUrl("home_url", url).toString();
    change(GENERAL, group -> group.put("home_url", homeUrl));
    context
        .table(ObjectKind.USER)
        .rows()
        .forEach(user -> sessions.revokeAll(user.path("id").asText()));
    return MissingNode.getInstance();
  }

  private ObjectNode change(ApiRequest request, String name) {
    return change(name, group -> fill(group, request));
  }

  private ObjectNode change(String name, Consumer<ObjectNode> change) {
    if (settings.find(name) == null) {
      settings.add(Json.object().put("id", name));
    }
    settings.change(name, change);
    return group(name);
  }

  /** Sets the given fields; null counts as absent. */
  private static void fill(ObjectNode group, ApiRequest request) {
    for (Map.Entry<String, JsonNode> field : request.fields().properties()) {
      if (!field.getValue().isNull()) {
        group.set(field.getKey(), field.getValue());
      }
    }
  }
}
