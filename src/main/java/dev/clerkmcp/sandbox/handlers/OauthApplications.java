package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** OAuth applications: others that users sign in to with their accounts here. */
final class OauthApplications {
  private static final int LONGEST_NAME = 256;
  private static final String URLS = "https://clerk.sandbox.invalid";

  private static final Set<String> SCOPES =
      new TreeSet<>(
          Set.of(
              "email",
              "offline_access",
              "openid",
              "private_metadata",
              "profile",
              "public_metadata",
              "user:org:read"));

  private final HandlerContext instance;
  private final Table applications;

  OauthApplications(HandlerContext instance) {
    this.instance = instance;
    this.applications = instance.table(ObjectKind.OAUTH_APPLICATION);
  }

  void register(Routes on) {
    on.on("GET /oauth_applications", this::list)
        .on("POST /oauth_applications", this::create)
        .on("GET /oauth_applications/{oauth_application_id}", this::get)
        .on("PATCH /oauth_applications/{oauth_application_id}", this::update)
        .on("DELETE /oauth_applications/{oauth_application_id}", this::delete)
        .on("PUT /oauth_applications/{oauth_application_id}/logo", this::setLogo)
        .on("POST /oauth_applications/{oauth_application_id}/rotate_secret", this::rotate)
        .on("POST /oauth_applications/{oauth_application_id}/revoke_token", this::revokeToken);
  }

  private JsonNode list(ApiRequest call) {
    String query = call.query().path("name_query").asText().toLowerCase(Locale.ROOT);
    return instance.page(
        call,
        applications.stream()
            .filter(
                application ->
                    application.path("name").asText().toLowerCase(Locale.ROOT).contains(query)
                        || application
                            .path("client_id")
                            .asText()
                            .equals(call.parameter("name_query")))
            .sorted(SortOrder.of(call, "+created_at", List.of("created_at", "name")).comparator())
            .toList());
  }

  private JsonNode get(ApiRequest call) {
    return applications.get(id(call));
  }

  private JsonNode create(ApiRequest call) {
    ObjectNode application =
        instance
            .newObject(ObjectKind.OAUTH_APPLICATION, "OAuthApplication")
            .put("instance_id", HandlerContext.ID)
            .put("client_id", instance.store().newId(""))
            .put("scopes", "profile email")
            .put("consent_screen_enabled", true)
            .put("authorize_url", URLS + "/oauth/authorize")
            .put("token_fetch_url", URLS + "/oauth/token")
            .put("user_info_url", URLS + "/oauth/userinfo")
            .put("discovery_url", URLS + "/.well-known/openid-configuration")
            .put("token_introspection_url", URLS + "/oauth/token_info");
    set(application, call);
    return withSecret(applications.add(application));
  }

  private JsonNode update(ApiRequest call) {
    return applications.change(id(call), application -> set(application, call));
  }

  private JsonNode delete(ApiRequest call) {
    applications.remove(id(call));
    return HandlerContext.deleted(ObjectKind.OAUTH_APPLICATION, id(call));
  }

  private JsonNode setLogo(ApiRequest call) {
    UploadedImage.check(call);
    return applications.change(
        id(call),
        application ->
            application.put(
                "client_image_url", URLS + "/images/" + instance.store().newId("img_")));
  }

  private JsonNode rotate(ApiRequest call) {
    return withSecret(applications.change(id(call), application -> {}));
  }

  /** No one signs in to the sandbox, so that there is no token; Clerk says nothing of it either. */
  private JsonNode revokeToken(ApiRequest call) {
    applications.get(id(call));
    return MissingNode.getInstance();
  }

  private static String id(ApiRequest call) {
    return call.variable("oauth_application_id");
  }

  /** A new secret, to be seen this once; public applications have none. */
  private ObjectNode withSecret(ObjectNode application) {
    return application.path("public").asBoolean()
        ? application
        : application.deepCopy().put("client_secret", instance.store().newSecret("client_secret"));
  }

  private static void set(ObjectNode application, ApiRequest call) {
    setName(application, call);
    setRedirects(application, call);
    String scopes = call.text("scopes");
    if (scopes != null) {
      application.put("scopes", checkedScopes(scopes));
    }
    for (String flag : List.of("consent_screen_enabled", "pkce_required", "public")) {
      if (call.has(flag)) {
        application.set(flag, call.fields().get(flag));
      }
    }
    if (application.path("dynamically_registered").asBoolean()
        && !application.path("consent_screen_enabled").asBoolean()) {
      throw ApiError.of(
          422,
          "oauth_application_consent_screen_cannot_be_disabled",
          "An application that registered itself keeps its consent screen.");
    }
    if (application.path("public").asBoolean()) {
      if (call.has("pkce_required") && !call.flag("pkce_required", true)) {
        throw ApiError.invalid(
            "form_public_client_requires_pkce",
            "pkce_required",
            "A public application has no secret, so that it cannot do without PKCE.");
      }
      application.put("pkce_required", true);
    }
  }

  private static void setName(ObjectNode application, ApiRequest call) {
    String name = call.text("name");
    if (name == null) {
      return;
    }
    if (name.isBlank()) {
      throw ApiError.missing("name");
    }
    if (name.length() > LONGEST_NAME) {
      throw ApiError.invalid(
          "form_param_max_length_exceeded",
          "name",
          "name takes at most %s characters.".formatted(LONGEST_NAME));
    }
    application.put("name", name.strip());
  }

  /** The callback URL is the older form: one instead of the list, and the first of it. */
  private static void setRedirects(ObjectNode application, ApiRequest call) {
    boolean listed = call.has("redirect_uris");
    if (!listed && !call.has("callback_url")) {
      return;
    }
    String given = listed ? "redirect_uris" : "callback_url";
    ArrayNode redirects = Json.array();
    call.texts(given).forEach(url -> redirects.add(AbsoluteUrl.checked(given, url)));
    application.put("callback_url", redirects.path(0).asText());
    application.set("redirect_uris", redirects);
  }

  private static String checkedScopes(String scopes) {
    for (String scope : scopes.strip().split(" +", -1)) {
      if (!SCOPES.contains(scope)) {
        throw ApiError.invalid(
            "form_param_value_invalid",
            "scopes",
            "scopes takes these, with blanks between them: %s."
                .formatted(String.join(", ", SCOPES)));
      }
    }
    return scopes.strip();
  }
}
