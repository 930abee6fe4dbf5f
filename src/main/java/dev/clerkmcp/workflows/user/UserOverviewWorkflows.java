package dev.clerkmcp.workflows.user;

import static dev.clerkmcp.registry.Effect.READ;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.tools.AllowlistTools;
import dev.clerkmcp.tools.BlocklistTools;
import dev.clerkmcp.tools.EnterpriseConnectionTools;
import dev.clerkmcp.tools.EnterpriseConnectionTools.EnterpriseConnectionFilter;
import dev.clerkmcp.tools.InvitationTools;
import dev.clerkmcp.tools.InvitationTools.InvitationFilter;
import dev.clerkmcp.tools.InvitationTools.InvitationStatus;
import dev.clerkmcp.tools.OrganizationInvitationTools;
import dev.clerkmcp.tools.OrganizationInvitationTools.AnyOrganizationInvitationFilter;
import dev.clerkmcp.tools.SessionTools;
import dev.clerkmcp.tools.SessionTools.SessionFilter;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.workflows.support.PartialFetch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads the overview of a user, with what may keep the user from signing in. */
@ToolGroup(id = "workflows")
public final class UserOverviewWorkflows {
  /** The number of addresses for which invitations are searched, the primary one first. */
  private static final int MAX_ADDRESSES = 3;

  private static final PageRequest SOME = PageRequest.first(20);
  private static final PageRequest MANY = PageRequest.first(100);

  private final UserTools users;
  private final SessionTools sessions;
  private final InvitationTools invitations;
  private final OrganizationInvitationTools organizationInvitations;
  private final AllowlistTools allowlist;
  private final BlocklistTools blocklist;
  private final EnterpriseConnectionTools connections;

  public UserOverviewWorkflows(
      UserTools users,
      SessionTools sessions,
      InvitationTools invitations,
      OrganizationInvitationTools organizationInvitations,
      AllowlistTools allowlist,
      BlocklistTools blocklist,
      EnterpriseConnectionTools connections) {
    this.users = users;
    this.sessions = sessions;
    this.invitations = invitations;
    this.organizationInvitations = organizationInvitations;
    this.allowlist = allowlist;
    this.blocklist = blocklist;
    this.connections = connections;
  }

  @Tool(
      name = "clerk_user_overview",
      title = "Show user overview",
      effect = READ,
      core = true,
      alwaysLoad = true)
  @Description(
      "All about one user in short: sign-in methods, sessions, organizations, invitations, and why"
          + " they may be unable to sign in.")
  public JsonNode overview(@Arg("user_...") String userId) {
    PartialFetch parts = new PartialFetch();
    Supplier<JsonNode> reading = Invocation.current().fork(() -> users.get(userId));
    var active = parts.begin("sessions", () -> sessions.list(SessionFilter.active(userId), MANY));
    // Clerk cannot filter by pending.
    var recent = parts.begin("sessions", () -> sessions.list(SessionFilter.of(userId), MANY));
    var memberships = parts.begin("organizations", () -> users.listMemberships(userId, SOME));
    var invited =
        parts.begin(
            "organization_invitations",
            () -> users.listOrganizationInvitations(userId, InvitationStatus.PENDING, SOME));
    var blocked = parts.begin("blocklist", () -> blocklist.list().rows());
    var allowed = parts.beginRows("allowlist", allowlist::list);
    var sso =
        parts.beginRows(
            "enterprise_connections",
            page -> connections.list(EnterpriseConnectionFilter.ALL, page));

    JsonNode user = reading.get();
    var applications =
        byAddress(
            parts,
            "invitations",
            user,
            address -> invitations.list(InvitationFilter.pending(address), SOME));
    var organizations =
        byAddress(
            parts,
            "organization_invitations",
            user,
            address ->
                organizationInvitations.listAll(
                    AnyOrganizationInvitationFilter.pending(address), SOME));

    List<JsonNode> toOrganizations =
        new ArrayList<>(invited.get().map(ListPage::rows).orElse(List.of()));
    toOrganizations.addAll(organizations.get());
    return new UserOverview(
            user,
            active.get(),
            recent.get(),
            memberships.get(),
            applications.get(),
            toOrganizations,
            new SignInProblems.Rules(
                blocked.get().orElse(List.of()),
                allowed.get().orElse(List.of()),
                sso.get().orElse(List.of())),
            parts.notRead())
        .render();
  }

  /**
   * Begins to read the pending invitations to each address. Clerk matches parts of addresses, so
   * other addresses are filtered out.
   */
  private static Supplier<List<JsonNode>> byAddress(
      PartialFetch parts, String name, JsonNode user, Function<String, ListPage> list) {
    List<Supplier<List<JsonNode>>> readings = new ArrayList<>();
    for (EmailAddress address : addresses(new ClerkUser(user))) {
      var part = parts.begin(name, () -> list.apply(address.text()));
      readings.add(
          () ->
              part.get().map(ListPage::rows).orElse(List.of()).stream()
                  .filter(row -> EmailAddress.in(row).equals(address))
                  .toList());
    }
    return () -> readings.stream().flatMap(reading -> reading.get().stream()).toList();
  }

  private static List<EmailAddress> addresses(ClerkUser user) {
    List<EmailAddress> addresses = new ArrayList<>();
    Contact primary = user.findPrimary(Identifier.EMAIL_ADDRESS);
    if (primary != null) {
      addresses.add(EmailAddress.of(primary.value()));
    }
    addresses.addAll(user.emails());
    return addresses.stream().distinct().limit(MAX_ADDRESSES).toList();
  }
}
