package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;

/** Clients: the browsers and devices that sessions are on. */
final class Clients {
  private final HandlerContext instance;
  private final Table clients;
  private final Sessions sessions;

  Clients(HandlerContext instance, Sessions sessions) {
    this.instance = instance;
    this.clients = instance.table(ObjectKind.CLIENT);
    this.sessions = sessions;
  }

  void register(Routes on) {
    on.on("GET /clients", this::list)
        .on("POST /clients/verify", this::verify)
        .on("GET /clients/{client_id}", call -> get(call.variable("client_id")));
  }

  private JsonNode list(ApiRequest call) {
    return instance.page(
        call,
        clients.stream()
            .sorted(SortOrder.of(call, "-created_at", List.of("created_at")).comparator())
            .map(this::view)
            .toList());
  }

  private JsonNode verify(ApiRequest call) {
    SessionToken token = SessionToken.find(call.fields().path("token").asText());
    if (token == null) {
      throw invalid("token must be a session token of this sandbox.");
    }
    if (token.expiresAt() <= instance.now() / 1000) {
      throw invalid("The token has expired.");
    }
    return get(sessions.get(token.sessionId()).path("client_id").asText());
  }

  private static ApiError invalid(String message) {
    return ApiError.of(400, "invalid_session_token", message);
  }

  private ObjectNode get(String id) {
    return view(clients.get(id));
  }

  /** A client with its sessions, which stand in a table of their own. */
  private ObjectNode view(ObjectNode row) {
    ObjectNode client = row.deepCopy();
    ArrayNode ids = client.putArray("session_ids");
    ArrayNode all = client.putArray("sessions");
    client.putNull("last_active_session_id");
    for (ObjectNode session : sessions.ofClient(row.path("id").asText())) {
      ids.add(session.path("id"));
      all.add(session);
      if (Sessions.isAlive(session)) {
        client.set("last_active_session_id", session.path("id"));
      }
    }
    return client;
  }
}
