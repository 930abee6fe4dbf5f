package dev.clerkmcp;

import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.guard.Rails;
import dev.clerkmcp.guard.secret.SecretsFolder;
import dev.clerkmcp.registry.Guard;
import dev.clerkmcp.registry.Instances;
import dev.clerkmcp.registry.ToolDoors;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolRegistryBuilder;
import dev.clerkmcp.registry.View;
import dev.clerkmcp.tools.AllowlistTools;
import dev.clerkmcp.tools.ApiKeyTools;
import dev.clerkmcp.tools.BillingTools;
import dev.clerkmcp.tools.BlocklistTools;
import dev.clerkmcp.tools.ClientTools;
import dev.clerkmcp.tools.DeprecatedTools;
import dev.clerkmcp.tools.DirectoryTools;
import dev.clerkmcp.tools.DomainTools;
import dev.clerkmcp.tools.EmailAddressTools;
import dev.clerkmcp.tools.EnterpriseConnectionTools;
import dev.clerkmcp.tools.InstanceTools;
import dev.clerkmcp.tools.InvitationTools;
import dev.clerkmcp.tools.JwtTemplateTools;
import dev.clerkmcp.tools.M2mTokenTools;
import dev.clerkmcp.tools.MachineTools;
import dev.clerkmcp.tools.OauthApplicationTools;
import dev.clerkmcp.tools.OrganizationDomainTools;
import dev.clerkmcp.tools.OrganizationInvitationTools;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.tools.OrganizationRoleTools;
import dev.clerkmcp.tools.OrganizationTools;
import dev.clerkmcp.tools.PermissionTools;
import dev.clerkmcp.tools.PhoneNumberTools;
import dev.clerkmcp.tools.RedirectUrlTools;
import dev.clerkmcp.tools.RoleSetTools;
import dev.clerkmcp.tools.ScimDirectoryTools;
import dev.clerkmcp.tools.SessionTools;
import dev.clerkmcp.tools.SignUpTools;
import dev.clerkmcp.tools.TokenTools;
import dev.clerkmcp.tools.UserSecurityTools;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.tools.WaitlistTools;
import dev.clerkmcp.tools.WebhookTools;
import dev.clerkmcp.workflows.BulkInvitationWorkflows;
import dev.clerkmcp.workflows.DomainWorkflows;
import dev.clerkmcp.workflows.DuplicateWorkflows;
import dev.clerkmcp.workflows.EmailWorkflows;
import dev.clerkmcp.workflows.GrowthReport;
import dev.clerkmcp.workflows.InstanceWorkflows;
import dev.clerkmcp.workflows.InvitationWorkflows;
import dev.clerkmcp.workflows.JwtTemplateWorkflows;
import dev.clerkmcp.workflows.MembershipWorkflows;
import dev.clerkmcp.workflows.MetadataWorkflows;
import dev.clerkmcp.workflows.OauthApplicationWorkflows;
import dev.clerkmcp.workflows.OffboardWorkflows;
import dev.clerkmcp.workflows.OrganizationOnboarding;
import dev.clerkmcp.workflows.OrganizationOverviewWorkflows;
import dev.clerkmcp.workflows.OrganizationWorkflows;
import dev.clerkmcp.workflows.SecurityReport;
import dev.clerkmcp.workflows.SessionWorkflows;
import dev.clerkmcp.workflows.UserFinder;
import dev.clerkmcp.workflows.UserOverviewWorkflows;
import dev.clerkmcp.workflows.UserWorkflows;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** All tools there are, and the only place that wires them. */
public final class Catalog {
  /** Tests of tools guard nothing, and so keep nothing. */
  private static final SecretsFolder NOWHERE = new SecretsFolder(Path.of(""));

  private Catalog() {}

  /** Every tool, served by the given client, and nothing that guards it; for tests of tools. */
  public static ToolRegistry registry(ClerkClient clerk) {
    return registry(Instances.of(clerk), List.of());
  }

  /** Every tool, behind the given guards alone. */
  static ToolRegistry registry(Instances instances, List<Guard> guards) {
    return builder(new Rails(Rails.Settings.keepingSecretsIn(NOWHERE))).build(instances, guards);
  }

  /** Every tool, behind rails. */
  static ToolRegistry registry(Instances instances, Rails rails) {
    return registry(() -> instances, rails);
  }

  /** Every tool, behind rails; the instances are asked for last. */
  static ToolRegistry registry(Supplier<Instances> connected, Rails rails) {
    ToolRegistryBuilder registry = builder(rails);
    Instances instances = connected.get();
    return registry.build(
        instances,
        rails.guards(registry.tools(), registry.readings(), registry.views(), instances));
  }

  /** Some of the tools, behind the same rails, served by a client that reaches nothing. */
  static ToolRegistry rehearsal(ClerkClient clerk) {
    Rails rails = new Rails(Rails.Settings.keepingSecretsIn(NOWHERE));
    ToolRegistryBuilder registry = new ToolRegistryBuilder();
    registry.addComposed(
        new UserWorkflows(
            registry.addEndpoints(UserTools.class),
            registry.addEndpoints(OrganizationMembershipTools.class)));
    Instances instances = Instances.of(clerk);
    return registry.build(
        instances,
        rails.guards(registry.tools(), registry.readings(), registry.views(), instances));
  }

