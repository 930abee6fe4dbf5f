package dev.clerkmcp.sandbox.behaviour;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.contract.Call;
import dev.clerkmcp.sandbox.contract.Refusal;
import dev.clerkmcp.sandbox.world.Kind;
import dev.clerkmcp.sandbox.world.Table;

/** Actor tokens: each lets somebody act as a user, and says who that is. */
final class ActorTokens {
  private final Instance instance;
  private final Table tokens;
  private final Table users;

  ActorTokens(Instance instance) {
    this.instance = instance;
    this.tokens = instance.table(Kind.ACTOR_TOKEN);
    this.users = instance.table(Kind.USER);
  }

  void register(Routes on) {
    on.on("POST /actor_tokens", this::create)
        .on("POST /actor_tokens/{actor_token_id}/revoke", this::revoke);
  }

  private JsonNode create(Call call) {
    String user = call.fields().path("user_id").asText();
    if (users.find(user) == null) {
      throw Refusal.invalid(
          "form_resource_not_found", "user_id", "No user was found with id %s.".formatted(user));
    }
    Ticket ticket = Ticket.of(instance, "actor");
    ObjectNode token =
        instance
            .newObject(Kind.ACTOR_TOKEN, "ActorToken")
            .put("user_id", user)
            .put("status", "pending")
            .put("token", ticket.token())
            .put("url", ticket.url());
    token.set("actor", call.fields().path("actor"));
    return tokens.add(token);
  }

  private JsonNode revoke(Call call) {
    String id = call.variable("actor_token_id");
    String status = tokens.get(id).path("status").asText();
    if (!status.equals("pending")) {
      throw Refusal.of(
          400,
          "actor_token_cannot_be_revoked_code",
          "Only a pending token can be revoked; this one is %s.".formatted(status));
    }
    return tokens.change(id, token -> token.put("status", "revoked"));
  }
}
