package dev.clerkmcp.sandbox.handlers.machine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.Credentials;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Handles the endpoints of OAuth applications: other applications that users sign in to with their
 * accounts of this Clerk instance.
 */
public final class OauthApplications extends Resource {
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

  private final Credentials tokens;

  public OauthApplications(HandlerContext context) {
    super(context, ObjectKind.OAUTH_APPLICATION, "/oauth_applications");
    this.tokens = new Credentials(context, ObjectKind.OAUTH_ACCESS_TOKEN);
  }

  @Override
  public void register(Routes routes) {
    super.register(routes);
    String one = "/oauth_applications/{oauth_application_id}/";
    routes
        .on("PUT " + one + "logo", this::setLogo)
        .on("POST " + one + "rotate_secret", this::rotate)
        .on("POST " + one + "revoke_token", this::revokeToken)
        .on("POST /oauth_applications/access_tokens/verify", this::verifyToken);
  }

  /** The parameter {@code name_query} finds client ids too, but only whole ones. */
  @Override
  protected JsonNode page(ApiRequest request, Stream<ObjectNode> found) {
    ObjectNode known = rows.findWhere("client_id", request.query().path("name_query").asText());
    return known == null ? super.page(request, found) : context.page(request, List.of(known));
  }

  @Override
  protected void start(ObjectNode application, ApiRequest request) {
    application
        .put("instance_id", HandlerContext.INSTANCE_ID)
        .put("client_id", context.store().newId(""))
        .put("scopes", "profile email")
        .put("consent_screen_enabled", true)
        .put("authorize_url", URLS + "/oauth/authorize")
        .put("token_fetch_url", URLS + "/oauth/token")
        .put("user_info_url", URLS + "/oauth/userinfo")
        .put("discovery_url", URLS + "/.well-known/openid-configuration")
        .put("token_introspection_url", URLS + "/oauth/token_info");
  }

  @Override
  protected JsonNode added(ObjectNode application, ApiRequest request) {
    return withSecret(application);
  }

  private JsonNode setLogo(ApiRequest request) {
    InputRules.checkImage(request);
    String image = HandlerContext.imageUrl(context.store().newId("img_"));
    return change(request, application -> application.put("client_image_url", image));
  }

  private JsonNode rotate(ApiRequest request) {
    return withSecret(change(request, application -> {}));
  }

  /** Like Clerk, says nothing of a token that it does not know. */
  private JsonNode revokeToken(ApiRequest request) {
    ObjectNode application = row(request);
    for (ObjectNode token : tokens.table().rows()) {
      if (Credentials.secret(token).equals(request.field("token"))
          && token.path("client_id").equals(application.path("client_id"))) {
        tokens.table().change(id(token), row -> row.put("revoked", true));
        break;
      }
    }
    return MissingNode.getInstance();
  }

  private JsonNode verifyToken(ApiRequest request) {
    String token = request.text(request.has("access_token") ? "access_token" : "secret");
    if (token == null) {
      throw ApiError.missing("access_token");
    }
    ObjectNode view = tokens.verify(token);
    view.remove("last_used_at");
    return view;
  }

  /** Adds a token with which an application acts for a user, as a sign-in makes it; returns it. */
  public String addToken(String applicationId, String userId, long expiresAt) {
    ObjectNode application = rows.get(applicationId);
    ObjectNode token =
        Json.object()
            .put("object", "clerk_idp_oauth_access_token")
            .put("id", context.store().newHexId(ObjectKind.OAUTH_ACCESS_TOKEN.prefix()))
            .put("client_id", application.path("client_id").asText())
            .put("subject", userId)
            .put("revoked", false)
            .putNull("revocation_reason")
            .put("expiration", expiresAt)
            .put("created_at", context.now())
            .put("updated_at", context.now());
    List.of(application.path("scopes").asText().split(" ", -1))
        .forEach(token.putArray("scopes")::add);
    return Credentials.secret(tokens.add(token, context.store().newSecret("oat_sandbox")));
  }

  /** Adds a new secret to the response, which shows it only once; public applications have none. */
  private ObjectNode withSecret(ObjectNode application) {
    return application.path("public").asBoolean()
        ? application
        : application.deepCopy().put("client_secret", context.store().newSecret("client_secret"));
  }

  @Override
  protected void set(ObjectNode application, ApiRequest request) {
    setName(application, request);
    setRedirects(application, request);
    String scopes = request.text("scopes");
    if (scopes != null) {
      application.put("scopes", checkedScopes(scopes));
    }
    copy(application, request, "consent_screen_enabled", "pkce_required", "public");
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
          "form_param_max_length_exceeded", "name", "name takes at most %s characters.", MAX_NAME);
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
            "scopes takes these, with blanks between them: %s.",
            String.join(", ", SCOPES));
      }
    }
    return scopes.strip();
  }
}
