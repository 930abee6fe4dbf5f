package dev.clerkmcp.sandbox;

import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.RequestBuilder.Value;
import java.util.Map;
import java.util.Set;

/** Declares values for requests about enterprise connections and directories. */
final class EnterpriseRequests {
  private static final String OLD = "one is the old name of the other";

  private EnterpriseRequests() {}

  /** Declares the values. */
  static void declare(RequestBuilder builder) {
    String scimMappings = "POST /scim_directories/{scim_directory_id}/group_role_mappings";
    String mappings = "POST /directories/{directory_id}/group_role_mappings";
    Value mapping = fixtures -> Json.object().put("email_address", "mail");
    builder
        .value("domain", Value.unique("company%s.example"))
        .value("domains", Value.unique("company%s.example"))
        .needs("POST /saml_connections", "domain", "domain or domains must be given")
        .fixture("enterprise_connection_id", "enterprise connection")
        .fixture("role_id", "role")
        .value("attribute_mapping.user_id", Value.text("sub"))
        .value("attribute_mapping.email_address", Value.text("mail"))
        .value("custom_attributes.key", Value.unique("attribute%s"))
        .exclusive(
            "POST /enterprise_connections",
            Set.of("saml"),
            Set.of("oidc"),
            Map.of("provider", Value.text("oidc_custom")),
            "a connection speaks one of the protocols")
        .requires("GET /enterprise_connections/{enterprise_connection_id}/test_runs", "test run")
        .value("PATCH /directories/{directory_id} attribute_mapping", mapping)
        .value("PATCH /scim_directories/{scim_directory_id} attribute_mapping", mapping)
        .value("POST /scim_directories provider", Value.text("okta"))
        .value("POST /directories provider", Value.text("okta"))
        .requires(scimMappings, "SCIM directory with mappings")
        .requires("PUT" + scimMappings.substring(4), "SCIM directory with mappings")
        .requires("GET" + scimMappings.substring(4), "SCIM group role mapping")
        .requires(mappings, "directory with mappings")
        .requires("PUT" + mappings.substring(4), "directory with mappings")
        .requires("GET" + mappings.substring(4), "directory group role mapping")
        .needs(mappings, "directory_group_id", "some name of the group must be given")
        .needs("PUT" + mappings.substring(4), "mappings.directory_group_id", "as above")
        .exclusive(mappings, Set.of("directory_group_id"), Set.of("scim_group_id"), Map.of(), OLD)
        .exclusive(
            "PUT" + mappings.substring(4),
            Set.of("mappings.directory_group_id"),
            Set.of("mappings.scim_group_id"),
            Map.of(),
            OLD)
        .exclusive(
            "POST /directories",
            Set.of(
                "group_role_mappings.directory_group_id",
                "group_role_mappings.directory_group_display_name"),
            Set.of(
                "group_role_mappings.scim_group_id", "group_role_mappings.scim_group_display_name"),
            Map.of(),
            OLD)
        .value("it_contact_id", Value.text("it@example.com"));
  }
}