  /** How Clerk's objects are shown. */
  public static List<View> views() {
    return builder(new Rails(Rails.Settings.keepingSecretsIn(NOWHERE))).views();
  }

  private static ToolRegistryBuilder builder(Rails rails) {
    ToolRegistryBuilder registry = new ToolRegistryBuilder();

    registry.addComposed(new ToolDoors(registry::built));
    registry.addComposed(rails.tools());
    UserTools users = registry.addEndpoints(UserTools.class);
    OrganizationTools organizations = registry.addEndpoints(OrganizationTools.class);
    OrganizationMembershipTools memberships =
        registry.addEndpoints(OrganizationMembershipTools.class);
    OrganizationInvitationTools organizationInvitations =
        registry.addEndpoints(OrganizationInvitationTools.class);
    InvitationTools invitations = registry.addEndpoints(InvitationTools.class);
    SessionTools sessions = registry.addEndpoints(SessionTools.class);
    AllowlistTools allowlist = registry.addEndpoints(AllowlistTools.class);
    BlocklistTools blocklist = registry.addEndpoints(BlocklistTools.class);
    JwtTemplateTools jwtTemplates = registry.addEndpoints(JwtTemplateTools.class);
    DomainTools domains = registry.addEndpoints(DomainTools.class);
    OauthApplicationTools oauthApplications = registry.addEndpoints(OauthApplicationTools.class);
    EmailAddressTools emails = registry.addEndpoints(EmailAddressTools.class);
    registry.addEndpoints(PhoneNumberTools.class);
    registry.addEndpoints(UserSecurityTools.class);
    OrganizationRoleTools roles = registry.addEndpoints(OrganizationRoleTools.class);
    PermissionTools permissions = registry.addEndpoints(PermissionTools.class);
    RoleSetTools roleSets = registry.addEndpoints(RoleSetTools.class);
    OrganizationDomainTools organizationDomains =
        registry.addEndpoints(OrganizationDomainTools.class);
    EnterpriseConnectionTools enterpriseConnections =
        registry.addEndpoints(EnterpriseConnectionTools.class);
    registry.addEndpoints(DirectoryTools.class);
    registry.addEndpoints(ScimDirectoryTools.class);
    registry.addEndpoints(MachineTools.class);
    registry.addEndpoints(M2mTokenTools.class);
    ApiKeyTools apiKeys = registry.addEndpoints(ApiKeyTools.class);
    registry.addEndpoints(BillingTools.class);
    registry.addEndpoints(WaitlistTools.class);
    InstanceTools instance = registry.addEndpoints(InstanceTools.class);
    RedirectUrlTools redirectUrls = registry.addEndpoints(RedirectUrlTools.class);
    registry.addEndpoints(TokenTools.class);
    registry.addEndpoints(WebhookTools.class);
    registry.addEndpoints(SignUpTools.class);
    registry.addEndpoints(ClientTools.class);
    registry.addEndpoints(DeprecatedTools.class);

    registry.addComposed(new DomainWorkflows(domains));
    registry.addComposed(new InvitationWorkflows(invitations));
    registry.addComposed(new JwtTemplateWorkflows(jwtTemplates));
    registry.addComposed(new MembershipWorkflows(memberships));
    registry.addComposed(new OauthApplicationWorkflows(oauthApplications));
    registry.addComposed(new OrganizationWorkflows(organizations));
    registry.addComposed(new UserWorkflows(users, memberships));

    registry.addComposed(new UserFinder(users));
    registry.addComposed(
        new BulkInvitationWorkflows(users, memberships, invitations, organizationInvitations));
    registry.addComposed(new DuplicateWorkflows(users, sessions));
    registry.addComposed(new EmailWorkflows(users, emails));
    registry.addComposed(new MetadataWorkflows(users, organizations));
    registry.addComposed(
        new OffboardWorkflows(
            users, sessions, memberships, invitations, organizationInvitations, apiKeys));
    registry.addComposed(new SessionWorkflows(users, sessions));
    registry.addComposed(
        new UserOverviewWorkflows(
            users,
            sessions,
            invitations,
            organizationInvitations,
            allowlist,
            blocklist,
            enterpriseConnections));
    registry.addComposed(
        new OrganizationOverviewWorkflows(
            organizations,
            memberships,
            organizationInvitations,
            organizationDomains,
            enterpriseConnections,
            roles));
    registry.addComposed(
        new OrganizationOnboarding(
            users, organizations, memberships, organizationInvitations, organizationDomains));
    registry.addComposed(
        new InstanceWorkflows(
            instance,
            roles,
            permissions,
            roleSets,
            jwtTemplates,
            redirectUrls,
            domains,
            allowlist,
            blocklist));
    registry.addComposed(new SecurityReport(users, organizations, memberships, rails.exports()));
    registry.addComposed(
        new GrowthReport(users, organizations, invitations, organizationInvitations));
    return registry;
  }
}
