package dev.clerkmcp.sandbox.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

  public SessionTokens(HandlerContext context, Sessions sessions, JwtTemplates templates) {
    this.context = context;
    this.sessionRows = context.table(ObjectKind.SESSION);
    this.sessions = sessions;
    this.templates = templates;
  }

  public void register(Routes routes) {
    routes
        .on("POST /sessions/{session_id}/tokens", request -> token(request, LIFETIME_SECONDS))
        .on("POST /sessions/{session_id}/tokens/{template_name}", this::tokenOfTemplate)
        .on("POST /sessions/{session_id}/refresh", this::refresh)
        .on("GET /jwks", request -> jwks());
  }

  private JsonNode tokenOfTemplate(ApiRequest request) {
    String name = request.variable("template_name");
    ObjectNode template = templates.findByName(name);
    if (template == null) {
      throw ApiError.of(404, "resource_not_found", "No JWT template was found with name %s.", name);
    }
    return token(request, template.path("lifetime").asInt());
  }

  private JsonNode token(ApiRequest request, int otherwiseSeconds) {
    String id = request.variable("session_id");
    if (!Sessions.isAlive(sessions.get(id))) {
      throw ApiError.of(404, "resource_not_found", "The session %s is not active.", id);
    }
    return answer(token(id, request.fields().path("expires_in_seconds").asLong(otherwiseSeconds)));
  }

  private JsonNode refresh(ApiRequest request) {
    String id = request.variable("session_id");
    SessionToken expired = SessionToken.find(request.field("expired_token"));
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
    SessionToken fresh = token(id, LIFETIME_SECONDS);
    return "cookie".equals(request.text("format")) ? cookie(fresh) : answer(fresh);
  }

  private SessionToken token(String sessionId, long lifetimeSeconds) {
    return new SessionToken(sessionId, context.now() / 1000 + lifetimeSeconds);
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

  /** The keys that tokens are signed with: none, because the sandbox signs nothing. */
  private static JsonNode jwks() {
    ObjectNode keys = Json.object();
    keys.putArray("keys");
    return keys;
  }

  /**
   * A session token of the sandbox. It has three parts like a JWT, but cannot be mistaken for one.
   *
   * @param expiresAt in seconds since 1970, as in a JWT
   */
  record SessionToken(String sessionId, long expiresAt) {
    private static final String START = "sandbox.session_token.";

    private static final Pattern FORM =
        Pattern.compile(Pattern.quote(START) + "(\\w+)-(\\d{1,18})");

    /** Parses a token; null if the sandbox has not created it. */
    static @Nullable SessionToken find(String text) {
      Matcher token = FORM.matcher(text.strip());
      return token.matches()
          ? new SessionToken(token.group(1), Long.parseLong(token.group(2)))
          : null;
    }

    /** The token as text. */
    String text() {
      return START + sessionId + "-" + expiresAt;
    }
  }
}
