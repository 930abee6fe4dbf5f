package dev.clerkmcp.sandbox.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Jwts;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;

/**
 * Handles the endpoints of session tokens: creates them, also from a JWT template, and refreshes
 * them.
 */
public final class SessionTokens {
  private static final int LIFETIME_SECONDS = 60;

  /**
   * Clerk gives refresh tokens only to browsers, and no operation returns one, so the sandbox
   * accepts this prefix.
   */
  private static final String REFRESH_TOKEN = "sandbox_refresh_token_";

  private final HandlerContext context;
  private final Table sessionRows;
  private final Sessions sessions;
  private final JwtTemplates templates;
  private final TokenClaims claims;

  public SessionTokens(HandlerContext context, Sessions sessions, JwtTemplates templates) {
    this.context = context;
    this.sessionRows = context.table(ObjectKind.SESSION);
    this.sessions = sessions;
    this.templates = templates;
    this.claims = new TokenClaims(context);
  }

  public void register(Routes routes) {
    routes
        .on("POST /sessions/{session_id}/tokens", this::token)
        .on("POST /sessions/{session_id}/tokens/{template_name}", this::tokenOfTemplate)
        .on("POST /sessions/{session_id}/refresh", this::refresh)
        .on("GET /jwks", request -> context.jwts().keys());
  }

  private JsonNode token(ApiRequest request) {
    return answer(token(active(request), seconds(request, LIFETIME_SECONDS)));
  }

  private String token(ObjectNode session, long seconds) {
    return context.jwts().sign(claims.ofSession(session, seconds), Jwts.SESSION);
  }

  private JsonNode tokenOfTemplate(ApiRequest request) {
    String name = request.variable("template_name");
    ObjectNode template = templates.findByName(name);
    if (template == null) {
      throw ApiError.of(404, "resource_not_found", "No JWT template was found with name %s.", name);
    }
    long seconds = seconds(request, template.path("lifetime").asInt());
    return answer(context.jwts().sign(claims.ofTemplate(template, active(request), seconds), null));
  }

  private static long seconds(ApiRequest request, int otherwise) {
    return request.fields().path("expires_in_seconds").asLong(otherwise);
  }

  private ObjectNode active(ApiRequest request) {
    ObjectNode session = sessions.get(request.variable("session_id"));
    if (!Sessions.isAlive(session)) {
      throw ApiError.of(
          404,
          "resource_not_found",
          "The session %s is not active.",
          request.variable("session_id"));
    }
    return session;
  }

  private JsonNode refresh(ApiRequest request) {
    String id = request.variable("session_id");
    JsonNode expired = context.jwts().findClaims(request.field("expired_token"));
    if (expired == null || !expired.has("sid")) {
      throw ApiError.of(
          401,
          "expired_session_token_invalid",
          "expired_token must be a session token of this sandbox.");
    }
    if (!expired.path("sid").asText().equals(id)) {
      throw ApiError.of(
          401, "refresh_sid_mismatch", "expired_token is the token of another session.");
    }
    if (!request.field("refresh_token").startsWith(REFRESH_TOKEN)) {
      throw ApiError.of(
          401,
          "refresh_token_not_found",
          "The refresh token is unknown; the sandbox accepts all that begin with %s.",
          REFRESH_TOKEN);
    }
    if (sessionRows.find(id) == null) {
      throw ApiError.of(401, "session_refresh_session_not_found", "There is no session %s.", id);
    }
    if (!Sessions.isAlive(sessions.get(id))) {
      throw ApiError.of(
          401, "session_refresh_inactive_session", "The session %s is not active.", id);
    }
    String fresh = token(sessions.get(id), LIFETIME_SECONDS);
    return "cookie".equals(request.text("format")) ? cookie(fresh) : answer(fresh);
  }

  private static JsonNode answer(String token) {
    return Json.object().put("object", "token").put("jwt", token);
  }

  private static JsonNode cookie(String token) {
    ObjectNode answer = Json.object().put("object", "cookies");
    answer.putArray("cookies").add("__session=%s; Path=/; Secure; SameSite=Lax".formatted(token));
    return answer;
  }
}
