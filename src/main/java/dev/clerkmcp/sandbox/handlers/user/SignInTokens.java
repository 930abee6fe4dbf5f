package dev.clerkmcp.sandbox.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.time.Duration;

/**
 * Handles the endpoints of one-time tokens: sign-in tokens, actor tokens and, for automated tests,
 * testing tokens.
 */
public final class SignInTokens {
  private static final long TESTING_LIFETIME_SECONDS = Duration.ofHours(1).toSeconds();

  private final HandlerContext context;
  private final Sessions sessions;
  private final Table signInTokens;
  private final Table actorTokens;
  private final Table users;

  public SignInTokens(HandlerContext context, Sessions sessions) {
    this.context = context;
    this.sessions = sessions;
    this.signInTokens = context.table(ObjectKind.SIGN_IN_TOKEN);
    this.actorTokens = context.table(ObjectKind.ACTOR_TOKEN);
    this.users = context.table(ObjectKind.USER);
  }

  public void register(Routes routes) {
    routes
        .on("POST /sign_in_tokens", this::createSignInToken)
        .on(
            "POST /sign_in_tokens/{sign_in_token_id}/revoke",
            request -> revoke(signInTokens, request.variable("sign_in_token_id")))
        .on("POST /actor_tokens", this::createActorToken)
        .on(
            "POST /actor_tokens/{actor_token_id}/revoke",
            request -> revoke(actorTokens, request.variable("actor_token_id")))
        .on("POST /testing_tokens", this::createTestingToken);
  }

  private JsonNode createSignInToken(ApiRequest request) {
    String user = request.field("user_id");
    if (users.get(user).path("banned").asBoolean()) {
      throw ApiError.of(403, "user_banned", "The user is banned; unban the user first.");
    }
    String organization = request.text("org_id");
    if (organization != null) {
      sessions.checkActiveOrganization(organization, user);
    }
    String ticket = context.store().newSecret("sign_in_ticket");
    return signInTokens.add(token(ObjectKind.SIGN_IN_TOKEN, "SignInToken", user, ticket));
  }

  /** An actor token signs an actor in as another user; the token names the actor. */
  private JsonNode createActorToken(ApiRequest request) {
    String user = request.field("user_id");
    if (users.find(user) == null) {
      throw ApiError.invalid(
          "form_resource_not_found", "user_id", "No user was found with id %s.", user);
    }
    String ticket = context.store().newSecret("actor_ticket");
    ObjectNode token = token(ObjectKind.ACTOR_TOKEN, "ActorToken", user, ticket);
    token.set("actor", request.fields().path("actor"));
    return actorTokens.add(token);
  }

  private ObjectNode token(ObjectKind kind, String schema, String user, String ticket) {
    return context
        .newObject(kind, schema)
        .put("user_id", user)
        .put("status", "pending")
        .put("token", ticket)
        .put("url", HandlerContext.ticketUrl(ticket));
  }

  private static JsonNode revoke(Table tokens, String id) {
    String status = tokens.get(id).path("status").asText();
    if (!status.equals("pending")) {
      throw ApiError.of(
          400,
          "%s_cannot_be_revoked_code".formatted(tokens.kind().object()),
          "Only a pending token can be revoked; this one is %s.",
          status);
    }
    return tokens.change(id, token -> token.put("status", "revoked"));
  }

  /** The expiry of a testing token is the only time in Clerk's answers that is in seconds. */
  private JsonNode createTestingToken(ApiRequest request) {
    ObjectNode token = context.responseTemplate(request);
    return token
        .put("token", context.store().newSecret("testing_token"))
        .put("expires_at", context.now() / 1000 + TESTING_LIFETIME_SECONDS);
  }
}
