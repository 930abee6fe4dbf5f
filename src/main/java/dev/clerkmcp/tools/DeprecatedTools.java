package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE_EACH_TIME;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.OperationFacts.Risk.FEDERATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_TEMPLATE;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_VALUES;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL_WITH_CONTENTS;
import static dev.clerkmcp.tools.FactTexts.APPLICATION_DOWN;
import static dev.clerkmcp.tools.FactTexts.CONNECTION_STOPS;
import static dev.clerkmcp.tools.FactTexts.DOMAIN_CHANGED;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Risk;
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
import dev.clerkmcp.tools.EnterpriseConnectionTools.EnterpriseSamlAttributes;
import dev.clerkmcp.tools.EnterpriseConnectionTools.LoginHint;
import dev.clerkmcp.tools.InstanceTools.InstanceDomain;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clerk's deprecated endpoints; each description says what to use instead. */
@ToolGroup(
    id = "deprecated",
    description = "Deprecated: what Clerk will remove, with what replaces it")
@View(
    of = "saml_connection",
    row = {
      "id",
      "name",
      "provider",
      "domain",
      "domains",
      "organization_id",
      "user_count",
      "created_at"
    },
    flags = "inactive = !active")
public interface DeprecatedTools {

  @Tool(name = "clerk_device_clients_list", title = "List device clients", effect = READ)
  @Description("Deprecated: use clerk_sessions_list per user. Lists all browsers and devices.")
  @Route("GET /clients?paginated=true")
  ListPage listClients(PageRequest page);

  @Tool(name = "clerk_message_templates_list", title = "List message templates", effect = READ)
  @Description("Deprecated: use Clerk's Dashboard. Lists email or SMS templates.")
  @Route("GET /templates/{template_type}?paginated=true")
  ListPage listTemplates(@Arg("email or sms") MessageMedium templateType, PageRequest page);

  @Tool(name = "clerk_message_template_get", title = "Get message template", effect = READ)
  @Description("Deprecated: use Clerk's Dashboard. One email or SMS template, by slug.")
  @Route("GET /templates/{template_type}/{slug}")
  JsonNode getTemplate(
      @Arg("email or sms") MessageMedium templateType, @Arg("Its slug") String slug);

  @Tool(name = "clerk_message_template_update", title = "Change message template", effect = DESTROY)
  @Description(
      "Deprecated: use Clerk's Dashboard. Changes what all users are sent. The plan must include it.")
  @Route("PUT /templates/{template_type}/{slug}")
  @Risky(Risk.INSTANCE)
  @Loses("The current text is lost")
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode updateTemplate(
      @Arg("email or sms") MessageMedium templateType,
      @Arg("Its slug") String slug,
      @Arg("For people") @Nullable String name,
      @Arg("Source of body") @Nullable String markup,
      MessageTemplateText text,
      @Arg("Or only a webhook") @Nullable Boolean deliveredByClerk);

  @Tool(
      name = "clerk_message_template_revert",
      title = "Revert message template",
      effect = IRREVERSIBLE)
  @Description("Deprecated: use Clerk's Dashboard. Reverts to Clerk's default text.")
  @Route("POST /templates/{template_type}/{slug}/revert")
  @Risky(Risk.INSTANCE)
  @Loses("Your own text is lost")
  @UndoneBy(value = "PUT /templates/{template_type}/{slug}", how = PREVIOUS_TEMPLATE)
  JsonNode revertTemplate(
      @Arg("email or sms") MessageMedium templateType, @Arg("Its slug") String slug);

  @Tool(name = "clerk_message_template_preview", title = "Preview message template", effect = READ)
  @Description("Deprecated: use Clerk's Dashboard. Shows a template with a changed text.")
  @Route("POST /templates/{template_type}/{slug}/preview")
  JsonNode previewTemplate(
      @Arg("email or sms") String templateType,
      @Arg("Its slug") String slug,
      MessageTemplateText text);

  @Tool(
      name = "clerk_message_template_delivery_toggle",
      title = "Switch message delivery",
      effect = IRREVERSIBLE_EACH_TIME)
  @Description("Deprecated: use Clerk's Dashboard. Switches sending by Clerk; off, you must send.")
  @Route("POST /templates/{template_type}/{slug}/toggle_delivery")
  @Risky(Risk.INSTANCE)
  @Loses("While sending by Clerk is off, your application must send the messages")
  @UndoneBy(how = PREVIOUS_TEMPLATE)
  JsonNode toggleTemplateDelivery(
      @Arg("email or sms") MessageMedium templateType,
      @Arg("Its slug") String slug,
      @Arg("Always give it") @Nullable Boolean deliveredByClerk);

  @Tool(name = "clerk_saml_connections_list", title = "List SAML connections", effect = READ)
  @Description("Deprecated: use clerk_enterprise_connections_list. Lists SAML connections only.")
  @Route("GET /saml_connections")
  ListPage listSamlConnections(
      @Arg("Part of name") @Nullable String query,
      @Arg("E.g. -created_at (default)") @Nullable String orderBy,
      @Arg(value = "org_...; prefix - excludes", max = 100) @Nullable List<String> organizationId,
      PageRequest page);

