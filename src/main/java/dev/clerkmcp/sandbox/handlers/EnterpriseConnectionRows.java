package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The enterprise connections and the rules that hold for them. SAML connections are no objects of
 * their own: they are the {@code saml_connection} of these.
 */
final class EnterpriseConnectionRows {
  /** What is known of a SAML connection that an enterprise connection does not show. */
  private static final int LONGEST_DOMAIN = 253; // RFC 1035

  private static final Set<String> HIDDEN_SAML =
      Set.of("attribute_mapping", "idp_certificate", "idp_metadata");

  private final HandlerContext instance;
  private final Table rows;

  EnterpriseConnectionRows(HandlerContext instance) {
    this.instance = instance;
    this.rows = instance.table(ObjectKind.ENTERPRISE_CONNECTION);
  }

  Stream<ObjectNode> stream() {
    return rows.stream();
  }

  ObjectNode get(String id) {
    return rows.get(id);
  }

  ObjectNode add(ObjectNode row) {
    return rows.add(row);
  }

  ObjectNode change(String id, Consumer<ObjectNode> change) {
    return rows.change(id, change);
  }

  /** Removes a connection with its test runs; a directory remains, of no connection. */
  void remove(String id) {
    rows.remove(id);
    Table runs = instance.table(ObjectKind.TEST_RUN);
    for (ObjectNode run : List.copyOf(runs.rows())) {
      if (run.path(Store.HIDDEN).path("connection_id").asText().equals(id)) {
        runs.remove(run.path("id").asText());
      }
    }
    Table directories = instance.table(ObjectKind.DIRECTORY);
    for (ObjectNode directory : List.copyOf(directories.rows())) {
      if (directory.path("enterprise_connection_id").asText().equals(id)) {
        directories.change(
            directory.path("id").asText(), row -> row.putNull("enterprise_connection_id"));
      }
    }
  }

  /** A new connection, with the part for the provider's protocol. */
  ObjectNode blank(String provider) {
    ObjectNode row =
        instance
            .newObject(ObjectKind.ENTERPRISE_CONNECTION, "EnterpriseConnection")
            .put("provider", provider)
            .put("authenticatable", true)
            .put("disable_jit_provisioning", false);
    if (provider.startsWith("saml_")) {
      addSaml(row);
    } else {
      row.putObject("oauth_config")
          .put("id", instance.store().newId("oacc_"))
          .put("provider_key", provider)
          .put("requires_pkce", false)
          .put("created_at", instance.now())
          .put("updated_at", instance.now());
    }
    return row;
  }

  private void addSaml(ObjectNode row) {
    String id = instance.store().newId("samlc_");
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

  /** Takes over what is given of a SAML connection; null empties a text and leaves a flag. */
  static void setSaml(ObjectNode saml, JsonNode given) {
    for (Map.Entry<String, JsonNode> field : given.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      ObjectNode part = HIDDEN_SAML.contains(name) ? HandlerContext.hidden(saml) : saml;
      boolean isText = name.startsWith("idp_");
      if (name.equals("attribute_mapping")) {
        ObjectNode mapping = (ObjectNode) part.path(name);
        value.properties().forEach(one -> mapping.put(one.getKey(), one.getValue().asText("")));
      } else if (isText || !value.isNull()) {
        part.set(name, value);
      }
    }
  }

  /** Sets the domains, in lower case, if they are domains that no other connection has. */
  void setDomains(ObjectNode row, List<String> given) {
    Set<String> domains = new LinkedHashSet<>();
    given.forEach(domain -> domains.add(domain.strip().toLowerCase(Locale.ROOT)));
    for (String domain : domains) {
      if (domain.length() > LONGEST_DOMAIN
          || !domain.matches("([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]([a-z0-9-]*[a-z0-9])?")) {
        throw ApiError.invalid(
            "form_param_format_invalid",
            "domains",
            "domains has %s, which is no domain such as example.com.".formatted(domain));
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

  /** Links an organization, which can have one connection; the link cannot be undone. */
  void setOrganization(ObjectNode row, String organizationId) {
    instance.table(ObjectKind.ORGANIZATION).get(organizationId);
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

  /** Activates a connection whose identity provider is known, or deactivates it. */
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
