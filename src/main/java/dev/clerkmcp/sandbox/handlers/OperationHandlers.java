package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.handlers.billing.BillingCredits;
import dev.clerkmcp.sandbox.handlers.billing.BillingPayers;
import dev.clerkmcp.sandbox.handlers.billing.BillingPlans;
import dev.clerkmcp.sandbox.handlers.billing.BillingStatements;
import dev.clerkmcp.sandbox.handlers.billing.BillingSubscriptions;
import dev.clerkmcp.sandbox.handlers.billing.PriceTransitions;
import dev.clerkmcp.sandbox.handlers.billing.SubscriptionItems;
import dev.clerkmcp.sandbox.handlers.enterprise.AdminPortalLinkTokens;
import dev.clerkmcp.sandbox.handlers.enterprise.Directories;
import dev.clerkmcp.sandbox.handlers.enterprise.EnterpriseConnections;
import dev.clerkmcp.sandbox.handlers.enterprise.GroupRoleMappings;
import dev.clerkmcp.sandbox.handlers.enterprise.SamlConnections;
import dev.clerkmcp.sandbox.handlers.instance.Domains;
import dev.clerkmcp.sandbox.handlers.instance.EmailTemplates;
import dev.clerkmcp.sandbox.handlers.instance.InstanceSettings;
import dev.clerkmcp.sandbox.handlers.instance.RedirectUrls;
import dev.clerkmcp.sandbox.handlers.instance.Webhooks;
import dev.clerkmcp.sandbox.handlers.machine.ApiKeys;
import dev.clerkmcp.sandbox.handlers.machine.M2mTokens;
import dev.clerkmcp.sandbox.handlers.machine.Machines;
import dev.clerkmcp.sandbox.handlers.machine.OauthApplications;
import dev.clerkmcp.sandbox.handlers.organization.Memberships;
import dev.clerkmcp.sandbox.handlers.organization.OrganizationDomains;
import dev.clerkmcp.sandbox.handlers.organization.OrganizationInvitations;
import dev.clerkmcp.sandbox.handlers.organization.Organizations;
import dev.clerkmcp.sandbox.handlers.organization.Permissions;
import dev.clerkmcp.sandbox.handlers.organization.RoleSets;
import dev.clerkmcp.sandbox.handlers.organization.Roles;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.handlers.user.AgentTasks;
import dev.clerkmcp.sandbox.handlers.user.ConnectedAccounts;
import dev.clerkmcp.sandbox.handlers.user.Contacts;
import dev.clerkmcp.sandbox.handlers.user.Identifications;
import dev.clerkmcp.sandbox.handlers.user.Invitations;
import dev.clerkmcp.sandbox.handlers.user.JwtTemplates;
import dev.clerkmcp.sandbox.handlers.user.ListIdentifiers;
import dev.clerkmcp.sandbox.handlers.user.SessionTokens;
import dev.clerkmcp.sandbox.handlers.user.Sessions;
import dev.clerkmcp.sandbox.handlers.user.SignInTokens;
import dev.clerkmcp.sandbox.handlers.user.UserCredentials;
import dev.clerkmcp.sandbox.handlers.user.Users;
import dev.clerkmcp.sandbox.handlers.user.WaitlistEntries;
import dev.clerkmcp.sandbox.openapi.ApiContract;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;

/** All handlers of one store; the only place that connects them. */
public final class OperationHandlers {
  private final Routes routes;
  private final Permissions permissions;
  private final Roles roles;
  private final RoleSets roleSets;

  /** Creates the handlers of every operation. */
  public OperationHandlers(ApiContract contract, Store store) {
    HandlerContext context = new HandlerContext(contract, store);
    routes = new Routes(contract);
    permissions = new Permissions(context);
    roles = new Roles(context);
    roleSets = new RoleSets(context, roles);
    Sessions sessions = new Sessions(context);
    registerUsers(context, sessions);
    registerOrganizations(context);
    registerBilling(context);
    registerEnterprise(context);
    registerMachines(context);
    registerInstance(context, sessions);
  }

