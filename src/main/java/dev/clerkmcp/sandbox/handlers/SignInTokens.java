package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;

/** Sign-in tokens: each lets one user in once, without a password. */
final class SignInTokens {
  private final HandlerContext instance;
  private final Table tokens;
  private final Table users;

  SignInTokens(HandlerContext instance) {
    this.instance = instance;
    this.tokens = instance.table(ObjectKind.SIGN_IN_TOKEN);
    this.users = instance.table(ObjectKind.USER);
  }

  void register(Routes on) {
    on.on("POST /sign_in_tokens", this::create)
        .on("POST /sign_in_tokens/{sign_in_token_id}/revoke", this::revoke);
  }

  private JsonNode create(ApiRequest call) {
    String user = call.fields().path("user_id").asText();
    if (users.get(user).path("banned").asBoolean()) {
      throw ApiError.of(403, "user_banned", "The user is banned; unban the user first.");
    }
    String organization = call.text("org_id");
    if (organization != null) {
      ActiveOrganization.check(instance, organization, user);
    }
    TicketUrl ticket = TicketUrl.of(instance, "sign_in");
    ObjectNode token =
        instance
            .newObject(ObjectKind.SIGN_IN_TOKEN, "SignInToken")
            .put("user_id", user)
            .put("status", "pending")
            .put("token", ticket.token())
            .put("url", ticket.url());
    return tokens.add(token);
  }

  private JsonNode revoke(ApiRequest call) {
    String id = call.variable("sign_in_token_id");
    String status = tokens.get(id).path("status").asText();
    if (!status.equals("pending")) {
      throw ApiError.of(
          400,
          "sign_in_token_cannot_be_revoked_code",
          "Only a pending token can be revoked; this one is %s.".formatted(status));
    }
    return tokens.change(id, token -> token.put("status", "revoked"));
  }
}
