package dev.clerkmcp.sandbox.behaviour;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.contract.Call;
import dev.clerkmcp.sandbox.contract.Refusal;
import dev.clerkmcp.sandbox.world.Kind;
import dev.clerkmcp.sandbox.world.Table;

/** Sign-in tokens: each lets one user in once, without a password. */
final class SignInTokens {
  private final Instance instance;
  private final Table tokens;
  private final Table users;

  SignInTokens(Instance instance) {
    this.instance = instance;
    this.tokens = instance.table(Kind.SIGN_IN_TOKEN);
    this.users = instance.table(Kind.USER);
  }

  void register(Routes on) {
    on.on("POST /sign_in_tokens", this::create)
        .on("POST /sign_in_tokens/{sign_in_token_id}/revoke", this::revoke);
  }

  private JsonNode create(Call call) {
    String user = call.fields().path("user_id").asText();
    if (users.get(user).path("banned").asBoolean()) {
      throw Refusal.of(403, "user_banned", "The user is banned; unban the user first.");
    }
    String organization = call.text("org_id");
    if (organization != null) {
      ActiveOrganization.check(instance, organization, user);
    }
    Ticket ticket = Ticket.of(instance, "sign_in");
    ObjectNode token =
        instance
            .newObject(Kind.SIGN_IN_TOKEN, "SignInToken")
            .put("user_id", user)
            .put("status", "pending")
            .put("token", ticket.token())
            .put("url", ticket.url());
    return tokens.add(token);
  }

  private JsonNode revoke(Call call) {
    String id = call.variable("sign_in_token_id");
    String status = tokens.get(id).path("status").asText();
    if (!status.equals("pending")) {
      throw Refusal.of(
          400,
          "sign_in_token_cannot_be_revoked_code",
          "Only a pending token can be revoked; this one is %s.".formatted(status));
    }
    return tokens.change(id, token -> token.put("status", "revoked"));
  }
}
