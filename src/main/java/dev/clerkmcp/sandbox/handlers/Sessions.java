package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Sessions: each on a client of its own, active for seven days unless it is revoked. */
final class Sessions {
  private static final long ACTIVE_MILLIS = Duration.ofDays(7).toMillis();
  private static final long ABANDONED_MILLIS = Duration.ofDays(30).toMillis();
  private static final Set<String> ALIVE = Set.of("active", "pending");
  private static final Expiry EXPIRY = new Expiry("active", "expire_at");

  private final HandlerContext instance;
  private final Table sessions;
  private final Table clients;
  private final Table users;

  Sessions(HandlerContext instance) {
    this.instance = instance;
    this.sessions = instance.table(ObjectKind.SESSION);
    this.clients = instance.table(ObjectKind.CLIENT);
    this.users = instance.table(ObjectKind.USER);
  }

  void register(Routes on) {
    on.on("GET /sessions", this::list)
        .on("POST /sessions", this::create)
        .on("GET /sessions/{session_id}", call -> get(call.variable("session_id")))
        .on("POST /sessions/{session_id}/revoke", call -> revoke(call.variable("session_id")));
  }

  /**
   * A session as it is now.
   *
   * @throws ApiError with status 404 if there is none
   */
  ObjectNode get(String id) {
    return view(sessions.get(id));
  }

  /** The sessions of a client, the oldest first. */
  List<ObjectNode> ofClient(String clientId) {
    return sessions.by("client_id", clientId).stream().map(this::view).toList();
  }

  static boolean isAlive(JsonNode session) {
    return ALIVE.contains(session.path("status").asText());
  }

  /** Starts an active session on a new client. */
  ObjectNode start(String userId) {
    ObjectNode client = clients.add(instance.newObject(ObjectKind.CLIENT, "Client"));
    long now = instance.now();
    return sessions.add(
        instance
            .newObject(ObjectKind.SESSION, "Session")
            .put("user_id", userId)
            .put("client_id", client.path("id").asText())
            .putNull("actor")
            .put("status", "active")
            .put("last_active_at", now)
            .put("expire_at", now + ACTIVE_MILLIS)
            .put("abandon_at", now + ABANDONED_MILLIS));
  }

  /** Revokes all sessions of a user that are not over. */
  void revokeAll(String userId) {
    sessions.by("user_id", userId).forEach(session -> revoke(session.path("id").asText()));
  }

  /** Removes all sessions of a user, and the clients that had no other. */
  void removeAll(String userId) {
    for (ObjectNode session : sessions.by("user_id", userId)) {
      sessions.remove(session.path("id").asText());
      String client = session.path("client_id").asText();
      if (sessions.by("client_id", client).isEmpty() && clients.find(client) != null) {
        clients.remove(client);
      }
    }
  }

  private JsonNode list(ApiRequest call) {
    String user = call.parameter("user_id");
    String client = call.parameter("client_id");
    String status = call.parameter("status");
    if (user == null && client == null) {
      throw ApiError.of(
          400, "missing_query_parameter", "One of user_id and client_id must be in the query.");
    }
    return instance.page(
        call,
        sessions.stream()
            .filter(session -> user == null || session.path("user_id").asText().equals(user))
            .filter(session -> client == null || session.path("client_id").asText().equals(client))
            .map(this::view)
            .filter(session -> status == null || session.path("status").asText().equals(status))
            .sorted(SortOrder.of(call, "-created_at", List.of("created_at")).comparator())
            .toList());
  }

  private JsonNode create(ApiRequest call) {
    String user = call.fields().path("user_id").asText();
    if (users.get(user).path("banned").asBoolean()) {
      throw ApiError.of(403, "user_banned", "The user is banned; unban the user first.");
    }
    String organization = call.text("active_organization_id");
    if (organization != null) {
      ActiveOrganization.check(instance, organization, user);
    }
    ObjectNode session = start(user);
    return sessions.change(
        session.path("id").asText(), row -> row.put("last_active_organization_id", organization));
  }

  /** What is over already stays as it is. */
  private ObjectNode revoke(String id) {
    ObjectNode session = get(id);
    return isAlive(session) ? sessions.change(id, row -> row.put("status", "revoked")) : session;
  }

  private ObjectNode view(ObjectNode session) {
    return EXPIRY.view(session, instance.now());
  }
}
