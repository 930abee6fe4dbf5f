package dev.clerkmcp.sandbox.handlers.enterprise;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import java.util.ArrayList;
import java.util.List;

/**
 * Handles the endpoints of SAML connections: an older API for the enterprise connections that use
 * SAML.
 */
public final class SamlConnections extends Resource {
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

  private final EnterpriseConnections connections;

  public SamlConnections(HandlerContext context, EnterpriseConnections connections) {
    super(context, ObjectKind.ENTERPRISE_CONNECTION, "/saml_connections");
    this.connections = connections;
  }

  @Override
  public JsonNode list(ApiRequest request) {
    return page(request, rows.stream().filter(row -> row.path("saml_connection").isObject()));
  }

  @Override
  public JsonNode create(ApiRequest request) {
    ObjectNode row = connections.newConnection(request.field("provider"));
    set(row, request);
    return view(rows.add(row));
  }

  @Override
  protected void set(ObjectNode row, ApiRequest request) {
    if (request.has("name")) {
      row.put("name", request.text("name"));
    }
    List<String> domains = new ArrayList<>(request.texts("domains"));
    domains.addAll(request.texts("domain"));
    if (!domains.isEmpty()) {
      connections.setDomains(row, domains);
    }
    if (request.has("organization_id")) {
      connections.setOrganization(row, request.field("organization_id"));
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

  @Override
  public JsonNode delete(ApiRequest request) {
    connections.remove(row(request));
    return HandlerContext.deleted("saml_connection", request.variable("saml_connection_id"));
  }

  @Override
  protected ObjectNode row(ApiRequest request) {
    String id = request.variable("saml_connection_id");
    return rows.stream()
        .filter(row -> row.at("/saml_connection/id").asText().equals(id))
        .findFirst()
        .orElseThrow(() -> ApiError.notFound("saml_connection", id));
  }

  @Override
  public ObjectNode view(ObjectNode row) {
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
