package dev.clerkmcp.sandbox.behaviour;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.contract.Call;
import dev.clerkmcp.sandbox.contract.Refusal;
import dev.clerkmcp.sandbox.world.Kind;
import dev.clerkmcp.sandbox.world.Table;
import dev.clerkmcp.sandbox.world.World;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Machines: programs of the application that call one another. A scope lets one call another. */
final class Machines {
  private static final String SCOPES = "scopes";
  private static final String SECRET_KEY = "secret_key";
  private static final int MOST_SCOPES = 150;

  private final Instance instance;
  private final Table machines;

  Machines(Instance instance) {
    this.instance = instance;
    this.machines = instance.table(Kind.MACHINE);
  }

  void register(Routes on) {
    on.on("GET /machines", this::list)
        .on("POST /machines", this::create)
        .on("GET /machines/{machine_id}", call -> view(machines.get(id(call))))
        .on("PATCH /machines/{machine_id}", this::update)
        .on("DELETE /machines/{machine_id}", this::delete)
        .on("GET /machines/{machine_id}/secret_key", call -> secretKey(machines.get(id(call))))
        .on("POST /machines/{machine_id}/secret_key/rotate", this::rotate)
        .on("POST /machines/{machine_id}/scopes", this::addScope)
        .on("DELETE /machines/{machine_id}/scopes/{other_machine_id}", this::removeScope);
  }

  /** The ids of the machines that a machine may call. */
  static List<String> scopes(ObjectNode row) {
    List<String> ids = new ArrayList<>();
    row.path(World.HIDDEN).path(SCOPES).forEach(id -> ids.add(id.asText()));
    return ids;
  }

  private JsonNode list(Call call) {
    return instance.page(
        call,
        machines.stream()
            .filter(NameQuery.of(call, List.of("name")))
            .sorted(Order.of(call, "-created_at", List.of("created_at", "name")).comparator())
            .map(this::view)
            .toList());
  }

  private JsonNode create(Call call) {
    Set<String> scopes = new LinkedHashSet<>(call.texts("scoped_machines"));
    for (String other : scopes) {
      if (machines.find(other) == null) {
        throw Refusal.invalid(
            "form_resource_not_found",
            "scoped_machines",
            "scoped_machines has %s, which is no machine.".formatted(other));
      }
    }
    String secret = instance.world().newSecret("machine_secret_key");
    ObjectNode row =
        instance
            .newObject(Kind.MACHINE, "Machine")
            .put("instance_id", Instance.ID)
            .put("name", call.text("name"))
            .put("default_token_ttl", call.body().path("default_token_ttl").asInt(3600));
    row.remove("scoped_machines");
    Instance.hidden(row).put(SECRET_KEY, secret);
    setScopes(row, scopes);
    return view(machines.add(row)).put(SECRET_KEY, secret);
  }

  private JsonNode update(Call call) {
    return view(machines.change(id(call), row -> row.setAll(call.fields())));
  }

  private JsonNode delete(Call call) {
    String id = id(call);
    machines.remove(id);
    for (ObjectNode other : List.copyOf(machines.rows())) {
      if (scopes(other).contains(id)) {
        change(other.path("id").asText(), id, false);
      }
    }
    Table tokens = instance.table(Kind.M2M_TOKEN);
    for (ObjectNode token : List.copyOf(tokens.rows())) {
      if (token.path("subject").asText().equals(id)) {
        tokens.remove(token.path("id").asText());
      }
    }
    return Instance.deleted(Kind.MACHINE, id);
  }

  /** The previous key would stay valid for a while, but the sandbox takes no machine's key. */
  private JsonNode rotate(Call call) {
    String secret = instance.world().newSecret("machine_secret_key");
    return secretKey(
        machines.change(id(call), row -> Instance.hidden(row).put(SECRET_KEY, secret)));
  }

  private static JsonNode secretKey(ObjectNode row) {
    return Json.object()
        .put("object", "machine_secret_key")
        .put("secret", row.path(World.HIDDEN).path(SECRET_KEY).asText());
  }

  private JsonNode addScope(Call call) {
    String from = id(call);
    String to = call.body().path("to_machine_id").asText();
    List<String> scopes = scopes(machines.get(from));
    machines.get(to);
    if (from.equals(to)) {
      throw Refusal.invalid(
          "form_param_value_invalid",
          "to_machine_id",
          "to_machine_id is the machine itself; name another one.");
    }
    if (scopes.contains(to)) {
      throw Refusal.of(409, "conflict", "%s may call %s already.".formatted(from, to));
    }
    if (scopes.size() == MOST_SCOPES) {
      throw Refusal.of(
          403, "quota_exceeded", "A machine has at most %s scopes.".formatted(MOST_SCOPES));
    }
    change(from, to, true);
    return scope(from, to).put("created_at", instance.now());
  }

  private JsonNode removeScope(Call call) {
    String from = id(call);
    String to = call.variable("other_machine_id");
    if (!scopes(machines.get(from)).contains(to)) {
      throw Refusal.notFound("machine_scope", to);
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
    ArrayNode scopes = Instance.hidden(row).putArray(SCOPES);
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

  private static String id(Call call) {
    return call.variable("machine_id");
  }
}
