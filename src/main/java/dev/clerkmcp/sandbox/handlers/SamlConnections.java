package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.Store;
import java.util.ArrayList;
import java.util.List;

/** SAML connections: the older way to see and change those enterprise connections that use SAML. */
final class SamlConnections {
  private static final List<String> ORDERS =
      List.of(
          "created_at",
          "email_address",
          "first_name",
          "last_name",
          "name",
          "phone_number",
          "username");

  private static final List<String> CONNECTION_FLAGS =
      List.of(
          "allow_organization_account_linking",
          "disable_additional_identifications",
          "sync_user_attributes");

  private static final List<String> SAML_FIELDS =
      List.of(
          "allow_idp_initiated",
          "allow_subdomains",
          "attribute_mapping",
          "force_authn",
          "idp_certificate",
          "idp_entity_id",
          "idp_metadata",
          "idp_metadata_url",
          "idp_sso_url",
          "login_hint",
          "name");

  private final HandlerContext instance;
  private final EnterpriseConnectionRows connections;

  SamlConnections(HandlerContext instance, EnterpriseConnectionRows connections) {
    this.instance = instance;
    this.connections = connections;
  }

  void register(Routes on) {
    on.on("GET /saml_connections", this::list)
        .on("POST /saml_connections", this::create)
        .on("GET /saml_connections/{saml_connection_id}", call -> view(row(call)))
        .on("PATCH /saml_connections/{saml_connection_id}", this::update)
        .on("DELETE /saml_connections/{saml_connection_id}", this::delete);
  }

  private JsonNode list(ApiRequest call) {
    SignedFilter organizations = SignedFilter.of(call.parameters("organization_id"));
    return instance.page(
        call,
        connections.stream()
            .filter(row -> row.path("saml_connection").isObject())
            .filter(NameQuery.of(call, List.of("name")))
            .filter(row -> organizations.keeps(row.path("organization_id").asText("")))
            .sorted(SortOrder.of(call, "-created_at", ORDERS).comparator())
            .map(this::view)
            .toList());
  }

  private JsonNode create(ApiRequest call) {
    ObjectNode row = connections.blank(call.body().path("provider").asText());
    fill(row, call);
    return view(connections.add(row));
  }

  private JsonNode update(ApiRequest call) {
    String id = row(call).path("id").asText();
    return view(connections.change(id, row -> fill(row, call)));
  }

  private void fill(ObjectNode row, ApiRequest call) {
    if (call.has("name")) {
      row.put("name", call.text("name"));
    }
    List<String> domains = new ArrayList<>(call.texts("domains"));
    domains.addAll(call.texts("domain"));
    if (!domains.isEmpty()) {
      connections.setDomains(row, domains);
    }
    if (call.has("organization_id")) {
      connections.setOrganization(row, call.body().path("organization_id").asText());
    }
    for (String flag : CONNECTION_FLAGS) {
      if (call.has(flag)) {
        row.set(flag, call.body().path(flag));
      }
    }
    ObjectNode given = Json.object();
    for (String field : SAML_FIELDS) {
      if (call.body().has(field)) {
        given.set(field, call.body().path(field));
      }
    }
    EnterpriseConnectionRows.setSaml((ObjectNode) row.path("saml_connection"), given);
    if (call.has("active")) {
      connections.setActive(row, call.body().path("active").asBoolean());
    }
  }

  private JsonNode delete(ApiRequest call) {
    connections.remove(row(call).path("id").asText());
    return Json.object()
        .put("object", "saml_connection")
        .put("id", call.variable("saml_connection_id"))
        .put("deleted", true);
  }

  private ObjectNode row(ApiRequest call) {
    String id = call.variable("saml_connection_id");
    return connections.stream()
        .filter(row -> row.path("saml_connection").path("id").asText().equals(id))
        .findFirst()
        .orElseThrow(() -> ApiError.notFound("saml_connection", id));
  }

  private ObjectNode view(ObjectNode row) {
    ObjectNode view = instance.blank("SAMLConnection");
    List<String> fields = new ArrayList<>();
    view.fieldNames().forEachRemaining(fields::add);
    JsonNode saml = row.path("saml_connection");
    for (JsonNode source : List.of(row, saml.path(Store.HIDDEN), saml)) {
      for (String field : fields) {
        if (source.has(field) && !field.equals("object")) {
          view.set(field, source.path(field));
        }
      }
    }
    view.set("attribute_mapping", saml.path(Store.HIDDEN).path("attribute_mapping"));
    return view.put("domain", row.path("domains").path(0).asText())
        .put("authenticatable", true)
        .put("disable_jit_provisioning", false)
        .put("enterprise_connection_id", row.path("id").asText());
  }
}
