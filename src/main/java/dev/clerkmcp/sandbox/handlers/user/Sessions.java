package dev.clerkmcp.sandbox.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.ListQuery;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.time.Duration;
import java.util.Set;

/**
 * Handles the endpoints of sessions and their clients. A session gets a new client, and is active
 * for seven days unless it is revoked.
 */
public final class Sessions extends Resource {
  private static final long ACTIVE_MILLIS = Duration.ofDays(7).toMillis();
  private static final long ABANDONED_MILLIS = Duration.ofDays(30).toMillis();
  private static final Set<String> ALIVE = Set.of("active", "pending");

  private final Table clients;
  private final Table users;

  public Sessions(HandlerContext context) {
    super(context, ObjectKind.SESSION, "/sessions");
    this.clients = context.table(ObjectKind.CLIENT);
    this.users = context.table(ObjectKind.USER);
  }

  @Override
  public void register(Routes routes) {
    super.register(routes);
    routes
        .on("POST /sessions/{session_id}/revoke", request -> revoke(id(row(request))))
        .on(
            "GET /clients",
            request ->
                context.page(
                    request,
                    new ListQuery(request, this).select(clients.stream()),
                    this::clientView))
        .on("POST /clients/verify", this::verifyClient)
        .on(
            "GET /clients/{client_id}",
            request -> clientView(clients.get(request.variable("client_id"))));
  }

  /**
   * A session with its current status.
   *
   * @throws ApiError with status 404 if there is none
   */
  ObjectNode get(String id) {
    return current(rows.get(id));
  }

  static boolean isAlive(JsonNode session) {
    return ALIVE.contains(session.path("status").asText());
  }

  /** Starts an active session on a new client. */
  ObjectNode start(String userId) {
    ObjectNode client = clients.add(context.newObject(ObjectKind.CLIENT, "Client"));
    long now = context.now();
    return rows.add(
        newRow()
            .put("user_id", userId)
            .put("client_id", client.path("id").asText())
            .putNull("actor")
            .put("status", "active")
            .put("last_active_at", now)
            .put("expire_at", now + ACTIVE_MILLIS)
            .put("abandon_at", now + ABANDONED_MILLIS));
  }

  /** Revokes all active or pending sessions of a user. */
  public void revokeAll(String userId) {
    rows.where("user_id", userId).forEach(session -> revoke(session.path("id").asText()));
  }

  /** Removes all sessions of a user, and the clients that have no other session. */
  void removeAll(String userId) {
    for (ObjectNode session : rows.where("user_id", userId)) {
      rows.remove(session.path("id").asText());
      String client = session.path("client_id").asText();
      if (rows.where("client_id", client).isEmpty() && clients.find(client) != null) {
        clients.remove(client);
      }
    }
  }

  @Override
  public JsonNode list(ApiRequest request) {
    if (request.parameter("user_id") == null && request.parameter("client_id") == null) {
      throw ApiError.of(
          400, "missing_query_parameter", "One of user_id and client_id must be in the query.");
    }
    return super.list(request);
  }

  @Override
  public JsonNode create(ApiRequest request) {
    String user = request.field("user_id");
    if (users.get(user).path("banned").asBoolean()) {
      throw ApiError.of(403, "user_banned", "The user is banned; unban the user first.");
    }
    String organization = request.text("active_organization_id");
    if (organization != null) {
      checkActiveOrganization(organization, user);
    }
    ObjectNode session = start(user);
    return rows.change(
        session.path("id").asText(), row -> row.put("last_active_organization_id", organization));
  }

  /** Revokes a session; one that has ended stays as it is. */
  private ObjectNode revoke(String id) {
    ObjectNode session = get(id);
    return isAlive(session) ? rows.change(id, row -> row.put("status", "revoked")) : session;
  }

  @Override
  protected ObjectNode current(ObjectNode session) {
    return context.withExpiry(session, "active", "expire_at");
  }

  /**
   * Checks the organization that a session starts with.
   *
   * @throws ApiError with status 404 if it does not exist, with 403 if the user is not a member
   */
  void checkActiveOrganization(String organizationId, String userId) {
    context.table(ObjectKind.ORGANIZATION).get(organizationId);
    Table memberships = context.table(ObjectKind.ORGANIZATION_MEMBERSHIP);
    if (memberships.by("user_id", userId).stream()
        .noneMatch(memberships.by("organization_id", organizationId)::contains)) {
      throw ApiError.of(
          403,
          "not_a_member_in_organization",
          "The user %s is not a member of %s.",
          userId,
          organizationId);
    }
  }

  private JsonNode verifyClient(ApiRequest request) {
    JsonNode token = context.jwts().findClaims(request.field("token"));
    if (token == null || !token.has("sid")) {
      throw invalidToken("token must be a session token of this sandbox.");
    }
    if (token.path("exp").asLong() <= context.now() / 1000) {
      throw invalidToken("The token has expired.");
    }
    String clientId = get(token.path("sid").asText()).path("client_id").asText();
    return clientView(clients.get(clientId));
  }

  private static ApiError invalidToken(String message) {
    return ApiError.of(400, "invalid_session_token", message);
  }

  /** A client with its sessions, which are in another table. */
  private ObjectNode clientView(ObjectNode row) {
    ObjectNode client = row.deepCopy();
    ArrayNode ids = client.putArray("session_ids");
    ArrayNode all = client.putArray("sessions");
    client.putNull("last_active_session_id");
    for (ObjectNode stored : rows.where("client_id", id(row))) {
      ObjectNode session = current(stored);
      ids.add(session.path("id"));
      all.add(session);
      if (isAlive(session)) {
        client.set("last_active_session_id", session.path("id"));
      }
    }
    return client;
  }
}
