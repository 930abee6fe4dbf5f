package dev.clerkmcp.sandbox.handlers.machine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.Credentials;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.OldListQuery;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.util.List;
import java.util.Map;

/**
 * Handles the API-key endpoints: keys with which users, organizations and machines call the
 * application's own API.
 */
public final class ApiKeys {
  private static final Map<String, ObjectKind> SUBJECTS =
      Map.of("user", ObjectKind.USER, "org", ObjectKind.ORGANIZATION, "mch", ObjectKind.MACHINE);

  private final HandlerContext context;
  private final Credentials keys;

  public ApiKeys(HandlerContext context) {
    this.context = context;
    this.keys = new Credentials(context, ObjectKind.API_KEY);
  }

  public void register(Routes routes) {
    routes
        .on("POST /api_keys", this::create)
        .on("GET /api_keys", this::list)
        .on("GET /api_keys/{apiKeyID}", request -> keys.view(row(request)))
        .on("PATCH /api_keys/{apiKeyID}", this::update)
        .on("DELETE /api_keys/{apiKeyID}", this::delete)
        .on(
            "GET /api_keys/{apiKeyID}/secret",
            request -> Json.object().put("secret", Credentials.secret(row(request))))
        .on("POST /api_keys/{apiKeyID}/revoke", request -> keys.revoke(id(request), request))
        .on(
            "POST /api_keys/verify",
            request -> keys.verify(request.body().path("secret").asText()));
  }

  private JsonNode create(ApiRequest request) {
    String subject = checkedSubject(request);
    if (request.has("created_by")) {
      context.table(ObjectKind.USER).get(request.body().path("created_by").asText());
    }
    checkNameIsFree(subject, request.body().path("name").asText());
    ObjectNode row =
        context
            .responseTemplate(request)
            .put("id", context.store().newHexId(ObjectKind.API_KEY.prefix()))
            .put("type", "api_key")
            .put("created_at", context.now())
            .put("updated_at", context.now());
    row.remove("secret");
    fill(row, request);
    String secret = context.store().newSecret("api_key");
    return keys.view(keys.add(row, secret)).put("secret", secret);
  }

  private JsonNode list(ApiRequest request) {
    String subject = request.parameter("subject");
    String type = request.query().path("type").asText("api_key");
    boolean withInvalid = request.query().path("include_invalid").asText().equals("true");
    List<ObjectNode> rows =
        keys.table().stream()
            .filter(row -> row.path("subject").asText().equals(subject))
            .filter(row -> row.path("type").asText().equals(type))
            .filter(row -> withInvalid || keys.isValid(row))
            .filter(OldListQuery.search(request, "name", "description"))
            .sorted(OldListQuery.byCreation(request))
            .map(keys::view)
            .toList();
    return context.page(request, rows);
  }

  private JsonNode update(ApiRequest request) {
    if (request.has("subject")) {
      checkedSubject(request);
    }
    return keys.view(keys.table().change(id(request), row -> fill(row, request)));
  }

  private void fill(ObjectNode row, ApiRequest request) {
    for (Map.Entry<String, JsonNode> field : request.fields().properties()) {
      if (!field.getKey().equals("seconds_until_expiration")) {
        row.set(field.getKey(), field.getValue());
      }
    }
    if (request.fields().has("seconds_until_expiration")) {
      row.set("expiration", keys.expiration(request.body().path("seconds_until_expiration")));
    }
  }

  private JsonNode delete(ApiRequest request) {
    keys.table().remove(id(request));
    return HandlerContext.deleted(ObjectKind.API_KEY, id(request));
  }

  private String checkedSubject(ApiRequest request) {
    String subject = request.body().path("subject").asText();
    ObjectKind kind = SUBJECTS.get(subject.substring(0, subject.indexOf('_')));
    if (kind == null) {
      throw ApiError.notFound("subject", subject);
    }
    context.table(kind).get(subject);
    return subject;
  }

  private void checkNameIsFree(String subject, String name) {
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

  private ObjectNode row(ApiRequest request) {
    return keys.table().get(id(request));
  }

  private static String id(ApiRequest request) {
    return request.variable("apiKeyID");
  }
}
