package dev.clerkmcp.server;

import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.interceptor.InterceptorFactory;
import dev.clerkmcp.interceptor.redact.SecretStore;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.Interceptors;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolRegistryBuilder;
import dev.clerkmcp.registry.search.ToolDiscoveryTools;
import dev.clerkmcp.tools.AllowlistTools;
import dev.clerkmcp.tools.AllowlistWorkflows;
import dev.clerkmcp.tools.ApiKeyTools;
import dev.clerkmcp.tools.BillingTools;
import dev.clerkmcp.tools.BlocklistTools;
import dev.clerkmcp.tools.BlocklistWorkflows;
import dev.clerkmcp.tools.ClientTools;
import dev.clerkmcp.tools.DeprecatedTools;
import dev.clerkmcp.tools.DirectoryTools;
import dev.clerkmcp.tools.DomainTools;
import dev.clerkmcp.tools.DomainWorkflows;
import dev.clerkmcp.tools.EmailAddressTools;
import dev.clerkmcp.tools.EnterpriseConnectionTools;
import dev.clerkmcp.tools.InstanceTools;
import dev.clerkmcp.tools.InvitationTools;
import dev.clerkmcp.tools.InvitationWorkflows;
import dev.clerkmcp.tools.JwtTemplateTools;
import dev.clerkmcp.tools.JwtTemplateWorkflows;
import dev.clerkmcp.tools.M2mTokenTools;
import dev.clerkmcp.tools.MachineTools;
import dev.clerkmcp.tools.OauthApplicationTools;
import dev.clerkmcp.tools.OrganizationDomainTools;
import dev.clerkmcp.tools.OrganizationInvitationTools;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.tools.OrganizationMembershipWorkflows;
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
import dev.clerkmcp.workflows.instance.InstanceWorkflows;
import dev.clerkmcp.workflows.instance.RestrictionWorkflows;
import dev.clerkmcp.workflows.invitation.BulkInvitationWorkflows;
import dev.clerkmcp.workflows.metadata.MetadataWorkflows;
import dev.clerkmcp.workflows.organization.OrganizationOnboarding;
import dev.clerkmcp.workflows.organization.OrganizationOverviewWorkflows;
import dev.clerkmcp.workflows.organization.OrganizationWorkflows;
import dev.clerkmcp.workflows.report.GrowthReport;
import dev.clerkmcp.workflows.report.SecurityReport;
import dev.clerkmcp.workflows.support.MembershipReader;
import dev.clerkmcp.workflows.user.DuplicateWorkflows;
import dev.clerkmcp.workflows.user.EmailWorkflows;
import dev.clerkmcp.workflows.user.OffboardWorkflows;
import dev.clerkmcp.workflows.user.SessionWorkflows;
import dev.clerkmcp.workflows.user.UserFinder;
import dev.clerkmcp.workflows.user.UserOverviewWorkflows;
import dev.clerkmcp.workflows.user.UserWorkflows;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Lists all interfaces and classes with tools, and builds the registry from them. */
public final class ToolModule {
  /** A folder that is never used: without interceptors, no credential is stored. */
  private static final SecretStore NOWHERE = new SecretStore(Path.of(""));

  private ToolModule() {}

  /** Every tool without interceptors, for tests of tools. */
  public static ToolRegistry registry(ClerkClient clerk) {
    return registry(ClerkInstances.of(clerk), Interceptors.none());
  }

  /** Every tool with these interceptors. */
  public static ToolRegistry registry(ClerkInstances instances, Interceptors interceptors) {
    return builder(new InterceptorFactory(InterceptorFactory.Settings.keepingSecretsIn(NOWHERE)))
        .build(instances, interceptors);
  }

  /** Every tool with all interceptors. */
  public static ToolRegistry registry(ClerkInstances instances, InterceptorFactory chain) {
    return registry(() -> instances, chain);
  }

  /**
   * Every tool with all interceptors.
   *
   * @param connected supplies the instances; called last, so that it can connect meanwhile
   */
  public static ToolRegistry registry(
      Supplier<ClerkInstances> connected, InterceptorFactory chain) {
    ToolRegistryBuilder registry = builder(chain);
    Supplier<MembershipReader> memberships = registry.part(MembershipReader.class);
    ClerkInstances instances = connected.get();
    return registry.build(
        instances,
        chain.interceptors(
            registry.tools(),
            registry.readEndpoints(),
            registry::facts,
            registry.views(),
            () -> memberships.get().readAll(),
            instances));
  }

