package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;

/** Enterprise connections: sign-in by a company's own identity provider. */
final class EnterpriseConnections {
  private static final List<String> FLAGS =
      List.of(
          "allow_organization_account_linking",
          "disable_additional_identifications",
          "sync_user_attributes");

  private final HandlerContext instance;
  private final EnterpriseConnectionRows connections;
  private final Table testRuns;

  EnterpriseConnections(HandlerContext instance, EnterpriseConnectionRows connections) {
    this.instance = instance;
    this.connections = connections;
    this.testRuns = instance.table(ObjectKind.TEST_RUN);
  }

  void register(Routes on) {
    on.on("GET /enterprise_connections", this::list)
        .on("POST /enterprise_connections", this::create)
        .on(
            "GET /enterprise_connections/{enterprise_connection_id}",
            call -> connections.get(id(call)))
        .on("PATCH /enterprise_connections/{enterprise_connection_id}", this::update)
        .on(
            "DELETE /enterprise_connections/{enterprise_connection_id}",
            call -> {
              connections.remove(id(call));
              return HandlerContext.deleted(ObjectKind.ENTERPRISE_CONNECTION, id(call));
            })
        .on("GET /enterprise_connections/{enterprise_connection_id}/test_runs", this::listTestRuns)
        .on("POST /enterprise_connections/{enterprise_connection_id}/test_runs", this::testRun);
  }

  private JsonNode list(ApiRequest call) {
    String organizationId = call.parameter("organization_id");
    JsonNode active = call.query().path("active");
    return instance.page(
        call,
        connections.stream()
            .filter(
                row ->
                    organizationId == null
                        || row.path("organization_id").asText().equals(organizationId))
            .filter(row -> active.isMissingNode() || row.path("active").equals(active))
            .sorted(SortOrder.of(call, "-created_at", List.of("created_at")).comparator())
            .toList());
  }

  private JsonNode create(ApiRequest call) {
    ObjectNode row = connections.blank(call.body().path("provider").asText());
    fill(row, call);
    return connections.add(row);
  }

  private JsonNode update(ApiRequest call) {
    return connections.change(id(call), row -> fill(row, call));
  }

  private void fill(ObjectNode row, ApiRequest call) {
    if (call.has("name")) {
      row.put("name", call.text("name"));
      part(row, "saml_connection").put("name", call.text("name"));
    }
    if (!call.texts("domains").isEmpty()) {
      connections.setDomains(row, call.texts("domains"));
    }
    if (call.has("organization_id")) {
      connections.setOrganization(row, call.body().path("organization_id").asText());
    }
    for (String flag : FLAGS) {
      if (call.has(flag)) {
        row.set(flag, call.body().path(flag));
      }
    }
    if (call.has("custom_attributes")) {
      row.set("custom_attributes", call.body().path("custom_attributes"));
    }
    EnterpriseConnectionRows.setSaml(part(row, "saml_connection"), call.body().path("saml"));
    setOidc(part(row, "oauth_config"), call.body().path("oidc"));
    if (call.has("active")) {
      connections.setActive(row, call.body().path("active").asBoolean());
    }
  }

  private void setOidc(ObjectNode config, JsonNode given) {
    given
        .properties()
        .forEach(
            field -> {
              if (field.getKey().equals("client_secret")) {
                HandlerContext.hidden(config).set("client_secret", field.getValue());
              } else if (!field.getKey().equals("requires_pkce") || !field.getValue().isNull()) {
                config.set(field.getKey(), field.getValue());
              }
            });
    if (!given.isEmpty()) {
      config.put("updated_at", instance.now());
    }
  }

  /**
   * The part of a row that is for its protocol; of the other protocol an object that nobody has.
   */
  private static ObjectNode part(ObjectNode row, String name) {
    return row.path(name) instanceof ObjectNode object ? object : Json.object();
  }

  private JsonNode listTestRuns(ApiRequest call) {
    String id = connections.get(id(call)).path("id").asText();
    List<String> wanted = call.parameters("status");
    return instance.page(
        call,
        testRuns.stream()
            .filter(run -> run.path(Store.HIDDEN).path("connection_id").asText().equals(id))
            .filter(run -> wanted.isEmpty() || wanted.contains(run.path("status").asText()))
            .sorted(SortOrder.of(call, "-created_at", List.of("created_at")).comparator())
            .toList());
  }

  /** Nobody opens the URL, so that the test stays pending. */
  private JsonNode testRun(ApiRequest call) {
    ObjectNode connection = connections.get(id(call));
    ObjectNode run =
        instance
            .newObject(ObjectKind.TEST_RUN, "EnterpriseConnectionTestRun")
            .put("status", "pending")
            .put(
                "connection_type", connection.path("saml_connection").isObject() ? "saml" : "oauth")
            .put("created_at", instance.now());
    HandlerContext.hidden(run).put("connection_id", connection.path("id").asText());
    testRuns.add(run);
    return Json.object()
        .put(
            "url",
            "https://accounts.sandbox.invalid/connection-test?run=" + run.path("id").asText());
  }

  private static String id(ApiRequest call) {
    return call.variable("enterprise_connection_id");
  }
}
