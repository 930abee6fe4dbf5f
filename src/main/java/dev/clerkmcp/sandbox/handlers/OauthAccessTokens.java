package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.util.ArrayList;
import java.util.List;

/** Tokens that providers gave for users, and tokens that applications got from the instance. */
final class OauthAccessTokens {
  private final HandlerContext instance;

  OauthAccessTokens(HandlerContext instance) {
    this.instance = instance;
  }

  void register(Routes on) {
    on.on("GET /users/{user_id}/oauth_access_tokens/{provider}", this::ofUser)
        .on("POST /oauth_applications/access_tokens/verify", this::verify);
  }

  private JsonNode ofUser(ApiRequest call) {
    String userId = call.variable("user_id");
    JsonNode accounts = instance.table(ObjectKind.USER).get(userId).path("external_accounts");
    String provider = "oauth_" + call.variable("provider").replaceFirst("^oauth_", "");
    List<ObjectNode> tokens = new ArrayList<>();
    for (JsonNode account : accounts) {
      if (account.path("provider").asText().equals(provider)) {
        tokens.add(token(account, provider));
      }
    }
    if (tokens.isEmpty()) {
      throw ApiError.of(
          404,
          "external_account_not_found",
          "The user %s has no external account of %s.".formatted(userId, provider));
    }
    return instance.page(call, tokens);
  }

  private static ObjectNode token(JsonNode account, String provider) {
    String id = account.path("id").asText();
    ObjectNode token =
        Json.object()
            .put("object", "oauth_access_token")
            .put("external_account_id", id)
            .put("provider_user_id", account.path("provider_user_id").asText())
            .put("token", "sandbox_oauth_access_token_" + id)
            .putNull("expires_at")
            .put("provider", provider)
            .put("label", account.path("label").asText(null));
    token.putObject("public_metadata");
    List.of(account.path("approved_scopes").asText().split(" ", -1))
        .forEach(token.putArray("scopes")::add);
    return token;
  }

  /** Nobody signs in to an application of the sandbox, so that no token can be good. */
  private JsonNode verify(ApiRequest call) {
    if (!call.has("access_token") && !call.has("secret")) {
      throw ApiError.missing("access_token");
    }
    return Json.object().put("active", false);
  }
}
