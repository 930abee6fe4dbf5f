package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.OperationFacts.Risk.CREDENTIAL;
import static dev.clerkmcp.registry.OperationFacts.Risk.SIGN_OUT;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL;
import static dev.clerkmcp.tools.FactTexts.ISSUED;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.Sets;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.View;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PageRequest;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for sign-in sessions. */
@ToolGroup(
    id = "sessions",
    description = "Sessions: where users are signed in, and tokens that prove it")
@View(
    of = "session",
    row = {
      "id",
      "user_id",
      "status",
      "device = latest_activity.device_type",
      "browser = latest_activity.browser_name",
      "ip_address = latest_activity.ip_address",
      "city = latest_activity.city",
      "country = latest_activity.country",
      "created_at",
      "last_active_at",
      "expire_at"
    },
    except = {"client_id", "latest_activity"})
public interface SessionTools {

  @Tool(
      name = "clerk_sessions_list",
      title = "List sessions",
      effect = READ,
      core = true,
      aliases = "clerk_list_sessions")
  @Description("List the sessions of a user or client; needs user_id or client_id.")
  @Route("GET /sessions?paginated=true")
  ListPage list(SessionFilter filter, PageRequest page);

  @Tool(
      name = "clerk_session_get",
      title = "Get session",
      effect = READ,
      aliases = "clerk_get_session")
  @Description("One session, by ID.")
  @Route("GET /sessions/{session_id}")
  JsonNode get(@Arg("sess_...") String sessionId);

  @Tool(name = "clerk_session_create", title = "Create session", effect = CREATE)
  @Description("Sign a user in for a test. Development instances only.")
  @Route("POST /sessions")
  @Risky(CREDENTIAL)
  @UndoneBy(value = "POST /sessions/{session_id}/revoke", how = REMOVAL)
  JsonNode create(
      @Arg("user_...") String userId, @Arg("org_...") @Nullable String activeOrganizationId);

  @Tool(
      name = "clerk_session_revoke",
      title = "Revoke session",
      effect = DESTROY,
      core = true,
      aliases = "clerk_revoke_session")
  @Description("Sign a user out of one session.")
  @Route("POST /sessions/{session_id}/revoke")
  // Its user signs in again, and support does it every day.
  @Risky(value = SIGN_OUT, asked = false)
  @Sets("status = revoked")
  @Loses("The user is signed out there")
  @NotUndone("An ended session cannot be resumed; the person has to sign in again.")
  JsonNode revoke(@Arg("sess_...") String sessionId);

  @Tool(name = "clerk_session_refresh", title = "Refresh session", effect = CREATE)
  @Description("Trade a refresh token for a new session token: a credential.")
  @Route("POST /sessions/{session_id}/refresh")
  @Risky(CREDENTIAL)
  @NotUndone(ISSUED)
  @Secret(
      value = {"cookies", "jwt"},
      kept = true)
  JsonNode refresh(
      @Arg("sess_...") String sessionId,
      @Arg(value = "__session cookie", secret = true) String expiredToken,
      @Arg(value = "__refresh cookie", secret = true) String refreshToken,
      @Arg("E.g. https://example.com") String requestOrigin,
      @Arg(value = "Name to list of values", secret = true) @Nullable ObjectNode requestHeaders,
      @Arg("Default token") @Nullable SessionTokenFormat format,
      @Arg("User's IP") @Nullable String requestOriginatingIp);

  @Tool(name = "clerk_session_token_create", title = "Create session token", effect = CREATE)
  @Description("Issue a JWT that acts as the user: a credential.")
  @Route("POST /sessions/{session_id}/tokens")
  @Risky(CREDENTIAL)
  @NotUndone(ISSUED)
  @Secret(value = "jwt", kept = true)
  JsonNode createToken(
      @Arg("sess_...") String sessionId,
      @Arg(value = "Lifetime", min = 30, max = 315_360_000) @Nullable Integer expiresInSeconds);

  @Tool(
      name = "clerk_session_template_token_create",
      title = "Create template token",
      effect = CREATE)
  @Description("Issue a JWT with a template's claims: a credential.")
  @Route("POST /sessions/{session_id}/tokens/{template_name}")
  @Risky(CREDENTIAL)
  @NotUndone(ISSUED)
  @Secret(value = "jwt", kept = true)
  JsonNode createTemplateToken(
      @Arg("sess_...") String sessionId,
      @Arg("JWT template name") String templateName,
      @Arg(value = "Lifetime", min = 30, max = 315_360_000) @Nullable Integer expiresInSeconds);

  /** The states of a session that Clerk can filter by; a session can also be pending. */
  enum SessionStatus {
    @JsonProperty("abandoned")
    ABANDONED,
    @JsonProperty("active")
    ACTIVE,
    @JsonProperty("ended")
    ENDED,
    @JsonProperty("expired")
    EXPIRED,
    @JsonProperty("removed")
    REMOVED,
    @JsonProperty("replaced")
    REPLACED,
    @JsonProperty("revoked")
    REVOKED
  }

  /** The format in which Clerk returns a refreshed session. */
  enum SessionTokenFormat {
    @JsonProperty("token")
    TOKEN,
    @JsonProperty("cookie")
    COOKIE
  }

  /** The filter of a list of sessions: by user or client, and by state. */
  record SessionFilter(
      @Arg("user_...") @Nullable String userId,
      @Arg("client_...") @Nullable String clientId,
      @Arg("Default: any") @Nullable SessionStatus status) {
    /** The sessions of a user in any state. */
    public static SessionFilter of(String userId) {
      return new SessionFilter(userId, null, null);
    }

    /** The sessions in which a user is signed in. */
    public static SessionFilter active(String userId) {
      return new SessionFilter(userId, null, SessionStatus.ACTIVE);
    }
  }
}
