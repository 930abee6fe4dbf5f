package dev.clerkmcp.sandbox.handlers.enterprise;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.ListQuery;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Handles the endpoints of enterprise connections: sign-in by a company's own identity provider. A
 * SAML connection is the field {@code saml_connection} of an enterprise connection.
 */
public final class EnterpriseConnections extends Resource {
  private static final List<String> FLAGS =
      List.of(
          "allow_organization_account_linking",
          "disable_additional_identifications",
          "sync_user_attributes");

  /** RFC 1035. */
  private static final int MAX_DOMAIN_LENGTH = 253;

  /** The fields of a SAML connection that an enterprise connection does not show. */
  private static final Set<String> HIDDEN_SAML =
      Set.of("attribute_mapping", "idp_certificate", "idp_metadata");

  private final Table testRuns;

  public EnterpriseConnections(HandlerContext context) {
    super(context, ObjectKind.ENTERPRISE_CONNECTION, "/enterprise_connections");
    this.testRuns = context.table(ObjectKind.TEST_RUN);
  }

  @Override
  public void register(Routes routes) {
    super.register(routes);
    String runs = "/enterprise_connections/{enterprise_connection_id}/test_runs";
    routes.on("GET " + runs, this::listTestRuns).on("POST " + runs, this::testRun);
  }

  @Override
  public JsonNode create(ApiRequest request) {
    ObjectNode row = newConnection(request.field("provider"));
    set(row, request);
    return rows.add(row);
  }

  @Override
  protected void set(ObjectNode row, ApiRequest request) {
    if (request.has("name")) {
      row.put("name", request.text("name"));
      part(row, "saml_connection").put("name", request.text("name"));
    }
    if (!request.texts("domains").isEmpty()) {
      setDomains(row, request.texts("domains"));
    }
    if (request.has("organization_id")) {
      setOrganization(row, request.field("organization_id"));
    }
    setFlags(row, request);
    if (request.has("custom_attributes")) {
      row.set("custom_attributes", request.body().path("custom_attributes"));
    }
    setSaml(part(row, "saml_connection"), request.body().path("saml"));
    setOidc(part(row, "oauth_config"), request.body().path("oidc"));
    if (request.has("active")) {
      setActive(row, request.body().path("active").asBoolean());
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
      config.put("updated_at", context.now());
    }
  }

  /**
   * The part of a row for one protocol; if the connection uses the other protocol, an object
   * outside the row, so that values for it have no effect.
   */
  private static ObjectNode part(ObjectNode row, String name) {
    return row.path(name) instanceof ObjectNode object ? object : Json.object();
  }

  private JsonNode listTestRuns(ApiRequest request) {
    ObjectNode connection = row(request);
    return context.page(
        request,
        new ListQuery(request, this)
            .select(testRuns.stream().filter(run -> isOf(run, connection))));
  }

  private static boolean isOf(ObjectNode run, ObjectNode connection) {
    return run.path(Store.HIDDEN).path("connection_id").equals(connection.path("id"));
  }

  /** Starts a test run. It stays pending, because no browser opens its URL. */
  private JsonNode testRun(ApiRequest request) {
    ObjectNode connection = row(request);
    ObjectNode run =
        context
            .newObject(ObjectKind.TEST_RUN, "EnterpriseConnectionTestRun")
            .put("status", "pending")
            .put(
                "connection_type", connection.path("saml_connection").isObject() ? "saml" : "oauth")
            .put("created_at", context.now());
    HandlerContext.hidden(run).put("connection_id", connection.path("id").asText());
    testRuns.add(run);
    return Json.object()
        .put(
            "url",
            "https://accounts.sandbox.invalid/connection-test?run=" + run.path("id").asText());
  }

  /** Sets the flags that connections of both protocols have. */
  static void setFlags(ObjectNode row, ApiRequest request) {
    for (String flag : FLAGS) {
      if (request.has(flag)) {
        row.set(flag, request.body().path(flag));
      }
    }
  }

  /** Test runs go with their connection. Its directory stays, without a connection. */
  @Override
  protected void removing(ObjectNode connection) {
    testRuns.removeAll(run -> isOf(run, connection));
    context
        .table(ObjectKind.DIRECTORY)
        .changeAll(
            row -> row.path("enterprise_connection_id").equals(connection.path("id")),
            row -> row.putNull("enterprise_connection_id"));
  }

  /** Removes a connection that another API names. */
  void remove(ObjectNode connection) {
    removing(connection);
    rows.remove(id(connection));
  }

  /** A new row with the part for the provider's protocol. */
  ObjectNode newConnection(String provider) {
    ObjectNode row =
        newRow()
            .put("provider", provider)
            .put("authenticatable", true)
            .put("disable_jit_provisioning", false);
    if (provider.startsWith("saml_")) {
      addSaml(row);
    } else {
      row.putObject("oauth_config")
          .put("id", context.store().newId("oacc_"))
          .put("provider_key", provider)
          .put("requires_pkce", false)
          .put("created_at", context.now())
          .put("updated_at", context.now());
    }
    return row;
  }

