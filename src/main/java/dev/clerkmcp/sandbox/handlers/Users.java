package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;

/** Users: found, created, changed and deleted with all that belongs to them. */
final class Users {
  /** What a caller may set that is kept as it comes. */
  private static final List<String> PLAIN =
      List.of(
          "external_id",
          "first_name",
          "last_name",
          "locale",
          "delete_self_enabled",
          "create_organization_enabled",
          "create_organizations_limit",
          "bypass_client_trust");

  private final HandlerContext instance;
  private final Table users;
  private final UserList list;
  private final Identifications identifications;
  private final UserCredentials credentials;
  private final Sessions sessions;
  private final Memberships memberships;

  Users(
      HandlerContext instance,
      Identifications identifications,
      UserCredentials credentials,
      Sessions sessions,
      Memberships memberships) {
    this.instance = instance;
    this.users = instance.table(ObjectKind.USER);
    this.list = new UserList(instance);
    this.identifications = identifications;
    this.credentials = credentials;
    this.sessions = sessions;
    this.memberships = memberships;
  }

  void register(Routes on) {
    on.on("GET /users", call -> instance.page(call, list.find(call)))
        .on("GET /users/count", this::count)
        .on("POST /users", this::create)
        .on("GET /users/{user_id}", call -> users.get(call.variable("user_id")))
        .on("PATCH /users/{user_id}", this::update)
        .on("DELETE /users/{user_id}", this::delete)
        .on("PATCH /users/{user_id}/metadata", this::mergeMetadata)
        .on("PUT /users/{user_id}/metadata", this::replaceMetadata)
        .on("POST /users/{user_id}/profile_image", call -> image(call, true))
        .on("DELETE /users/{user_id}/profile_image", call -> image(call, false));
  }

  private JsonNode count(ApiRequest call) {
    return Json.object().put("object", "total_count").put("total_count", list.count(call));
  }

  private JsonNode create(ApiRequest call) {
    ObjectNode user = instance.newObject(ObjectKind.USER, "User");
    user.put("image_url", imageUrl(user.path("id").asText()));
    user.remove(List.of("profile_image_url", "organization_memberships", "scim"));
    user.put("delete_self_enabled", true).put("create_organization_enabled", true);
    user.put("verification_attempts_remaining", 100);
    for (String metadata : List.of("public_metadata", "private_metadata", "unsafe_metadata")) {
      user.set(metadata, call.has(metadata) ? call.fields().get(metadata) : Json.object());
    }
    Metadata.checkSize(user);
    identifications.addAll(user, call);
    boolean nameless =
        user.path("email_addresses").isEmpty()
            && user.path("phone_numbers").isEmpty()
            && user.path("web3_wallets").isEmpty()
            && !call.has("username");
    if (nameless && !call.flag("skip_user_requirement", false)) {
      throw ApiError.invalid(
          "form_data_missing",
          "email_address",
          "A user needs an e-mail address, a phone number, a username or a wallet.");
    }
    set(user, call);
    user.put("banned", call.flag("banned", false)).put("locked", call.flag("locked", false));
    return users.add(user);
  }

  private JsonNode update(ApiRequest call) {
    String id = call.variable("user_id");
    ObjectNode changed =
        users.change(
            id,
            user -> {
              set(user, call);
              identifications.choosePrimaries(user, call);
            });
    if (call.has("password") && call.flag("sign_out_of_other_sessions", false)) {
      sessions.revokeAll(id);
    }
    return changed;
  }

  /** Sets what creating and updating have in common. */
  private void set(ObjectNode user, ApiRequest call) {
    for (String field : PLAIN) {
      if (call.fields().has(field)) {
        user.set(field, call.fields().get(field));
      }
    }
    if (call.fields().has("username")) {
      String username = call.text("username");
      user.put("username", username == null ? null : Identifier.username("username", username));
    }
    Long created = PastTime.of(call, "created_at", instance.now());
    if (created != null) {
      user.put("created_at", created);
    }
    Long accepted = PastTime.of(call, "legal_accepted_at", instance.now());
    if (accepted != null) {
      user.put("legal_accepted_at", accepted);
    }
    credentials.set(user, call);
  }

  private JsonNode delete(ApiRequest call) {
    String id = call.variable("user_id");
    ObjectNode user = users.remove(id);
    sessions.removeAll(id);
    memberships.removeAllOf(id);
    ObjectNode deleted = HandlerContext.deleted(ObjectKind.USER, id);
    if (user.hasNonNull("external_id")) {
      deleted.set("external_id", user.get("external_id"));
    }
    return deleted;
  }

  private JsonNode mergeMetadata(ApiRequest call) {
    return users.change(call.variable("user_id"), user -> Metadata.merge(user, call.fields()));
  }

  private JsonNode replaceMetadata(ApiRequest call) {
    return users.change(call.variable("user_id"), user -> Metadata.replace(user, call.fields()));
  }

  private JsonNode image(ApiRequest call, boolean given) {
    if (given) {
      UploadedImage.check(call);
    }
    String id = call.variable("user_id");
    if (!given && !users.get(id).path("has_image").asBoolean()) {
      throw ApiError.of(404, "image_not_found", "The user has no profile image.");
    }
    return users.change(
        id,
        user ->
            user.put("has_image", given)
                .put("image_url", imageUrl(given ? instance.store().newId("img_") : id)));
  }

  private static String imageUrl(String id) {
    return "https://clerk.sandbox.invalid/images/" + id;
  }
}
