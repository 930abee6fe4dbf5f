package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;

/** What people themselves attach to their user, and the API can only see and take away. */
final class ConnectedAccounts {
  private final HandlerContext instance;
  private final Table users;
  private final Table devices;
  private final Identifications identifications;

  ConnectedAccounts(HandlerContext instance, Identifications identifications) {
    this.instance = instance;
    this.users = instance.table(ObjectKind.USER);
    this.devices = instance.table(ObjectKind.TRUSTED_DEVICE);
    this.identifications = identifications;
  }

  void register(Routes on) {
    on.on(
            "DELETE /users/{user_id}/passkeys/{passkey_identification_id}",
            call -> take(call, "passkeys", "passkey", "passkey_identification_id"))
        .on(
            "DELETE /users/{user_id}/external_accounts/{external_account_id}",
            call -> take(call, "external_accounts", "external_account", "external_account_id"))
        .on(
            "DELETE /users/{user_id}/web3_wallets/{web3_wallet_identification_id}",
            this::deleteWallet)
        .on("GET /users/{user_id}/trusted_devices", this::devices)
        .on("DELETE /users/{user_id}/trusted_devices/{trusted_device_id}", this::revokeDevice);
  }

  private JsonNode take(ApiRequest call, String list, String object, String variable) {
    String id = call.variable(variable);
    users.change(
        call.variable("user_id"),
        user -> {
          ObjectNode taken = Identifications.find(user, list, id);
          if (taken == null) {
            throw ApiError.notFound(object, id);
          }
          Identifications.without(user, list, id);
          unlink(user, taken.path("identification_id").asText());
        });
    return Json.object().put("object", object).put("id", id).put("deleted", true);
  }

  /** An address is free again once the account that brought it is gone. */
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

  private JsonNode deleteWallet(ApiRequest call) {
    String id = call.variable("web3_wallet_identification_id");
    users.change(
        call.variable("user_id"),
        user -> identifications.remove(user, "web3_wallets", "primary_web3_wallet_id", id));
    return Json.object().put("object", "web3_wallet").put("id", id).put("deleted", true);
  }

  private JsonNode devices(ApiRequest call) {
    String user = users.get(call.variable("user_id")).path("id").asText();
    return instance.page(
        call, devices.stream().filter(device -> ownerOf(device).equals(user)).toList());
  }

  private JsonNode revokeDevice(ApiRequest call) {
    String id = call.variable("trusted_device_id");
    if (!ownerOf(devices.get(id)).equals(call.variable("user_id"))) {
      throw ApiError.notFound("trusted_device", id);
    }
    return devices.change(
        id, device -> device.put("status", "revoked").put("revoked_at", instance.now()));
  }

  private static String ownerOf(ObjectNode device) {
    return device.path(Store.HIDDEN).path("user_id").asText();
  }
}
