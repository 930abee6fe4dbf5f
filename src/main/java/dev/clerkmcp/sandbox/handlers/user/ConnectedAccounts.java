package dev.clerkmcp.sandbox.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * Handles the endpoints of accounts, passkeys, wallets and devices that end users connect; the API
 * can only list and delete them.
 */
public final class ConnectedAccounts {
  private final HandlerContext context;
  private final Table users;
  private final Table devices;
  private final Identifications identifications;

  public ConnectedAccounts(HandlerContext context, Identifications identifications) {
    this.context = context;
    this.users = context.table(ObjectKind.USER);
    this.devices = context.table(ObjectKind.TRUSTED_DEVICE);
    this.identifications = identifications;
  }

  public void register(Routes routes) {
    routes
        .on("DELETE /users/{user_id}/passkeys/{passkey_identification_id}", this::deletePasskey)
        .on(
            "DELETE /users/{user_id}/external_accounts/{external_account_id}",
            this::deleteExternalAccount)
        .on(
            "DELETE /users/{user_id}/web3_wallets/{web3_wallet_identification_id}",
            this::deleteWallet)
        .on("GET /users/{user_id}/trusted_devices", this::devices)
        .on("DELETE /users/{user_id}/trusted_devices/{trusted_device_id}", this::revokeDevice)
        .on("GET /users/{user_id}/oauth_access_tokens/{provider}", this::oauthAccessTokens);
  }

  private JsonNode deletePasskey(ApiRequest request) {
    String id = request.variable("passkey_identification_id");
    users.change(
        request.variable("user_id"),
        user -> {
          if (Identifications.find(user, "passkeys", id) == null) {
            throw ApiError.notFound("passkey", id);
          }
          Identifications.without(user, "passkeys", id);
        });
    return HandlerContext.deleted("passkey", id);
  }

  private JsonNode deleteExternalAccount(ApiRequest request) {
    String id = request.variable("external_account_id");
    users.change(
        request.variable("user_id"),
        user -> {
          JsonNode taken =
              user.path("external_accounts")
                  .valueStream()
                  .filter(account -> accountId(account).equals(id))
                  .findFirst()
                  .orElseThrow(() -> ApiError.notFound("external_account", id));
          Identifications.without(user, "external_accounts", taken.path("id").asText());
          unlink(user, taken.path("identification_id").asText());
        });
    return HandlerContext.deleted("external_account", id);
  }

  /**
   * The ID of an account; Google's and Facebook's have that of the identification as {@code id}.
   */
  private static String accountId(JsonNode account) {
    return account.path("external_account_id").asText(account.path("id").asText());
  }

  /**
   * Removes the link between a deleted account and the addresses that it verified, so that they can
   * be deleted.
   */
  private static void unlink(ObjectNode user, String identification) {
    for (JsonNode address : user.path("email_addresses")) {
      if (address.path("linked_to") instanceof ArrayNode links) {
        for (int i = links.size() - 1; i >= 0; i--) {
          if (links.get(i).path("id").asText().equals(identification)) {
            links.remove(i);
          }
        }
      }
    }
  }

  private JsonNode deleteWallet(ApiRequest request) {
    String id = request.variable("web3_wallet_identification_id");
    users.change(
        request.variable("user_id"),
        user -> identifications.remove(user, "web3_wallets", "primary_web3_wallet_id", id));
    return HandlerContext.deleted("web3_wallet", id);
  }

  private JsonNode devices(ApiRequest request) {
    String user = users.get(request.variable("user_id")).path("id").asText();
    return context.page(
        request, devices.stream().filter(device -> ownerOf(device).equals(user)).toList());
  }

  private JsonNode revokeDevice(ApiRequest request) {
    String id = request.variable("trusted_device_id");
    if (!ownerOf(devices.get(id)).equals(request.variable("user_id"))) {
      throw ApiError.notFound("trusted_device", id);
    }
    return devices.change(
        id, device -> device.put("status", "revoked").put("revoked_at", context.now()));
  }

  private static String ownerOf(ObjectNode device) {
    return device.path(Store.HIDDEN).path("user_id").asText();
  }

  private JsonNode oauthAccessTokens(ApiRequest request) {
    String userId = request.variable("user_id");
    JsonNode accounts = users.get(userId).path("external_accounts");
    String provider = "oauth_" + request.variable("provider").replaceFirst("^oauth_", "");
    List<ObjectNode> tokens = new ArrayList<>();
    for (JsonNode account : accounts) {
      if (account.path("provider").asText().equals(provider)) {
        tokens.add(oauthAccessToken(account, provider));
      }
    }
    if (tokens.isEmpty()) {
      throw ApiError.of(
          404,
          "external_account_not_found",
          "The user %s has no external account of %s.",
          userId,
          provider);
    }
    return context.page(request, tokens);
  }

  private static ObjectNode oauthAccessToken(JsonNode account, String provider) {
    String id = accountId(account);
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
}
