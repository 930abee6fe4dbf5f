package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;

/** Bans and locks. A ban ends the user's sessions; a lock only keeps from signing in. */
final class UserStates {
  private final Table users;
  private final Sessions sessions;

  UserStates(HandlerContext instance, Sessions sessions) {
    this.users = instance.table(ObjectKind.USER);
    this.sessions = sessions;
  }

  void register(Routes on) {
    on.on("POST /users/{user_id}/ban", call -> ban(call.variable("user_id")))
        .on("POST /users/{user_id}/unban", call -> unban(call.variable("user_id")))
        .on("POST /users/ban", this::banAll)
        .on("POST /users/unban", this::unbanAll)
        .on("POST /users/{user_id}/lock", call -> lock(call, true))
        .on("POST /users/{user_id}/unlock", call -> lock(call, false));
  }

  private JsonNode ban(String id) {
    JsonNode banned = users.change(id, user -> user.put("banned", true));
    sessions.revokeAll(id);
    return banned;
  }

  private JsonNode unban(String id) {
    return users.change(id, user -> user.put("banned", false));
  }

  private JsonNode banAll(ApiRequest call) {
    ArrayNode all = Json.array();
    call.texts("user_ids").forEach(id -> all.add(ban(id)));
    return all;
  }

  private JsonNode unbanAll(ApiRequest call) {
    ArrayNode all = Json.array();
    call.texts("user_ids").forEach(id -> all.add(unban(id)));
    return all;
  }

  /** A lock by this door does not expire, and unlocking gives all attempts back. */
  private JsonNode lock(ApiRequest call, boolean locked) {
    return users.change(
        call.variable("user_id"),
        user -> {
          user.put("locked", locked).putNull("lockout_expires_in_seconds");
          if (!locked) {
            user.put("verification_attempts_remaining", 100);
          }
        });
  }
}
