package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.openapi.ApiContract;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.Store;

/** All behaviours over one world, and the only place that wires them. */
public final class OperationHandlers {
  private final Routes routes;
  private final GenericStore store;
  private final Permissions permissions;
  private final Roles roles;
  private final RoleSets roleSets;

  /** Wires them. */
  public OperationHandlers(ApiContract contract, Store world) {
    HandlerContext instance = new HandlerContext(contract, world);
    routes = new Routes(contract);
    store = new GenericStore(contract, instance);

    Sessions sessions = new Sessions(instance);
    Memberships memberships = new Memberships(instance);
    memberships.register(routes);
    permissions = new Permissions(instance);
    permissions.register(routes);
    roles = new Roles(instance);
    roles.register(routes);
    roleSets = new RoleSets(instance);
    roleSets.register(routes);
    new OrganizationDomains(instance).register(routes);
    new OrganizationInvitations(instance, memberships).register(routes);
    new Organizations(instance, memberships, roleSets).register(routes);
    Identifications identifications = new Identifications(instance);
    UserCredentials credentials = new UserCredentials(instance, sessions);
    credentials.register(routes);
    Invitations invitations = new Invitations(instance);
    JwtTemplates jwtTemplates = new JwtTemplates(instance);
    new ActorTokens(instance).register(routes);
    new Clients(instance, sessions).register(routes);
    new Domains(instance).register(routes);
    new EmailTemplates(instance).register(routes);
    invitations.register(routes);
    jwtTemplates.register(routes);
    new ListIdentifiers(instance, invitations).register(routes);
    new OauthApplications(instance).register(routes);
    new ProxyChecks(instance).register(routes);
    new RedirectUrls(instance).register(routes);
    new SessionTokens(instance, sessions, jwtTemplates).register(routes);
    sessions.register(routes);
    new SignInTokens(instance).register(routes);
    new TestingTokens(instance).register(routes);
    new WaitlistEntries(instance, invitations).register(routes);
    new Contacts(instance, identifications, credentials).register(routes);
    new ConnectedAccounts(instance, identifications).register(routes);
    new Users(instance, identifications, credentials, sessions, memberships).register(routes);
    new UserStates(instance, sessions).register(routes);
    new AdminPortalLinkTokens(instance).register(routes);
    new AgentTasks(instance).register(routes);
    new ApiKeys(instance).register(routes);
    new InstanceSettings(instance, sessions).register(routes);
    Jwks.register(routes);
    new M2mTokens(instance).register(routes);
    new Machines(instance).register(routes);
    new OauthAccessTokens(instance).register(routes);
    new Webhooks(instance).register(routes);
    EnterpriseConnectionRows connections = new EnterpriseConnectionRows(instance);
    new EnterpriseConnections(instance, connections).register(routes);
    new SamlConnections(instance, connections).register(routes);
    GroupRoleMappings mappings = new GroupRoleMappings(instance, roles);
    mappings.register(routes);
    new Directories(instance, mappings).register(routes);
    BillingPlans plans = new BillingPlans(instance);
    plans.register(routes);
    BillingPayers payers = new BillingPayers(instance);
    BillingCredits credits = new BillingCredits(instance, payers);
    credits.register(routes);
    SubscriptionItems items = new SubscriptionItems(instance, plans, payers);
    BillingSubscriptions subscriptions = new BillingSubscriptions(instance, plans, payers, items);
    subscriptions.register(routes);
    BillingStatements statements = new BillingStatements(instance, payers, credits);
    new PriceTransitions(instance, plans, items, subscriptions, statements).register(routes);
  }

  /** Creates what every instance has from its beginning. */
  public void createDefaults() {
    permissions.createDefaults();
    roles.createDefaults();
    roleSets.createDefaults();
  }

  /**
   * Carries a call out. What the answer has under {@link Store#HIDDEN} is not for the caller.
   *
   * @throws ApiError if Clerk would refuse it, or the sandbox cannot imitate it
   */
  public JsonNode answer(ApiRequest call) {
    OperationHandler behaviour = routes.find(call.operation().route());
    return (behaviour == null ? store : behaviour).answer(call);
  }
}
