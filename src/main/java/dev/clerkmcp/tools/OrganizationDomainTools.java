package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.Effect.UPDATE;
import static dev.clerkmcp.registry.OperationFacts.Risk.FEDERATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_VALUES;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL;
import static dev.clerkmcp.tools.FactTexts.CHECKED;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Default;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.View;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.CommaSeparated;
import dev.clerkmcp.registry.argument.PageRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for the email domains of organizations. */
@ToolGroup(
    id = "organization_domains",
    description = "Organization domains: email domains whose owners may join an organization")
@View(
    of = "organization_domain",
    row = {
      "id",
      "name",
      "organization_id",
      "enrollment_mode",
      "status = verification.status",
      "total_pending_invitations",
      "total_pending_suggestions"
    })
public interface OrganizationDomainTools {

  @Tool(
      name = "clerk_org_domains_list",
      title = "List organization domains",
      effect = READ,
      aliases = "clerk_organization_domains_list")
  @Description("List an organization's email domains and how people enroll through them.")
  @Route("GET /organizations/{organization_id}/domains")
  ListPage list(
      @Arg("org_...") String organizationId, OrganizationDomainFilter filter, PageRequest page);

  @Tool(name = "clerk_org_domain_create", title = "Add organization domain", effect = CREATE)
  @Description("Add an email domain to an organization, verified unless verified is false.")
  @Route("POST /organizations/{organization_id}/domains")
  @Default(argument = "verified", value = "true")
  @Risky(FEDERATION)
  @UndoneBy(value = "DELETE /organizations/{organization_id}/domains/{domain_id}", how = REMOVAL)
  JsonNode create(
      @Arg("org_...") String organizationId,
      @Arg("E.g. example.com") @Nullable String name,
      @Arg("manual_invitation, automatic_invitation, automatic_suggestion, enterprise_sso")
          @Nullable String enrollmentMode,
      @Arg("Default true") @Nullable Boolean verified);

  @Tool(name = "clerk_org_domain_update", title = "Change organization domain", effect = UPDATE)
  @Description("Change how people enroll through a domain, or whether it counts as verified.")
  @Route("PATCH /organizations/{organization_id}/domains/{domain_id}")
  @Risky(FEDERATION)
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode update(
      @Arg("org_...") String organizationId,
      @Arg("orgdmn_... or name") String domainId,
      @Arg(
              value =
                  "manual_invitation, automatic_invitation, automatic_suggestion, enterprise_sso",
              clearable = true)
          @Nullable String enrollmentMode,
      @Arg("Its verification") @Nullable Boolean verified);

  @Tool(name = "clerk_org_domain_delete", title = "Remove organization domain", effect = DESTROY)
  @Description("Remove an email domain from an organization.")
  @Route("DELETE /organizations/{organization_id}/domains/{domain_id}")
  @Risky(FEDERATION)
  @Loses("People with such an email address can no longer join through it")
  @UndoneBy(
      value = "POST /organizations/{organization_id}/domains",
      how = RECREATION,
      idIsKnown = false,
      without = "its verification, and its suggestions.")
  JsonNode delete(
      @Arg("org_...") String organizationId, @Arg("orgdmn_... or name") String domainId);

  @Tool(
      name = "clerk_org_domain_ownership_verify",
      title = "Verify domain ownership",
      effect = UPDATE)
  @Description("Declare that an organization owns a domain, without the DNS check.")
  @Route("POST /organizations/{organization_id}/domains/{domain_id}/verify_ownership")
  @Risky(FEDERATION)
  @NotUndone(CHECKED)
  JsonNode verifyOwnership(
      @Arg("org_...") String organizationId, @Arg("orgdmn_... or name") String domainId);

  @Tool(
      name = "clerk_instance_org_domains_list",
      title = "List all organization domains",
      effect = READ)
  @Description("List domains of all organizations; of one: clerk_org_domains_list.")
  @Route("GET /organization_domains")
  ListPage listAll(
      @Arg("org_...") @Nullable String organizationId,
      @Arg("Its verification") @Nullable TrueOrFalse verified,
      @CommaSeparated @Arg("Prefix - excludes") @Nullable List<EnrollmentModeFilter> enrollmentMode,
      @Arg("Part of name, or org_...") @Nullable String query,
      @Arg(value = "Exact names", max = 100) @Nullable List<String> domains,
      @Arg("name, -created_at (default)") @Nullable String orderBy,
      PageRequest page);

  /** The enrollment modes by which domains are filtered; a minus excludes a mode. */
  enum EnrollmentModeFilter {
    @JsonProperty("manual_invitation")
    MANUAL_INVITATION,
    @JsonProperty("automatic_invitation")
    AUTOMATIC_INVITATION,
    @JsonProperty("automatic_suggestion")
    AUTOMATIC_SUGGESTION,
    @JsonProperty("enterprise_sso")
    ENTERPRISE_SSO,
    @JsonProperty("-manual_invitation")
    NOT_MANUAL_INVITATION,
    @JsonProperty("-automatic_invitation")
    NOT_AUTOMATIC_INVITATION,
    @JsonProperty("-automatic_suggestion")
    NOT_AUTOMATIC_SUGGESTION,
    @JsonProperty("-enterprise_sso")
    NOT_ENTERPRISE_SSO
  }

  /** The filter of a list of one organization's domains. */
  record OrganizationDomainFilter(
      @Arg("true or false") @Nullable String verified,
      @Arg("Prefix - excludes") @Nullable String enrollmentMode) {
    public static final OrganizationDomainFilter ALL = new OrganizationDomainFilter(null, null);
  }

  /** A boolean that Clerk takes as a word. */
  enum TrueOrFalse {
    @JsonProperty("true")
    TRUE,
    @JsonProperty("false")
    FALSE
  }
}
