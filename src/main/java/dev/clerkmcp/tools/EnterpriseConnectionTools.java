package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.OperationFacts.Risk.FEDERATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_VALUES;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL_WITH_CONTENTS;
import static dev.clerkmcp.tools.FactTexts.CONNECTION_STOPS;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.View;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.registry.argument.PartialUpdate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for single sign-on through the identity providers of companies. */
@ToolGroup(
    id = "enterprise_connections",
    description = "Enterprise connections: single sign-on by SAML or OIDC for a company's domains")
@View(
    of = "enterprise_connection",
    row = {"id", "name", "provider", "domains", "organization_id", "created_at"},
    flags = "inactive = !active")
public interface EnterpriseConnectionTools {

  @Tool(
      name = "clerk_enterprise_connections_list",
      title = "List enterprise connections",
      effect = READ)
  @Description("List single sign-on connections. The plan must include them.")
  @Route("GET /enterprise_connections")
  ListPage list(EnterpriseConnectionFilter filter, PageRequest page);

  @Tool(
      name = "clerk_enterprise_connection_get",
      title = "Get enterprise connection",
      effect = READ)
  @Description("One single sign-on connection, by ID.")
  @Route("GET /enterprise_connections/{enterprise_connection_id}")
  JsonNode get(@Arg("ID or domain") String enterpriseConnectionId);

  @Tool(
      name = "clerk_enterprise_connection_create",
      title = "Create enterprise connection",
      effect = CREATE,
      openWorld = true)
  @Description("Connect domains to an identity provider. The plan must include them.")
  @Route("POST /enterprise_connections")
  @Risky(FEDERATION)
  @UndoneBy(
      value = "DELETE /enterprise_connections/{enterprise_connection_id}",
      how = REMOVAL_WITH_CONTENTS)
  JsonNode create(
      @Arg("Display name") String name,
      @Arg("Identity provider") EnterpriseProvider provider,
      @Arg(value = "1+, e.g. example.com", min = 1) List<String> domains,
      EnterpriseConnectionOptions options,
      @Arg("For saml_") @Nullable EnterpriseSaml saml);

  @Tool(
      name = "clerk_enterprise_connection_update",
      title = "Change enterprise connection",
      effect = DESTROY,
      openWorld = true)
  @Description(
      "Change a connection. Activating deletes organization domains it covers; a link to an organization cannot be undone.")
  @Route("PATCH /enterprise_connections/{enterprise_connection_id}")
  @Risky(FEDERATION)
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode update(
      @Arg("ID or domain") String enterpriseConnectionId,
      @Arg(value = "Display name", clearable = true) @Nullable String name,
      @Arg(
              value = "All of them",
              min = 1,
              clearable = true,
              storedAt = "GET /enterprise_connections/{enterprise_connection_id}")
          @Nullable List<String> domains,
      PartialUpdate<EnterpriseConnectionOptions> options,
      @Arg("For saml_") @Nullable EnterpriseSamlChanges saml,
      @Arg("At sign-in") @Nullable Boolean syncUserAttributes,
      @Arg("No others") @Nullable Boolean disableAdditionalIdentifications);

  @Tool(
      name = "clerk_enterprise_connection_delete",
      title = "Delete enterprise connection",
      effect = IRREVERSIBLE)
  @Description("Delete a connection for good; sign-in through it stops.")
  @Route("DELETE /enterprise_connections/{enterprise_connection_id}")
  @Risky(FEDERATION)
  @Loses(CONNECTION_STOPS)
  @UndoneBy(
      value = "POST /enterprise_connections",
      how = RECREATION,
      without = "its client secret and directories, and the accounts that users had through it.")
  JsonNode delete(@Arg("ID or domain") String enterpriseConnectionId);

  @Tool(
      name = "clerk_enterprise_test_runs_list",
      title = "List enterprise connection tests",
      effect = READ)
  @Description(
      "List a connection's test sign-ins with logs; an OIDC one may show the tester's tokens.")
  @Route("GET /enterprise_connections/{enterprise_connection_id}/test_runs")
  @Secret({"data[].oauth.access_token", "data[].oauth.id_token", "data[].saml.saml_response"})
  ListPage listTestRuns(
      @Arg("Connection's ID or domain") String enterpriseConnectionId,
      @Arg("Default: any") @Nullable List<EnterpriseTestStatus> status,
      PageRequest page);

  @Tool(
      name = "clerk_enterprise_test_run_create",
      title = "Create enterprise connection test",
      effect = CREATE)
  @Description("Get a short-lived URL to test a connection in the browser.")
  @Route("POST /enterprise_connections/{enterprise_connection_id}/test_runs")
  @NotUndone("A test that was started cannot be recalled; its run stays on record.")
  @Secret(value = "url", kept = true)
  JsonNode createTestRun(@Arg("Connection's ID or domain") String enterpriseConnectionId);

