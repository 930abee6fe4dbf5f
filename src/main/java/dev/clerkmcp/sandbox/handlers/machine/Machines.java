package dev.clerkmcp.sandbox.handlers.machine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Handles the machine endpoints: machines are programs of the application that call each other. A
 * scope allows one machine to call another.
 */
public final class Machines extends Resource {
  /** The beginning of the secret keys of machines. */
  public static final String KEY = "ak_sandbox_machine";

  private static final String SCOPES = "scopes";
  private static final String SECRET_KEY = "secret_key";
  private static final String PREVIOUS = "previous_key";
  private static final int MAX_SCOPES = 150;
  private static final int TOKEN_TTL_SECONDS = 3600;

  public Machines(HandlerContext context) {
    super(context, ObjectKind.MACHINE, "/machines");
  }

  @Override
  public void register(Routes routes) {
    super.register(routes);
    routes
        .on("GET /machines/{machine_id}/secret_key", request -> secretKey(row(request)))
        .on("POST /machines/{machine_id}/secret_key/rotate", this::rotate)
        .on("POST /machines/{machine_id}/scopes", this::addScope)
        .on("DELETE /machines/{machine_id}/scopes/{other_machine_id}", this::removeScope);
  }

  private static String key(ObjectNode row) {
    return row.path(Store.HIDDEN).path(SECRET_KEY).asText();
  }

  /** Whether a machine has the secret key, or had it until it was rotated and may still use it. */
  public static boolean hasKey(ObjectNode row, String key, long now) {
    JsonNode previous = row.path(Store.HIDDEN).path(PREVIOUS);
    return key(row).equals(key)
        || (previous.path(SECRET_KEY).asText().equals(key)
            && previous.path("until").asLong() > now);
  }

  /** The ids of the machines that a machine may call. */
  static List<String> scopes(ObjectNode row) {
    return HandlerContext.texts(row.path(Store.HIDDEN).path(SCOPES));
  }

  @Override
  protected void start(ObjectNode row, ApiRequest request) {
    row.put("instance_id", HandlerContext.INSTANCE_ID).put("default_token_ttl", TOKEN_TTL_SECONDS);
    row.remove("scoped_machines");
    HandlerContext.hidden(row).put(SECRET_KEY, context.store().newSecret(KEY));
    setScopes(row, Set.of());
  }

  @Override
  protected void set(ObjectNode row, ApiRequest request) {
    copy(row, request, "name", "default_token_ttl");
    Set<String> scopes = new LinkedHashSet<>(request.texts("scoped_machines"));
    for (String other : scopes) {
      if (rows.find(other) == null) {
        throw ApiError.invalid(
            "form_resource_not_found",
            "scoped_machines",
            "scoped_machines has %s, which is not a machine.",
            other);
      }
    }
    if (request.has("scoped_machines")) {
      setScopes(row, scopes);
    }
  }

  @Override
  protected JsonNode added(ObjectNode row, ApiRequest request) {
    return view(row).put(SECRET_KEY, key(row));
  }

  @Override
  protected void removing(ObjectNode row) {
    rows.changeAll(
        other -> scopes(other).contains(id(row)), other -> change(other, id(row), false));
    context
        .table(ObjectKind.M2M_TOKEN)
        .removeAll(token -> token.path("subject").asText().equals(id(row)));
  }

  /** Replaces the secret key; the previous one stays valid as long as the request says. */
  private JsonNode rotate(ApiRequest request) {
    String secret = context.store().newSecret(KEY);
    long until = context.now() + request.body().path("previous_token_ttl").asLong() * 1000;
    return secretKey(
        rows.change(
            id(row(request)),
            row -> {
              ObjectNode hidden = HandlerContext.hidden(row);
              hidden.putObject(PREVIOUS).put(SECRET_KEY, key(row)).put("until", until);
              hidden.put(SECRET_KEY, secret);
            }));
  }

  private static JsonNode secretKey(ObjectNode row) {
    return Json.object().put("object", "machine_secret_key").put("secret", key(row));
  }

  private JsonNode addScope(ApiRequest request) {
    ObjectNode from = row(request);
    ObjectNode to = rows.get(request.field("to_machine_id"));
    List<String> scopes = scopes(from);
    if (id(from).equals(id(to))) {
      throw ApiError.invalid(
          "form_param_value_invalid",
          "to_machine_id",
          "to_machine_id is the machine itself; name another one.");
    }
    if (scopes.contains(id(to))) {
      throw ApiError.of(409, "conflict", "%s may call %s already.", id(from), id(to));
    }
    if (scopes.size() == MAX_SCOPES) {
      throw ApiError.of(403, "quota_exceeded", "A machine has at most %s scopes.", MAX_SCOPES);
    }
    rows.change(id(from), row -> change(row, id(to), true));
    return scope(id(from), id(to)).put("created_at", context.now());
  }

  private JsonNode removeScope(ApiRequest request) {
    ObjectNode from = row(request);
    String to = request.variable("other_machine_id");
    if (!scopes(from).contains(to)) {
      throw ApiError.notFound("machine_scope", to);
    }
    rows.change(id(from), row -> change(row, to, false));
    return scope(id(from), to).put("deleted", true);
  }

  private static void change(ObjectNode row, String to, boolean adds) {
    Set<String> scopes = new LinkedHashSet<>(scopes(row));
    if (adds) {
      scopes.add(to);
    } else {
      scopes.remove(to);
    }
    setScopes(row, scopes);
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

  @Override
  public ObjectNode view(ObjectNode row) {
    ObjectNode view = row.deepCopy();
    ArrayNode scoped = view.putArray("scoped_machines");
    scopes(row).forEach(id -> scoped.add(rows.get(id)));
    return view;
  }
}
