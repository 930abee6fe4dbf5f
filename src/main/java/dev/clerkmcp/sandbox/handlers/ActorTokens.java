package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;

/** Actor tokens: each lets somebody act as a user, and says who that is. */
final class ActorTokens {
  private final HandlerContext instance;
  private final Table tokens;
  private final Table users;

  ActorTokens(HandlerContext instance) {
    this.instance = instance;
    this.tokens = instance.table(ObjectKind.ACTOR_TOKEN);
    this.users = instance.table(ObjectKind.USER);
  }

  void register(Routes on) {
    on.on("POST /actor_tokens", this::create)
        .on("POST /actor_tokens/{actor_token_id}/revoke", this::revoke);
  }

  private JsonNode create(ApiRequest call) {
    String user = call.fields().path("user_id").asText();
    if (users.find(user) == null) {
      throw ApiError.invalid(
          "form_resource_not_found", "user_id", "No user was found with id %s.".formatted(user));
    }
    TicketUrl ticket = TicketUrl.of(instance, "actor");
    ObjectNode token =
        instance
            .newObject(ObjectKind.ACTOR_TOKEN, "ActorToken")
            .put("user_id", user)
            .put("status", "pending")
            .put("token", ticket.token())
            .put("url", ticket.url());
    token.set("actor", call.fields().path("actor"));
    return tokens.add(token);
  }

  private JsonNode revoke(ApiRequest call) {
    String id = call.variable("actor_token_id");
    String status = tokens.get(id).path("status").asText();
    if (!status.equals("pending")) {
      throw ApiError.of(
          400,
          "actor_token_cannot_be_revoked_code",
          "Only a pending token can be revoked; this one is %s.".formatted(status));
    }
    return tokens.change(id, token -> token.put("status", "revoked"));
  }
}