  @Tool(name = "clerk_saml_connection_get", title = "Get SAML connection", effect = READ)
  @Description("Deprecated: use clerk_enterprise_connection_get. One SAML connection, by ID.")
  @Route("GET /saml_connections/{saml_connection_id}")
  JsonNode getSamlConnection(@Arg("samlc_...") String samlConnectionId);

  @Tool(name = "clerk_saml_connection_create", title = "Create SAML connection", effect = CREATE)
  @Description("Deprecated: use clerk_enterprise_connection_create. Needs domains, and a plan.")
  @Route("POST /saml_connections")
  @Risky(FEDERATION)
  @UndoneBy(value = "DELETE /saml_connections/{saml_connection_id}", how = REMOVAL_WITH_CONTENTS)
  JsonNode createSamlConnection(
      @Arg("Label") String name,
      @Arg("Identity provider") SamlProvider provider,
      SamlConnectionOptions options);

  @Tool(name = "clerk_saml_connection_update", title = "Change SAML connection", effect = DESTROY)
  @Description("Deprecated: use clerk_enterprise_connection_update. A wrong value stops sign-in.")
  @Route("PATCH /saml_connections/{saml_connection_id}")
  @Risky(FEDERATION)
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode updateSamlConnection(
      @Arg("samlc_...") String samlConnectionId,
      @Arg(value = "Label", clearable = true) @Nullable String name,
      PartialUpdate<SamlConnectionOptions> options,
      @Arg("Use it") @Nullable Boolean active,
      @Arg("At each sign-in") @Nullable Boolean syncUserAttributes,
      @Arg("Also subdomains") @Nullable Boolean allowSubdomains,
      @Arg("Sign-in from provider") @Nullable Boolean allowIdpInitiated,
      @Arg("No others for its users") @Nullable Boolean disableAdditionalIdentifications,
      @Arg("By membership") @Nullable Boolean allowOrganizationAccountLinking,
      @Arg("Else verified domains refuse active") @Nullable Boolean consentVerifiedDomainsDeletion);

  @Tool(
      name = "clerk_saml_connection_delete",
      title = "Delete SAML connection",
      effect = IRREVERSIBLE)
  @Description("Deprecated: use clerk_enterprise_connection_delete. Ends sign-in through it.")
  @Route("DELETE /saml_connections/{saml_connection_id}")
  @Risky(FEDERATION)
  @Loses(CONNECTION_STOPS)
  @UndoneBy(
      value = "POST /saml_connections",
      how = RECREATION,
      without = "the accounts that users had through it.")
  JsonNode deleteSamlConnection(@Arg("samlc_...") String samlConnectionId);

  @Tool(
      name = "clerk_org_pending_invitations_list",
      title = "List pending invitations",
      effect = READ)
  @Description("Deprecated: use clerk_org_invitations_list with status pending.")
  @Route("GET /organizations/{organization_id}/invitations/pending")
  @Secret("data[].url")
  ListPage listPendingInvitations(@Arg("org_...") String organizationId, PageRequest page);

  @Tool(
      name = "clerk_beta_domain_update",
      title = "Change production domain in beta",
      effect = IRREVERSIBLE_EACH_TIME)
  @Description("Deprecated: use clerk_instance_domain_change. Signs everyone out.")
  @Route("PUT /beta_features/domain")
  @Risky(Risk.INSTANCE)
  @Risky(FEDERATION)
  @Loses(APPLICATION_DOWN)
  @NotUndone(DOMAIN_CHANGED)
  JsonNode updateDomain(InstanceDomain domain);

  /** The medium of a message. */
  enum MessageMedium {
    @JsonProperty("email")
    EMAIL,
    @JsonProperty("sms")
    SMS
  }

  /** The text and the sender of an email or SMS. */
  record MessageTemplateText(
      @Arg("Email only") @Nullable String subject,
      @Arg("With variables") @Nullable String body,
      @Arg("Email only, before @") @Nullable String fromEmailName,
      @Arg("Email only, before @") @Nullable String replyToEmailName) {}

  /** The options of a SAML connection, besides its name, that can be set at creation and later. */
  record SamlConnectionOptions(
      @Arg(
              value = "All email domains",
              clearable = true,
              storedAt = "GET /saml_connections/{saml_connection_id}")
          @Nullable List<String> domains,
      @Arg(value = "Entity ID", clearable = true) @Nullable String idpEntityId,
      @Arg(value = "Sign-on URL", clearable = true) @Nullable String idpSsoUrl,
      @Arg(value = "Deprecated", clearable = true) @Nullable String idpCertificate,
      @Arg("PEM, all") @Nullable List<String> idpCertificates,
      @Arg(value = "Overrides", clearable = true) @Nullable String idpMetadataUrl,
      @Arg(value = "XML; overrides", clearable = true) @Nullable String idpMetadata,
      @Arg(value = "Users join it (org_...)", clearable = true) @Nullable String organizationId,
      @Arg("Attribute names") @Nullable EnterpriseSamlAttributes attributeMapping,
      @Arg("Each time") @Nullable Boolean forceAuthn,
      @Arg("Login hint") @Nullable LoginHint loginHint) {}

  /** The identity providers that Clerk supports for SAML. */
  enum SamlProvider {
    @JsonProperty("saml_custom")
    CUSTOM,
    @JsonProperty("saml_okta")
    OKTA,
    @JsonProperty("saml_google")
    GOOGLE,
    @JsonProperty("saml_microsoft")
    MICROSOFT
  }
}
