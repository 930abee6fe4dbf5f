package dev.clerkmcp.workflows.organization;

import static dev.clerkmcp.registry.Effect.READ;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.tools.EnterpriseConnectionTools;
import dev.clerkmcp.tools.EnterpriseConnectionTools.EnterpriseConnectionFilter;
import dev.clerkmcp.tools.OrganizationDomainTools;
import dev.clerkmcp.tools.OrganizationDomainTools.OrganizationDomainFilter;
import dev.clerkmcp.tools.OrganizationInvitationTools;
import dev.clerkmcp.tools.OrganizationInvitationTools.OrganizationInvitationFilter;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.tools.OrganizationRoleTools;
import dev.clerkmcp.tools.OrganizationTools;
import dev.clerkmcp.tools.OrganizationTools.OrganizationExtras;
import dev.clerkmcp.workflows.support.PartialFetch;
import org.jspecify.annotations.Nullable;

/** Reads the overview of an organization. */
@ToolGroup(id = "workflows")
public final class OrganizationOverviewWorkflows {
  private static final int MEMBERS = 20;
  private static final PageRequest SOME = PageRequest.first(20);

  private final OrganizationTools organizations;
  private final OrganizationMembershipTools memberships;
  private final OrganizationInvitationTools invitations;
  private final OrganizationDomainTools domains;
  private final EnterpriseConnectionTools connections;
  private final OrganizationRoleTools roles;

  public OrganizationOverviewWorkflows(
      OrganizationTools organizations,
      OrganizationMembershipTools memberships,
      OrganizationInvitationTools invitations,
      OrganizationDomainTools domains,
      EnterpriseConnectionTools connections,
      OrganizationRoleTools roles) {
    this.organizations = organizations;
    this.memberships = memberships;
    this.invitations = invitations;
    this.domains = domains;
    this.connections = connections;
    this.roles = roles;
  }

  @Tool(
      name = "clerk_org_overview",
      title = "Show organization overview",
      effect = READ,
      core = true)
  @Description(
      "All about one organization in short: settings, admins, members, seats, pending"
          + " invitations (expired ones do not count), domains, SSO.")
  public JsonNode overview(
      @Arg("org_...") String organizationId,
      @Arg(value = "Rows; default 20", min = 0, max = 200, clamped = true)
          @Nullable Integer members) {
    // Only this path takes a slug; the others need the ID.
    JsonNode organization = organizations.get(organizationId, OrganizationExtras.ALL);
    String id = organization.path("id").asText(organizationId);
    PartialFetch parts = new PartialFetch();
    var invited =
        parts.begin(
            "invitations",
            () -> invitations.list(id, OrganizationInvitationFilter.pending(null), SOME));
    var domain = parts.begin("domains", () -> domains.list(id, OrganizationDomainFilter.ALL, SOME));
    var sso =
        parts.begin(
            "enterprise_connections",
            () -> connections.list(EnterpriseConnectionFilter.of(id), SOME));
    MemberCounts belonging =
        MemberCounts.read(parts, memberships, roles, id, members == null ? MEMBERS : members);
    return new OrganizationOverview(
            organization, belonging, invited.get(), domain.get(), sso.get(), parts.notRead())
        .render();
  }
}
