package dev.clerkmcp.sandbox.handlers.machine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.handlers.support.OldListQuery;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Handles the endpoints of OAuth applications: other applications that users sign in to with their
 * accounts of this Clerk instance.
 */
public final class OauthApplications {
  private static final int MAX_NAME = 256;
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

  private final HandlerContext context;
  private final Table applications;

  public OauthApplications(HandlerContext context) {
    this.context = context;
    this.applications = context.table(ObjectKind.OAUTH_APPLICATION);
  }

  public void register(Routes routes) {
    routes
        .on("GET /oauth_applications", this::list)
        .on("POST /oauth_applications", this::create)
        .on("GET /oauth_applications/{oauth_application_id}", this::get)
        .on("PATCH /oauth_applications/{oauth_application_id}", this::update)
        .on("DELETE /oauth_applications/{oauth_application_id}", this::delete)
        .on("PUT /oauth_applications/{oauth_application_id}/logo", this::setLogo)
        .on("POST /oauth_applications/{oauth_application_id}/rotate_secret", this::rotate)
        .on("POST /oauth_applications/{oauth_application_id}/revoke_token", this::revokeToken)
        .on("POST /oauth_applications/access_tokens/verify", this::verifyToken);
  }

  private JsonNode list(ApiRequest request) {
    String query = request.query().path("name_query").asText().toLowerCase(Locale.ROOT);
    return context.page(
        request,
        applications.stream()
            .filter(
                application ->
                    application.path("name").asText().toLowerCase(Locale.ROOT).contains(query)
                        || application
                            .path("client_id")
                            .asText()
                            .equals(request.parameter("name_query")))
            .sorted(
                OldListQuery.order(request, "+created_at", List.of("created_at", "name"))
                    .comparator())
            .toList());
  }

  private JsonNode get(ApiRequest request) {
    return applications.get(id(request));
  }

  private JsonNode create(ApiRequest request) {
    ObjectNode application =
        context
            .newObject(ObjectKind.OAUTH_APPLICATION, "OAuthApplication")
            .put("instance_id", HandlerContext.INSTANCE_ID)
            .put("client_id", context.store().newId(""))
            .put("scopes", "profile email")
            .put("consent_screen_enabled", true)
            .put("authorize_url", URLS + "/oauth/authorize")
            .put("token_fetch_url", URLS + "/oauth/token")
            .put("user_info_url", URLS + "/oauth/userinfo")
            .put("discovery_url", URLS + "/.well-known/openid-configuration")
            .put("token_introspection_url", URLS + "/oauth/token_info");
    set(application, request);
    return withSecret(applications.add(application));
  }

  private JsonNode update(ApiRequest request) {
    return applications.change(id(request), application -> set(application, request));
  }

  private JsonNode delete(ApiRequest request) {
    applications.remove(id(request));
    return HandlerContext.deleted(ObjectKind.OAUTH_APPLICATION, id(request));
  }

  private JsonNode setLogo(ApiRequest request) {
    InputRules.checkImage(request);
    return applications.change(
        id(request),
        application ->
            application.put(
                "client_image_url", HandlerContext.imageUrl(context.store().newId("img_"))));
  }

  private JsonNode rotate(ApiRequest request) {
    return withSecret(applications.change(id(request), application -> {}));
  }

  /** Accepts any token: the sandbox has none, and Clerk does not report unknown ones. */
  private JsonNode revokeToken(ApiRequest request) {
    applications.get(id(request));
    return MissingNode.getInstance();
  }

  /** No user signs in to an application of the sandbox, so no token is active. */
  private JsonNode verifyToken(ApiRequest request) {
    if (!request.has("access_token") && !request.has("secret")) {
      throw ApiError.missing("access_token");
    }
    return Json.object().put("active", false);
  }

  private static String id(ApiRequest request) {
    return request.variable("oauth_application_id");
  }

  /** Adds a new secret to the response, which shows it only once; public applications have none. */
  private ObjectNode withSecret(ObjectNode application) {
    return application.path("public").asBoolean()
        ? application
        : application.deepCopy().put("client_secret", context.store().newSecret("client_secret"));
  }

  private static void set(ObjectNode application, ApiRequest request) {
    setName(application, request);
    setRedirects(application, request);
    String scopes = request.text("scopes");
    if (scopes != null) {
      application.put("scopes", checkedScopes(scopes));
    }
    for (String flag : List.of("consent_screen_enabled", "pkce_required", "public")) {
      if (request.has(flag)) {
        application.set(flag, request.fields().get(flag));
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
      if (request.has("pkce_required") && !request.flag("pkce_required", true)) {
        throw ApiError.invalid(
            "form_public_client_requires_pkce",
            "pkce_required",
            "A public application has no secret, so it needs PKCE.");
      }
      application.put("pkce_required", true);
    }
  }

  private static void setName(ObjectNode application, ApiRequest request) {
    String name = request.text("name");
    if (name == null) {
      return;
    }
    if (name.isBlank()) {
      throw ApiError.missing("name");
    }
    if (name.length() > MAX_NAME) {
      throw ApiError.invalid(
          "form_param_max_length_exceeded",
          "name",
          "name takes at most %s characters.".formatted(MAX_NAME));
    }
    application.put("name", name.strip());
  }

  /** Sets the redirect URLs. The callback URL is an older form for a single one. */
  private static void setRedirects(ObjectNode application, ApiRequest request) {
    boolean listed = request.has("redirect_uris");
    if (!listed && !request.has("callback_url")) {
      return;
    }
    String given = listed ? "redirect_uris" : "callback_url";
    ArrayNode redirects = Json.array();
    request.texts(given).forEach(url -> redirects.add(InputRules.url(given, url)));
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