  /** Some of the tools with all interceptors, for dummy calls that reach no network. */
  static ToolRegistry warmUpTools(ClerkClient clerk) {
    InterceptorFactory chain =
        new InterceptorFactory(InterceptorFactory.Settings.keepingSecretsIn(NOWHERE));
    ToolRegistryBuilder registry = new ToolRegistryBuilder();
    registry.addEndpoints(UserTools.class);
    registry.addEndpoints(OrganizationMembershipTools.class);
    registry.addComposed(UserWorkflows.class);
    Supplier<MembershipReader> memberships = registry.part(MembershipReader.class);
    ClerkInstances instances = ClerkInstances.of(clerk);
    return registry.build(
        instances,
        chain.interceptors(
            registry.tools(),
            registry.readEndpoints(),
            registry::facts,
            registry.views(),
            () -> memberships.get().readAll(),
            instances));
  }

  private static ToolRegistryBuilder builder(InterceptorFactory chain) {
    ToolRegistryBuilder registry = new ToolRegistryBuilder();

    registry.addObject(new ToolDiscoveryTools(registry::built));
    registry.addObject(chain.tools());
    registry.addEndpoints(UserTools.class);
    registry.addEndpoints(OrganizationTools.class);
    registry.addEndpoints(OrganizationMembershipTools.class);
    registry.addEndpoints(OrganizationInvitationTools.class);
    registry.addEndpoints(InvitationTools.class);
    registry.addEndpoints(SessionTools.class);
    registry.addEndpoints(AllowlistTools.class);
    registry.addEndpoints(BlocklistTools.class);
    registry.addEndpoints(JwtTemplateTools.class);
    registry.addEndpoints(DomainTools.class);
    registry.addEndpoints(OauthApplicationTools.class);
    registry.addEndpoints(EmailAddressTools.class);
    registry.addEndpoints(PhoneNumberTools.class);
    registry.addEndpoints(UserSecurityTools.class);
    registry.addEndpoints(OrganizationRoleTools.class);
    registry.addEndpoints(PermissionTools.class);
    registry.addEndpoints(RoleSetTools.class);
    registry.addEndpoints(OrganizationDomainTools.class);
    registry.addEndpoints(EnterpriseConnectionTools.class);
    registry.addEndpoints(DirectoryTools.class);
    registry.addEndpoints(ScimDirectoryTools.class);
    registry.addEndpoints(MachineTools.class);
    registry.addEndpoints(M2mTokenTools.class);
    registry.addEndpoints(ApiKeyTools.class);
    registry.addEndpoints(BillingTools.class);
    registry.addEndpoints(WaitlistTools.class);
    registry.addEndpoints(InstanceTools.class);
    registry.addEndpoints(RedirectUrlTools.class);
    registry.addEndpoints(TokenTools.class);
    registry.addEndpoints(WebhookTools.class);
    registry.addEndpoints(SignUpTools.class);
    registry.addEndpoints(ClientTools.class);
    registry.addEndpoints(DeprecatedTools.class);

    registry.addComposed(DomainWorkflows.class);
    registry.addComposed(InvitationWorkflows.class);
    registry.addComposed(AllowlistWorkflows.class);
    registry.addComposed(BlocklistWorkflows.class);
    registry.addComposed(JwtTemplateWorkflows.class);
    registry.addComposed(OrganizationMembershipWorkflows.class);
    registry.addComposed(OrganizationWorkflows.class);
    registry.addComposed(UserWorkflows.class);

    registry.addComposed(UserFinder.class);
    registry.addComposed(BulkInvitationWorkflows.class);
    registry.addComposed(DuplicateWorkflows.class);
    registry.addComposed(EmailWorkflows.class);
    registry.addComposed(MetadataWorkflows.class);
    registry.addComposed(OffboardWorkflows.class);
    registry.addComposed(SessionWorkflows.class);
    registry.addComposed(UserOverviewWorkflows.class);
    registry.addComposed(OrganizationOverviewWorkflows.class);
    registry.addComposed(OrganizationOnboarding.class);
    registry.addComposed(InstanceWorkflows.class);
    registry.addComposed(RestrictionWorkflows.class);
    registry.addComposed(SecurityReport.class, chain.exports());
    registry.addComposed(GrowthReport.class);
    return registry;
  }
}
