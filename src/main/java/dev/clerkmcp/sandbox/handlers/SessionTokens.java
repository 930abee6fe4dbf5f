package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;

/** The tokens of sessions: asked for, made after a template, refreshed. */
final class SessionTokens {
  private static final int LIFETIME_SECONDS = 60;

  /** Clerk gives refresh tokens to browsers, so that no operation answers one. */
  private static final String REFRESH_TOKEN = "sandbox_refresh_token_";

  private final HandlerContext instance;
  private final Table sessionRows;
  private final Sessions sessions;
  private final JwtTemplates templates;

  SessionTokens(HandlerContext instance, Sessions sessions, JwtTemplates templates) {
    this.instance = instance;
    this.sessionRows = instance.table(ObjectKind.SESSION);
    this.sessions = sessions;
    this.templates = templates;
  }

  void register(Routes on) {
    on.on("POST /sessions/{session_id}/tokens", call -> token(call, LIFETIME_SECONDS))
        .on("POST /sessions/{session_id}/tokens/{template_name}", this::tokenOfTemplate)
        .on("POST /sessions/{session_id}/refresh", this::refresh);
  }

  private JsonNode tokenOfTemplate(ApiRequest call) {
    String name = call.variable("template_name");
    ObjectNode template = templates.find(name);
    if (template == null) {
      throw ApiError.of(
          404, "resource_not_found", "No JWT template was found with name %s.".formatted(name));
    }
    return token(call, template.path("lifetime").asInt());
  }

  private JsonNode token(ApiRequest call, int otherwiseSeconds) {
    String id = call.variable("session_id");
    if (!Sessions.isAlive(sessions.get(id))) {
      throw ApiError.of(404, "resource_not_found", "The session %s is not active.".formatted(id));
    }
    return answer(token(id, call.fields().path("expires_in_seconds").asLong(otherwiseSeconds)));
  }

  private JsonNode refresh(ApiRequest call) {
    String id = call.variable("session_id");
    SessionToken expired = SessionToken.find(call.fields().path("expired_token").asText());
    if (expired == null) {
      throw ApiError.of(
          401,
          "expired_session_token_invalid",
          "expired_token must be a session token of this sandbox.");
    }
    if (!expired.sessionId().equals(id)) {
      throw ApiError.of(
          401, "refresh_sid_mismatch", "expired_token is the token of another session.");
    }
    if (!call.fields().path("refresh_token").asText().startsWith(REFRESH_TOKEN)) {
      throw ApiError.of(
          401,
          "refresh_token_not_found",
          "There is no such refresh token; the sandbox takes all that begin with %s."
              .formatted(REFRESH_TOKEN));
    }
    if (sessionRows.find(id) == null) {
      throw ApiError.of(
          401, "session_refresh_session_not_found", "There is no session %s.".formatted(id));
    }
    if (!Sessions.isAlive(sessions.get(id))) {
      throw ApiError.of(
          401, "session_refresh_inactive_session", "The session %s is not active.".formatted(id));
    }
    SessionToken fresh = token(id, LIFETIME_SECONDS);
    return "cookie".equals(call.text("format")) ? cookie(fresh) : answer(fresh);
  }

  private SessionToken token(String sessionId, long lifetimeSeconds) {
    return new SessionToken(sessionId, instance.now() / 1000 + lifetimeSeconds);
  }

  private static JsonNode answer(SessionToken token) {
    return Json.object().put("object", "token").put("jwt", token.text());
  }

  private static JsonNode cookie(SessionToken token) {
    ObjectNode answer = Json.object().put("object", "cookies");
    answer
        .putArray("cookies")
        .add("__session=%s; Path=/; Secure; SameSite=Lax".formatted(token.text()));
    return answer;
  }
}
