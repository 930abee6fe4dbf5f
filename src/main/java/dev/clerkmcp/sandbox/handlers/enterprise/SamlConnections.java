package dev.clerkmcp.sandbox.handlers.enterprise;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.OldListQuery;
import dev.clerkmcp.sandbox.handlers.support.OldListQuery.SignedFilter;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * Handles the endpoints of SAML connections: an older API for the enterprise connections that use
 * SAML.
 */
public final class SamlConnections {
  private static final List<String> ORDERS =
      List.of(
          "created_at",
          "email_address",
          "first_name",
          "last_name",
          "name",
          "phone_number",
          "username");

  private static final List<String> SAML_FIELDS =
      List.of(
          "allow_idp_initiated",
          "allow_subdomains",
          "attribute_mapping",
          "force_authn",
          "idp_certificate",
          "idp_certificates",
          "idp_entity_id",
          "idp_metadata",
          "idp_metadata_url",
          "idp_sso_url",
          "login_hint",
          "name");

  private final HandlerContext context;
  private final Table rows;
  private final EnterpriseConnections connections;

  public SamlConnections(HandlerContext context, EnterpriseConnections connections) {
    this.context = context;
    this.rows = context.table(ObjectKind.ENTERPRISE_CONNECTION);
    this.connections = connections;
  }

  public void register(Routes routes) {
    routes
        .on("GET /saml_connections", this::list)
        .on("POST /saml_connections", this::create)
        .on("GET /saml_connections/{saml_connection_id}", request -> view(row(request)))
        .on("PATCH /saml_connections/{saml_connection_id}", this::update)
        .on("DELETE /saml_connections/{saml_connection_id}", this::delete);
  }

  private JsonNode list(ApiRequest request) {
    SignedFilter organizations = OldListQuery.signed(request.parameters("organization_id"));
    return context.page(
        request,
        rows.stream()
            .filter(row -> row.path("saml_connection").isObject())
            .filter(OldListQuery.search(request, "name"))
            .filter(row -> organizations.keeps(row.path("organization_id").asText("")))
            .sorted(OldListQuery.order(request, "-created_at", ORDERS).comparator())
            .map(this::view)
            .toList());
  }

  private JsonNode create(ApiRequest request) {
    ObjectNode row = connections.newConnection(request.body().path("provider").asText());
    fill(row, request);
    return view(rows.add(row));
  }

  private JsonNode update(ApiRequest request) {
    String id = row(request).path("id").asText();
    return view(rows.change(id, row -> fill(row, request)));
  }

  private void fill(ObjectNode row, ApiRequest request) {
    if (request.has("name")) {
      row.put("name", request.text("name"));
    }
    List<String> domains = new ArrayList<>(request.texts("domains"));
    domains.addAll(request.texts("domain"));
    if (!domains.isEmpty()) {
      connections.setDomains(row, domains);
    }
    if (request.has("organization_id")) {
      connections.setOrganization(row, request.body().path("organization_id").asText());
    }
    EnterpriseConnections.setFlags(row, request);
    ObjectNode given = Json.object();
    for (String field : SAML_FIELDS) {
      if (request.body().has(field)) {
        given.set(field, request.body().path(field));
      }
    }
    EnterpriseConnections.setSaml((ObjectNode) row.path("saml_connection"), given);
    if (request.has("active")) {
      connections.setActive(row, request.body().path("active").asBoolean());
    }
  }

  private JsonNode delete(ApiRequest request) {
    connections.remove(row(request).path("id").asText());
    return HandlerContext.deleted("saml_connection", request.variable("saml_connection_id"));
  }

  private ObjectNode row(ApiRequest request) {
    String id = request.variable("saml_connection_id");
    return rows.stream()
        .filter(row -> row.path("saml_connection").path("id").asText().equals(id))
        .findFirst()
        .orElseThrow(() -> ApiError.notFound("saml_connection", id));
  }

  private ObjectNode view(ObjectNode row) {
    ObjectNode view = context.template("SAMLConnection");
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
