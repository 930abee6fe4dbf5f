package dev.clerkmcp.sandbox.handlers.machine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.Credentials;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Resource;
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
public final class ApiKeys extends Resource {
  private static final String LIFETIME = "seconds_until_expiration";

  private static final Map<String, ObjectKind> SUBJECTS =
      Map.of("user", ObjectKind.USER, "org", ObjectKind.ORGANIZATION, "mch", ObjectKind.MACHINE);

  private final Credentials credentials;

  public ApiKeys(HandlerContext context) {
    super(context, ObjectKind.API_KEY, "/api_keys");
    this.credentials = new Credentials(context, ObjectKind.API_KEY);
  }

  @Override
  public void register(Routes routes) {
    super.register(routes);
    routes
        .on(
            "GET /api_keys/{apiKeyID}/secret",
            request -> Json.object().put("secret", Credentials.secret(row(request))))
        .on(
            "POST /api_keys/{apiKeyID}/revoke",
            request -> credentials.revoke(id(row(request)), request))
        .on("POST /api_keys/verify", request -> credentials.verify(request.field("secret")));
  }

  @Override
  protected String newId() {
    return context.store().newHexId(rows.kind().prefix());
  }

  @Override
  protected void start(ObjectNode row, ApiRequest request) {
    checkNameIsFree(request.field("subject"), request.field("name"));
    if (request.has("created_by")) {
      context.table(ObjectKind.USER).get(request.field("created_by"));
    }
    row.put("type", "api_key");
    Credentials.setSecret(row, context.store().newSecret("ak_sandbox"));
  }

  @Override
  protected void set(ObjectNode row, ApiRequest request) {
    if (request.has("subject")) {
      checkSubject(request.field("subject"));
    }
    super.set(row, request);
    if (request.fields().has(LIFETIME)) {
      HandlerContext.hidden(row).remove(LIFETIME); // is kept as the time of expiry
      row.set("expiration", credentials.expiration(request.body().path(LIFETIME)));
    }
  }

  @Override
  protected JsonNode added(ObjectNode row, ApiRequest request) {
    return current(row).put("secret", Credentials.secret(row));
  }

  @Override
  protected ObjectNode current(ObjectNode row) {
    return credentials.view(row);
  }

  @Override
  public List<String> searched() {
    return List.of("name", "description");
  }

  @Override
  public JsonNode list(ApiRequest request) {
    String type = request.query().path("type").asText("api_key");
    boolean withInvalid = request.query().path("include_invalid").asText().equals("true");
    return page(
        request,
        rows.where("type", type).stream().filter(row -> withInvalid || credentials.isValid(row)));
  }

  private void checkSubject(String subject) {
    ObjectKind kind = SUBJECTS.get(subject.substring(0, subject.indexOf('_')));
    if (kind == null) {
      throw ApiError.notFound("subject", subject);
    }
    context.table(kind).get(subject);
  }

  private void checkNameIsFree(String subject, String name) {
    boolean taken =
        rows.where("subject", subject).stream()
            .anyMatch(row -> credentials.isValid(row) && row.path("name").asText().equals(name));
    if (taken) {
      throw ApiError.of(409, "conflict", "%s has a key named %s; use another name.", subject, name);
    }
  }
}
