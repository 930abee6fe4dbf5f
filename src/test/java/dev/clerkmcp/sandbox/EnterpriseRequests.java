package dev.clerkmcp.sandbox;

import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.RequestMaker.Value;
import java.util.Map;
import java.util.Set;

/** What the schemas do not say of requests for connections and directories of companies. */
final class EnterpriseRequests {
  private static final String OLD = "one is the old name of the other";

  private EnterpriseRequests() {}

  /** Says what they hold. */
  static void tell(RequestMaker maker) {
    String scimMappings = "POST /scim_directories/{scim_directory_id}/group_role_mappings";
    String mappings = "POST /directories/{directory_id}/group_role_mappings";
    Value mapping = scene -> Json.object().put("email_address", "mail");
    maker
        .value("domain", Value.fresh("company%s.example"))
        .value("domains", Value.fresh("company%s.example"))
        .needs("POST /saml_connections", "domain", "domain or domains must be given")
        .thing("enterprise_connection_id", "enterprise connection")
        .thing("role_id", "role")
        .value("attribute_mapping.user_id", Value.text("sub"))
        .value("attribute_mapping.email_address", Value.text("mail"))
        .value("custom_attributes.key", Value.fresh("attribute%s"))
        .either(
            "POST /enterprise_connections",
            Set.of("saml"),
            Set.of("oidc"),
            Map.of("provider", Value.text("oidc_custom")),
            "a connection speaks one of the protocols")
        .first("GET /enterprise_connections/{enterprise_connection_id}/test_runs", "test run")
        .value("PATCH /directories/{directory_id} attribute_mapping", mapping)
        .value("PATCH /scim_directories/{scim_directory_id} attribute_mapping", mapping)
        .value("POST /scim_directories provider", Value.text("okta"))
        .value("POST /directories provider", Value.text("okta"))
        .first(scimMappings, "SCIM directory with mappings")
        .first("PUT" + scimMappings.substring(4), "SCIM directory with mappings")
        .first("GET" + scimMappings.substring(4), "SCIM group role mapping")
        .first(mappings, "directory with mappings")
        .first("PUT" + mappings.substring(4), "directory with mappings")
        .first("GET" + mappings.substring(4), "directory group role mapping")
        .needs(mappings, "directory_group_id", "some name of the group must be given")
        .needs("PUT" + mappings.substring(4), "mappings.directory_group_id", "as above")
        .either(mappings, Set.of("directory_group_id"), Set.of("scim_group_id"), Map.of(), OLD)
        .either(
            "PUT" + mappings.substring(4),
            Set.of("mappings.directory_group_id"),
            Set.of("mappings.scim_group_id"),
            Map.of(),
            OLD)
        .either(
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
