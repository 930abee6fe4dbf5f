package dev.clerkmcp.sandbox.handlers.machine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.ListQuery;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Handles the machine endpoints: machines are programs of the application that call each other. A
 * scope allows one machine to call another.
 */
public final class Machines {
  private static final String SCOPES = "scopes";
  private static final String SECRET_KEY = "secret_key";
  private static final int MAX_SCOPES = 150;

  private final HandlerContext context;
  private final Table machines;

  public Machines(HandlerContext context) {
    this.context = context;
    this.machines = context.table(ObjectKind.MACHINE);
  }

  public void register(Routes routes) {
    routes
        .on("GET /machines", this::list)
        .on("POST /machines", this::create)
        .on("GET /machines/{machine_id}", request -> view(machines.get(id(request))))
        .on("PATCH /machines/{machine_id}", this::update)
        .on("DELETE /machines/{machine_id}", this::delete)
        .on(
            "GET /machines/{machine_id}/secret_key",
            request -> secretKey(machines.get(id(request))))
        .on("POST /machines/{machine_id}/secret_key/rotate", this::rotate)
        .on("POST /machines/{machine_id}/scopes", this::addScope)
        .on("DELETE /machines/{machine_id}/scopes/{other_machine_id}", this::removeScope);
  }

  /** The ids of the machines that a machine may call. */
  static List<String> scopes(ObjectNode row) {
    return HandlerContext.texts(row.path(Store.HIDDEN).path(SCOPES));
  }

  private JsonNode list(ApiRequest request) {
    return context.page(
        request,
        machines.stream()
            .filter(ListQuery.search(request, "name"))
            .sorted(
                ListQuery.order(request, "-created_at", List.of("created_at", "name")).comparator())
            .map(this::view)
            .toList());
  }

  private JsonNode create(ApiRequest request) {
    Set<String> scopes = new LinkedHashSet<>(request.texts("scoped_machines"));
    for (String other : scopes) {
      if (machines.find(other) == null) {
        throw ApiError.invalid(
            "form_resource_not_found",
            "scoped_machines",
            "scoped_machines has %s, which is not a machine.".formatted(other));
      }
    }
    String secret = context.store().newSecret("machine_secret_key");
    ObjectNode row =
        context
            .newObject(ObjectKind.MACHINE, "Machine")
            .put("instance_id", HandlerContext.INSTANCE_ID)
            .put("name", request.text("name"))
            .put("default_token_ttl", request.body().path("default_token_ttl").asInt(3600));
    row.remove("scoped_machines");
    HandlerContext.hidden(row).put(SECRET_KEY, secret);
    setScopes(row, scopes);
    return view(machines.add(row)).put(SECRET_KEY, secret);
  }

  private JsonNode update(ApiRequest request) {
    return view(machines.change(id(request), row -> row.setAll(request.fields())));
  }

  private JsonNode delete(ApiRequest request) {
    String id = id(request);
    machines.remove(id);
    for (ObjectNode other : List.copyOf(machines.rows())) {
      if (scopes(other).contains(id)) {
        change(other.path("id").asText(), id, false);
      }
    }
    Table tokens = context.table(ObjectKind.M2M_TOKEN);
    for (ObjectNode token : List.copyOf(tokens.rows())) {
      if (token.path("subject").asText().equals(id)) {
        tokens.remove(token.path("id").asText());
      }
    }
    return HandlerContext.deleted(ObjectKind.MACHINE, id);
  }

  /**
   * Replaces the secret key. The previous key is not kept valid, because the sandbox accepts no
   * machine keys.
   */
  private JsonNode rotate(ApiRequest request) {
    String secret = context.store().newSecret("machine_secret_key");
    return secretKey(
        machines.change(id(request), row -> HandlerContext.hidden(row).put(SECRET_KEY, secret)));
  }

  private static JsonNode secretKey(ObjectNode row) {
    return Json.object()
        .put("object", "machine_secret_key")
        .put("secret", row.path(Store.HIDDEN).path(SECRET_KEY).asText());
  }

  private JsonNode addScope(ApiRequest request) {
    String from = id(request);
    String to = request.body().path("to_machine_id").asText();
    List<String> scopes = scopes(machines.get(from));
    machines.get(to);
    if (from.equals(to)) {
      throw ApiError.invalid(
          "form_param_value_invalid",
          "to_machine_id",
          "to_machine_id is the machine itself; name another one.");
    }
    if (scopes.contains(to)) {
      throw ApiError.of(409, "conflict", "%s may call %s already.".formatted(from, to));
    }
    if (scopes.size() == MAX_SCOPES) {
      throw ApiError.of(
          403, "quota_exceeded", "A machine has at most %s scopes.".formatted(MAX_SCOPES));
    }
    change(from, to, true);
    return scope(from, to).put("created_at", context.now());
  }

  private JsonNode removeScope(ApiRequest request) {
    String from = id(request);
    String to = request.variable("other_machine_id");
    if (!scopes(machines.get(from)).contains(to)) {
      throw ApiError.notFound("machine_scope", to);
    }
    change(from, to, false);
    return scope(from, to).put("deleted", true);
  }

  private void change(String from, String to, boolean adds) {
    machines.change(
        from,
        row -> {
          Set<String> scopes = new LinkedHashSet<>(scopes(row));
          if (adds) {
            scopes.add(to);
          } else {
            scopes.remove(to);
          }
          setScopes(row, scopes);
        });
  }

  private static void setScopes(ObjectNode row, Set<String> ids) {
    ArrayNode scopes = HandlerContext.hidden(row).putArray(SCOPES);
    ids.forEach(scopes::add);
  }

  private static ObjectNode scope(String from, String to) {
    return Json.object()
        .put("object", "machine_scope")
        .put("from_machine_id", from)
        .put("to_machine_id", to);
  }

  private ObjectNode view(ObjectNode row) {
    ObjectNode view = row.deepCopy();
    ArrayNode scoped = view.putArray("scoped_machines");
    scopes(row).forEach(id -> scoped.add(machines.get(id)));
    return view;
  }

  private static String id(ApiRequest request) {
    return request.variable("machine_id");
  }
}
