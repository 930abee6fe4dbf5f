package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.util.List;
import java.util.Map;

/** API keys: with them users, organizations and machines call the application's own API. */
final class ApiKeys {
  private static final Map<String, ObjectKind> SUBJECTS =
      Map.of("user", ObjectKind.USER, "org", ObjectKind.ORGANIZATION, "mch", ObjectKind.MACHINE);

  private final HandlerContext instance;
  private final Credentials keys;

  ApiKeys(HandlerContext instance) {
    this.instance = instance;
    this.keys = new Credentials(instance, ObjectKind.API_KEY);
  }

  void register(Routes on) {
    on.on("POST /api_keys", this::create)
        .on("GET /api_keys", this::list)
        .on("GET /api_keys/{apiKeyID}", call -> keys.view(row(call)))
        .on("PATCH /api_keys/{apiKeyID}", this::update)
        .on("DELETE /api_keys/{apiKeyID}", this::delete)
        .on(
            "GET /api_keys/{apiKeyID}/secret",
            call -> Json.object().put("secret", Credentials.secret(row(call))))
        .on("POST /api_keys/{apiKeyID}/revoke", call -> keys.revoke(id(call), call))
        .on("POST /api_keys/verify", call -> keys.verify(call.body().path("secret").asText()));
  }

  private JsonNode create(ApiRequest call) {
    String subject = checkedSubject(call);
    if (call.has("created_by")) {
      instance.table(ObjectKind.USER).get(call.body().path("created_by").asText());
    }
    refuseSameName(subject, call.body().path("name").asText());
    ObjectNode row =
        instance
            .blankAnswer(call)
            .put("id", instance.store().newHexId(ObjectKind.API_KEY.prefix()))
            .put("type", "api_key")
            .put("created_at", instance.now())
            .put("updated_at", instance.now());
    row.remove("secret");
    fill(row, call);
    String secret = instance.store().newSecret("api_key");
    return keys.view(keys.add(row, secret)).put("secret", secret);
  }

  private JsonNode list(ApiRequest call) {
    String subject = call.parameter("subject");
    String type = call.query().path("type").asText("api_key");
    boolean withInvalid = call.query().path("include_invalid").asText().equals("true");
    List<ObjectNode> rows =
        keys.table().stream()
            .filter(row -> row.path("subject").asText().equals(subject))
            .filter(row -> row.path("type").asText().equals(type))
            .filter(row -> withInvalid || keys.isValid(row))
            .filter(NameQuery.of(call, List.of("name", "description")))
            .sorted(SortOrder.of(call, "-created_at", List.of("created_at")).comparator())
            .map(keys::view)
            .toList();
    return instance.page(call, rows);
  }

  private JsonNode update(ApiRequest call) {
    if (call.has("subject")) {
      checkedSubject(call);
    }
    return keys.view(keys.table().change(id(call), row -> fill(row, call)));
  }

  private void fill(ObjectNode row, ApiRequest call) {
    for (Map.Entry<String, JsonNode> field : call.fields().properties()) {
      if (!field.getKey().equals("seconds_until_expiration")) {
        row.set(field.getKey(), field.getValue());
      }
    }
    if (call.fields().has("seconds_until_expiration")) {
      row.set("expiration", keys.expiration(call.body().path("seconds_until_expiration")));
    }
  }

  private JsonNode delete(ApiRequest call) {
    keys.table().remove(id(call));
    return HandlerContext.deleted(ObjectKind.API_KEY, id(call));
  }

  private String checkedSubject(ApiRequest call) {
    String subject = call.body().path("subject").asText();
    ObjectKind kind = SUBJECTS.get(subject.substring(0, subject.indexOf('_')));
    if (kind == null) {
      throw ApiError.notFound("subject", subject);
    }
    instance.table(kind).get(subject);
    return subject;
  }

  private void refuseSameName(String subject, String name) {
    boolean taken =
        keys.table().stream()
            .filter(row -> row.path("subject").asText().equals(subject))
            .filter(keys::isValid)
            .anyMatch(row -> row.path("name").asText().equals(name));
    if (taken) {
      throw ApiError.of(
          409, "conflict", "%s has a key named %s; use another name.".formatted(subject, name));
    }
  }

  private ObjectNode row(ApiRequest call) {
    return keys.table().get(id(call));
  }

  private static String id(ApiRequest call) {
    return call.variable("apiKeyID");
  }
}