  private void addSaml(ObjectNode row) {
    String id = context.store().newId("samlc_");
    ObjectNode saml =
        row.putObject("saml_connection")
            .put("id", id)
            .putNull("idp_entity_id")
            .putNull("idp_sso_url")
            .putNull("idp_metadata_url")
            .put("acs_url", "https://clerk.sandbox.invalid/v1/saml/acs/" + id)
            .put("sp_entity_id", "https://clerk.sandbox.invalid/saml/" + id)
            .put("sp_metadata_url", "https://clerk.sandbox.invalid/v1/saml/metadata/" + id + ".xml")
            .put("active", false)
            .put("allow_idp_initiated", false)
            .put("allow_subdomains", false)
            .put("force_authn", false);
    saml.putObject("login_hint").put("mode", "email_address");
    HandlerContext.hidden(saml)
        .putObject("attribute_mapping")
        .put("user_id", "")
        .put("email_address", "mail")
        .put("first_name", "givenName")
        .put("last_name", "surname");
  }

  /** Sets the given fields of a SAML connection. Null clears a text but does not change a flag. */
  static void setSaml(ObjectNode saml, JsonNode given) {
    for (Map.Entry<String, JsonNode> field : given.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      ObjectNode part = HIDDEN_SAML.contains(name) ? HandlerContext.hidden(saml) : saml;
      boolean isText = name.startsWith("idp_");
      if (name.startsWith("idp_certificate")) {
        trust(saml, value);
      } else if (name.equals("attribute_mapping")) {
        ObjectNode mapping = (ObjectNode) part.path(name);
        value.properties().forEach(one -> mapping.put(one.getKey(), one.getValue().asText("")));
      } else if (isText || !value.isNull()) {
        part.set(name, value);
      }
    }
  }

  /** Replaces the certificates that a connection trusts by one or several. */
  private static void trust(ObjectNode saml, JsonNode certificates) {
    ArrayNode trusted = saml.putArray("idp_certificates");
    for (JsonNode one : certificates.isArray() ? certificates : Json.array().add(certificates)) {
      if (!one.isNull()) {
        trusted
            .addObject()
            .put("certificate", one.asText())
            .putNull("issued_at")
            .putNull("expires_at");
      }
    }
    HandlerContext.hidden(saml)
        .put("idp_certificate", trusted.path(0).path("certificate").asText(null));
  }

  /** Sets the domains in lower case; no other connection may have them. */
  void setDomains(ObjectNode row, List<String> given) {
    Set<String> domains = new LinkedHashSet<>();
    given.forEach(domain -> domains.add(domain.strip().toLowerCase(Locale.ROOT)));
    for (String domain : domains) {
      if (domain.length() > MAX_DOMAIN_LENGTH
          || !domain.matches("([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]([a-z0-9-]*[a-z0-9])?")) {
        throw ApiError.invalid(
            "form_param_format_invalid",
            "domains",
            "domains has %s, which is not a domain such as example.com.",
            domain);
      }
    }
    String id = row.path("id").asText();
    for (ObjectNode other : rows.rows()) {
      for (JsonNode domain : other.path("domains")) {
        if (domains.contains(domain.asText()) && !other.path("id").asText().equals(id)) {
          throw ApiError.taken("domains");
        }
      }
    }
    ArrayNode array = row.putArray("domains");
    domains.forEach(array::add);
  }

  /** Links a connection to an organization, which can have only one; a link cannot be removed. */
  void setOrganization(ObjectNode row, String organizationId) {
    context.table(ObjectKind.ORGANIZATION).get(organizationId);
    String id = row.path("id").asText();
    boolean hasOther =
        rows.stream()
            .filter(other -> !other.path("id").asText().equals(id))
            .anyMatch(other -> other.path("organization_id").asText().equals(organizationId));
    if (hasOther) {
      throw ApiError.invalid(
          "organization_already_has_sso_connection",
          "organization_id",
          "The organization has an enterprise connection already.");
    }
    row.put("organization_id", organizationId);
  }

  /** Activates or deactivates a connection. An active one needs its identity provider. */
  void setActive(ObjectNode row, boolean active) {
    boolean isSaml = row.path("saml_connection") instanceof ObjectNode;
    if (active && isSaml && !knowsProvider(row.path("saml_connection"))) {
      throw ApiError.of(
          422,
          "saml_connection_cant_be_activated",
          "Set idp_metadata_url, idp_metadata, or all of idp_entity_id, idp_sso_url and"
              + " idp_certificate first.");
    }
    if (active && !isSaml && row.path("oauth_config").path("client_id").asText("").isEmpty()) {
      throw ApiError.invalid(
          "form_conditional_param_missing",
          "oidc.client_id",
          "oidc.client_id is needed to activate the connection.");
    }
    row.put("active", active);
    if (row.path("saml_connection") instanceof ObjectNode saml) {
      saml.put("active", active);
    }
  }

  private static boolean knowsProvider(JsonNode saml) {
    JsonNode hidden = saml.path(Store.HIDDEN);
    return has(saml, "idp_metadata_url")
        || has(hidden, "idp_metadata")
        || (has(saml, "idp_entity_id")
            && has(saml, "idp_sso_url")
            && has(hidden, "idp_certificate"));
  }

  private static boolean has(JsonNode node, String text) {
    return !node.path(text).asText("").isEmpty();
  }
}
