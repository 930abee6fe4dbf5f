package dev.clerkmcp.sandbox.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.handlers.support.Metadata;
import dev.clerkmcp.sandbox.handlers.support.Restrictions;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;

/**
 * Handles the user endpoints: creates, reads, changes, bans, locks and deletes users, with the
 * objects that belong to them.
 */
public final class Users {
  /** Fields that are stored as given. */
  private static final List<String> PLAIN =
      List.of(
          "external_id",
          "first_name",
          "last_name",
          "locale",
          "timezone",
          "delete_self_enabled",
          "create_organization_enabled",
          "create_organizations_limit",
          "bypass_client_trust");

  private final HandlerContext context;
  private final Table users;
  private final UserList list;
  private final Identifications identifications;
  private final UserCredentials credentials;
  private final Sessions sessions;
  private final Table memberships;
  private final Restrictions restrictions;

  public Users(
      HandlerContext context,
      Identifications identifications,
      UserCredentials credentials,
      Sessions sessions) {
    this.context = context;
    this.users = context.table(ObjectKind.USER);
    this.list = new UserList(context);
    this.identifications = identifications;
    this.credentials = credentials;
    this.sessions = sessions;
    this.memberships = context.table(ObjectKind.ORGANIZATION_MEMBERSHIP);
    this.restrictions = new Restrictions(context);
  }

  public void register(Routes routes) {
    routes
        .on("GET /users", request -> context.page(request, list.find(request)))
        .on("GET /users/count", this::count)
        .on("POST /users", this::create)
        .on("GET /users/{user_id}", request -> users.get(request.variable("user_id")))
        .on("PATCH /users/{user_id}", this::update)
        .on("DELETE /users/{user_id}", this::delete)
        .on("PATCH /users/{user_id}/metadata", this::mergeMetadata)
        .on("PUT /users/{user_id}/metadata", this::replaceMetadata)
        .on("POST /users/{user_id}/profile_image", request -> image(request, true))
        .on("DELETE /users/{user_id}/profile_image", request -> image(request, false))
        .on("POST /users/{user_id}/ban", request -> ban(request.variable("user_id")))
        .on("POST /users/{user_id}/unban", request -> unban(request.variable("user_id")))
        .on("POST /users/ban", this::banAll)
        .on("POST /users/unban", this::unbanAll)
        .on("POST /users/{user_id}/lock", request -> lock(request, true))
        .on("POST /users/{user_id}/unlock", request -> lock(request, false));
  }

  private JsonNode count(ApiRequest request) {
    return Json.object().put("object", "total_count").put("total_count", list.count(request));
  }

  private JsonNode create(ApiRequest request) {
    ObjectNode user = context.newObject(ObjectKind.USER, "User");
    user.put("image_url", HandlerContext.imageUrl(user.path("id").asText()));
    user.remove(List.of("profile_image_url", "organization_memberships", "scim"));
    user.put("delete_self_enabled", true).put("create_organization_enabled", true);
    user.put("verification_attempts_remaining", 100);
    for (String metadata : List.of("public_metadata", "private_metadata", "unsafe_metadata")) {
      user.set(metadata, request.has(metadata) ? request.fields().get(metadata) : Json.object());
    }
    Metadata.checkSize(user);
    for (String field : List.of("email_address", "phone_number", "web3_wallet")) {
      request.texts(field).forEach(restrictions::check);
    }
    identifications.addAll(user, request);
    boolean nameless =
        user.path("email_addresses").isEmpty()
            && user.path("phone_numbers").isEmpty()
            && user.path("web3_wallets").isEmpty()
            && !request.has("username");
    if (nameless && !request.flag("skip_user_requirement", false)) {
      throw ApiError.invalid(
              "form_data_missing",
              "email_address",
              "A user needs an email address, a phone number, a username or a wallet.")
          .with("param_names", List.of("email_address", "phone_number", "username", "web3_wallet"));
    }
    set(user, request);
    user.put("banned", request.flag("banned", false)).put("locked", request.flag("locked", false));
    return users.add(user);
  }