  private void registerUsers(HandlerContext context, Sessions sessions) {
    Identifications identifications = new Identifications(context);
    UserCredentials credentials = new UserCredentials(context, sessions);
    credentials.register(routes);
    new Users(context, identifications, credentials, sessions).register(routes);
    new Contacts(context, identifications, credentials).register(routes);
    new ConnectedAccounts(context, identifications).register(routes);
    sessions.register(routes);
    JwtTemplates jwtTemplates = new JwtTemplates(context);
    jwtTemplates.register(routes);
    new SessionTokens(context, sessions, jwtTemplates).register(routes);
    new SignInTokens(context, sessions).register(routes);
    new AgentTasks(context).register(routes);
    Invitations invitations = new Invitations(context);
    invitations.register(routes);
    ListIdentifiers.allowed(context, invitations).register(routes);
    ListIdentifiers.blocked(context).register(routes);
    new WaitlistEntries(context, invitations).register(routes);
    new Resource(context, ObjectKind.SIGN_UP, "/sign_ups").register(routes);
  }

  private void registerOrganizations(HandlerContext context) {
    permissions.register(routes);
    roles.register(routes);
    roleSets.register(routes);
    Memberships memberships = new Memberships(context, roles);
    memberships.register(routes);
    new Organizations(context, memberships, roleSets).register(routes);
    new OrganizationInvitations(context, memberships, roles).register(routes);
    new OrganizationDomains(context).register(routes);
  }

  private void registerBilling(HandlerContext context) {
    BillingPlans plans = new BillingPlans(context);
    plans.register(routes);
    BillingPayers payers = new BillingPayers(context);
    BillingCredits credits = new BillingCredits(context, payers);
    credits.register(routes);
    SubscriptionItems items = new SubscriptionItems(context, plans, payers);
    BillingSubscriptions subscriptions = new BillingSubscriptions(context, plans, payers, items);
    subscriptions.register(routes);
    String statement = "/billing/statements";
    new Resource(context, ObjectKind.STATEMENT, statement).register(routes);
    new Resource(context, ObjectKind.PAYMENT_ATTEMPT, statement + "/{statementID}/payment_attempts")
        .register(routes);
    BillingStatements statements = new BillingStatements(context, payers, credits);
    new PriceTransitions(context, plans, items, subscriptions, statements).register(routes);
  }

  private void registerEnterprise(HandlerContext context) {
    EnterpriseConnections connections = new EnterpriseConnections(context);
    connections.register(routes);
    new SamlConnections(context, connections).register(routes);
    GroupRoleMappings mappings = new GroupRoleMappings(context, roles);
    mappings.register(routes);
    Directories.register(context, mappings, routes);
    new AdminPortalLinkTokens(context).register(routes);
  }

  private void registerMachines(HandlerContext context) {
    new ApiKeys(context).register(routes);
    new M2mTokens(context).register(routes);
    new Machines(context).register(routes);
    new OauthApplications(context).register(routes);
  }

  private void registerInstance(HandlerContext context, Sessions sessions) {
    new InstanceSettings(context, sessions, roles).register(routes);
    new Domains(context).register(routes);
    new RedirectUrls(context).register(routes);
    new EmailTemplates(context).register(routes);
    new Webhooks(context).register(routes);
  }

  /** Creates the permissions, roles and role set that every new instance has. */
  public void createDefaults() {
    permissions.createDefaults();
    roles.createDefaults();
    roleSets.createDefaults();
  }

  /** A row as Clerk shows it; what is {@link Store#HIDDEN} must be removed before it leaves. */
  public ObjectNode view(ObjectKind kind, ObjectNode row) {
    return routes.view(kind, row);
  }

  /**
   * Carries out a request. Fields of the answer named {@link Store#HIDDEN} must be removed before
   * it leaves the sandbox.
   *
   * @throws ApiError if Clerk would reject the request, or the sandbox cannot imitate the operation
   */
  public JsonNode answer(ApiRequest request) {
    String route = request.operation().route();
    Routes.OperationHandler handler = routes.find(route);
    if (handler == null) {
      throw ApiError.of(403, "feature_not_implemented", "The sandbox cannot imitate %s.", route);
    }
    return handler.answer(request);
  }
}