  /** The filter of a list of enterprise connections. */
  record EnterpriseConnectionFilter(
      @Arg("Only of org_...") @Nullable String organizationId,
      @Arg("Only active or inactive") @Nullable Boolean active) {
    public static final EnterpriseConnectionFilter ALL = new EnterpriseConnectionFilter(null, null);

    /** Only connections of one organization. */
    public static EnterpriseConnectionFilter of(String organizationId) {
      return new EnterpriseConnectionFilter(organizationId, null);
    }
  }

  /** The options of an enterprise connection that can be set at creation and later. */
  record EnterpriseConnectionOptions(
      @Arg(value = "org_...", clearable = true) @Nullable String organizationId,
      @Arg("For members") @Nullable Boolean allowOrganizationAccountLinking,
      @Arg("Needs saml/oidc") @Nullable Boolean active,
      @Arg("For oidc_") @Nullable EnterpriseOidc oidc,
      @Arg(value = "More values", clearable = true)
          @Nullable List<EnterpriseCustomAttribute> customAttributes) {}

  /** An attribute of users that Clerk copies from the identity provider. */
  record EnterpriseCustomAttribute(
      @Arg(value = "Label", min = 1) String name,
      @Arg(value = "Metadata key", min = 1) String key,
      @Arg("In claims") @Nullable String ssoPath,
      @Arg("Former directory_path") @Nullable String scimPath,
      @Arg("GJSON") @Nullable String directoryPath,
      @Arg("A list") @Nullable Boolean multiValued) {}

  /** The OpenID Connect settings of an enterprise connection. */
  record EnterpriseOidc(
      @Arg("Client ID") @Nullable String clientId,
      @Arg(value = "Its secret", secret = true) @Nullable String clientSecret,
      @Arg("Discovery") @Nullable String discoveryUrl,
      @Arg("Endpoint") @Nullable String authUrl,
      @Arg("Endpoint") @Nullable String tokenUrl,
      @Arg("Endpoint") @Nullable String userInfoUrl,
      @Arg("Without secret") @Nullable Boolean requiresPkce) {}

  /** The identity providers that an enterprise connection supports. */
  enum EnterpriseProvider {
    @JsonProperty("saml_custom")
    SAML_CUSTOM,
    @JsonProperty("saml_okta")
    SAML_OKTA,
    @JsonProperty("saml_google")
    SAML_GOOGLE,
    @JsonProperty("saml_microsoft")
    SAML_MICROSOFT,
    @JsonProperty("oidc_custom")
    OIDC_CUSTOM,
    @JsonProperty("oidc_github_enterprise")
    OIDC_GITHUB_ENTERPRISE,
    @JsonProperty("oidc_gitlab")
    OIDC_GITLAB
  }

  /** The SAML settings of a new enterprise connection. */
  record EnterpriseSaml(
      @Arg("Entity ID") @Nullable String idpEntityId,
      @Arg("Sign-in URL") @Nullable String idpSsoUrl,
      @Arg("Deprecated") @Nullable String idpCertificate,
      @Arg("PEM, all") @Nullable List<String> idpCertificates,
      @Arg("Overrides") @Nullable String idpMetadataUrl,
      @Arg("XML") @Nullable String idpMetadata,
      @Arg("SAML names") @Nullable EnterpriseSamlAttributes attributeMapping,
      @Arg("Of the domains") @Nullable Boolean allowSubdomains,
      @Arg("From provider") @Nullable Boolean allowIdpInitiated,
      @Arg("Each time") @Nullable Boolean forceAuthn,
      @Arg("Hint sent") @Nullable LoginHint loginHint) {}

  /** The names of the SAML attributes in which an identity provider sends the values of a user. */
  record EnterpriseSamlAttributes(
      @Arg("Name") @Nullable String userId,
      @Arg("Name") @Nullable String emailAddress,
      @Arg("Name") @Nullable String firstName,
      @Arg("Name") @Nullable String lastName) {}

  /** The SAML settings of an enterprise connection that can be changed. */
  record EnterpriseSamlChanges(
      @Arg("Label") @Nullable String name, @JsonUnwrapped EnterpriseSaml saml) {}

  /** The states of a test of an enterprise connection. */
  enum EnterpriseTestStatus {
    @JsonProperty("pending")
    PENDING,
    @JsonProperty("success")
    SUCCESS,
    @JsonProperty("failed")
    FAILED
  }

  /** The login hint that Clerk sends to the identity provider at sign-in. */
  record LoginHint(
      @Arg("Sent") LoginHintMode mode, @Arg("public_metadata key") @Nullable String source) {}

  /** The source of a login hint. */
  enum LoginHintMode {
    @JsonProperty("email_address")
    EMAIL_ADDRESS,
    @JsonProperty("custom_attribute")
    CUSTOM_ATTRIBUTE,
    @JsonProperty("off")
    OFF
  }
}