  private JsonNode update(ApiRequest request) {
    String id = request.variable("user_id");
    ObjectNode changed =
        users.change(
            id,
            user -> {
              set(user, request);
              identifications.choosePrimaries(user, request);
            });
    if (request.has("password") && request.flag("sign_out_of_other_sessions", false)) {
      sessions.revokeAll(id);
    }
    return changed;
  }

  /** Sets the fields that requests to create and to update have in common. */
  private void set(ObjectNode user, ApiRequest request) {
    for (String field : PLAIN) {
      if (request.fields().has(field)) {
        user.set(field, request.fields().get(field));
      }
    }
    String locale = request.text("locale");
    if (locale != null && !locale.isEmpty()) {
      InputRules.locale("locale", locale);
    }
    if (request.fields().has("username")) {
      String username = request.text("username");
      user.put("username", username == null ? null : InputRules.username("username", username));
    }
    Long created = request.pastTime("created_at", context.now());
    if (created != null) {
      user.put("created_at", created);
    }
    Long accepted = request.pastTime("legal_accepted_at", context.now());
    if (accepted != null) {
      user.put("legal_accepted_at", accepted);
    }
    credentials.set(user, request);
  }

  private JsonNode delete(ApiRequest request) {
    String id = request.variable("user_id");
    ObjectNode user = users.remove(id);
    sessions.removeAll(id);
    memberships.by("user_id", id).forEach(row -> memberships.remove(row.path("id").asText()));
    ObjectNode deleted = HandlerContext.deleted(ObjectKind.USER, id);
    if (user.hasNonNull("external_id")) {
      deleted.set("external_id", user.get("external_id"));
    }
    return deleted;
  }

  private JsonNode mergeMetadata(ApiRequest request) {
    return users.change(
        request.variable("user_id"), user -> Metadata.merge(user, request.fields()));
  }

  private JsonNode replaceMetadata(ApiRequest request) {
    return users.change(
        request.variable("user_id"), user -> Metadata.replace(user, request.fields()));
  }

  private JsonNode image(ApiRequest request, boolean given) {
    if (given) {
      InputRules.checkImage(request);
    }
    String id = request.variable("user_id");
    if (!given && !users.get(id).path("has_image").asBoolean()) {
      throw ApiError.of(404, "image_not_found", "The user has no profile image.");
    }
    return users.change(
        id,
        user ->
            user.put("has_image", given)
                .put(
                    "image_url",
                    HandlerContext.imageUrl(given ? context.store().newId("img_") : id)));
  }

  private JsonNode ban(String id) {
    JsonNode banned = users.change(id, user -> user.put("banned", true));
    sessions.revokeAll(id);
    return banned;
  }

  private JsonNode unban(String id) {
    return users.change(id, user -> user.put("banned", false));
  }

  private JsonNode banAll(ApiRequest request) {
    ArrayNode all = Json.array();
    request.texts("user_ids").forEach(id -> all.add(ban(id)));
    return all;
  }

  private JsonNode unbanAll(ApiRequest request) {
    ArrayNode all = Json.array();
    request.texts("user_ids").forEach(id -> all.add(unban(id)));
    return all;
  }

  /**
   * Locks or unlocks a user. A lock by the API does not expire; unlocking restores all sign-in
   * attempts.
   */
  private JsonNode lock(ApiRequest request, boolean locked) {
    return users.change(
        request.variable("user_id"),
        user -> {
          user.put("locked", locked).putNull("lockout_expires_in_seconds");
          if (!locked) {
            user.put("verification_attempts_remaining", 100);
          }
        });
  }

  /** The fields of a user that memberships and invitations show. */
  public static ObjectNode publicData(ObjectNode user) {
    ObjectNode data = Json.object().put("user_id", user.path("id").asText());
    for (String name : List.of("first_name", "last_name")) {
      data.set(name, user.path(name).isTextual() ? user.path(name) : null);
    }
    return data.put("image_url", user.path("image_url").asText())
        .put("has_image", user.path("has_image").asBoolean());
  }
}
