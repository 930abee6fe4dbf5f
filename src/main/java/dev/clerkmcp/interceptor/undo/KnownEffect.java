package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.Endpoint;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What Clerk does to an object's fields at operations that do not name them. */
final class KnownEffect {
  private static final Map<String, SortedMap<String, JsonNode>> BY_ROUTE = new TreeMap<>();

  static {
    put("POST /actor_tokens/{}/revoke", "status", "revoked");
    put("POST /invitations/{}/revoke", "status", "revoked");
    put("POST /organizations/{}/invitations/{}/revoke", "status", "revoked");
    put("POST /sessions/{}/revoke", "status", "revoked");
    put("POST /sign_in_tokens/{}/revoke", "status", "revoked");
    put("POST /waitlist_entries/{}/invite", "status", "invited");
    put("POST /waitlist_entries/{}/reject", "status", "rejected");
    put("DELETE /organizations/{}/logo", "has_image", false);
    put("DELETE /users/{}/backup_code", "backup_code_enabled", false);
    put("DELETE /users/{}/mfa", "backup_code_enabled", false);
    put("DELETE /users/{}/mfa", "totp_enabled", false);
    put("DELETE /users/{}/mfa", "two_factor_enabled", false);
    put("DELETE /users/{}/profile_image", "has_image", false);
    put("DELETE /users/{}/totp", "totp_enabled", false);
    put("POST /api_keys/{}/revoke", "revoked", true);
    put("POST /m2m_tokens/{}/revoke", "revoked", true);
    put("POST /users/ban", "banned", true);
    put("POST /users/unban", "banned", false);
    put("POST /users/{}/ban", "banned", true);
    put("POST /users/{}/lock", "locked", true);
    put("POST /users/{}/profile_image", "has_image", true);
    put("POST /users/{}/remove_password", "password_enabled", false);
    put("POST /users/{}/unban", "banned", false);
    put("POST /users/{}/unlock", "locked", false);
    put("PUT /organizations/{}/logo", "has_image", true);
  }

  private KnownEffect() {}

  /** The fields that an operation sets, with what it sets them to; empty if nobody knows. */
  static SortedMap<String, JsonNode> of(Endpoint endpoint) {
    return Collections.unmodifiableSortedMap(
        BY_ROUTE.getOrDefault(route(endpoint), Collections.emptySortedMap()));
  }

  /** Whether an object is already as the operation would make it. */
  static boolean isThere(Endpoint endpoint, JsonNode object) {
    Map<String, JsonNode> effect = of(endpoint);
    return !effect.isEmpty()
        && effect.entrySet().stream()
            .allMatch(field -> field.getValue().equals(object.get(field.getKey())));
  }

  /** Method and path, the names of variables left out: {@code POST /users/{}/ban}. */
  static String route(Endpoint endpoint) {
    return endpoint.method() + " " + endpoint.path().replaceAll("\\{[^}]*}", "{}");
  }

  private static void put(String route, String field, String value) {
    put(route, field, TextNode.valueOf(value));
  }

  private static void put(String route, String field, boolean value) {
    put(route, field, BooleanNode.valueOf(value));
  }

  private static void put(String route, String field, JsonNode value) {
    BY_ROUTE.computeIfAbsent(route, missing -> new TreeMap<>()).put(field, value);
  }
}
