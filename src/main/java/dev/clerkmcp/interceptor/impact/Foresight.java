package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.RequestPreview;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.clerk.model.OrganizationRole;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Foresees why Clerk will refuse requests of a plan, as far as reading tells: a full organization,
 * the last admin, a taken identifier. It also says which present values cannot be read, and how
 * many members have a role that changes. What it cannot read, or may not show, it does not mention.
 */
public final class Foresight {
  private static final String ADDRESS = "email_address";
  private static final String ORGANIZATION_ID = "organization_id";
  private static final String USER_ID = "user_id";
  private static final String MEMBERSHIPS = EndpointReader.ORGANIZATION + "/memberships";
  private static final String MEMBERSHIP = MEMBERSHIPS + "/{user_id}";
  private static final String INVITATIONS = EndpointReader.ORGANIZATION + "/invitations";
  private static final String ROLE = "/organization_roles/{organization_role_id}";
  private static final String RESTRICTIONS = "/instance/restrictions";
  private static final String SETTINGS = "/instance/organization_settings";

  private static final List<Identifier> CONTACTS =
      List.of(Identifier.EMAIL_ADDRESS, Identifier.PHONE_NUMBER, Identifier.WEB3_WALLET);

  private static final List<Identifier> NAMES =
      List.of(Identifier.USERNAME, Identifier.EXTERNAL_ID);

  /** The most members whose roles are looked at, to find another admin. */
  private static final int MAX_MEMBERS = Pages.LARGEST;

  /** The most lookups for one plan. Each is a request, and Clerk limits how many it answers. */
  private static final int MAX_READS = 50;

  /** Of a call that is made together with earlier ones, which may change what stands against it. */
  private static final String WOULD_REFUSE = "Clerk would refuse, unless an earlier call helps: ";

  private final VisibleTargets targets;

  public Foresight(VisibleTargets targets) {
    this.targets = targets;
  }

  /** Sentences about the requests of one plan, in their order. */
  public Set<String> of(List<ClerkRequest> requests) {
    Plan plan = new Plan();
    requests.forEach(plan::add);
    if (plan.readsTooMuch) {
      plan.sentences.add(
          "Whether Clerk will refuse was looked up only for the first requests, since the whole plan"
              + " needs more than %s lookups.".formatted(MAX_READS));
    }
    return plan.sentences;
  }

  /** The requests of one plan: each is judged as if those before it had been sent. */
  private final class Plan {
    private final Set<String> sentences = new LinkedHashSet<>();
    private final Map<String, Room> rooms = new HashMap<>();
    private final List<Given> given = new ArrayList<>();
    private final Set<String> managed = new HashSet<>();
    private final Set<String> demoted = new HashSet<>();
    private final Set<String> read = new HashSet<>();
    private boolean contactsAdded;
    private boolean accountsDeleted;
    private boolean readsTooMuch;
    private @Nullable ToolCallContext first;
    private boolean afterOtherCalls;

    void add(ClerkRequest request) {
      first = first == null ? request.context() : first;
      afterOtherCalls = first != request.context();
      ObjectNode arguments = request.arguments();
      switch (request.endpoint().route()) {
        case "POST /organizations" -> {
          checkOrganizationsOn(request);
          checkSlug(request);
          String id = RequestPreview.placeholder(request.endpoint());
          rooms.put(id, ofNew(request));
        }
        case "PATCH " + EndpointReader.ORGANIZATION -> {
          checkOrganizationsOn(request);
          checkSlug(request);
        }
        case "POST " + MEMBERSHIPS -> {
          checkRole(request, arguments);
          checkNoMember(request, arguments.path(USER_ID));
          checkRoom(request);
          noteManager(request);
        }
        case "POST " + INVITATIONS -> invitation(request, arguments);
        case "POST " + INVITATIONS + "/bulk" ->
            arguments
                .path("invitations")
                .forEach(invitation -> invitation(request, (ObjectNode) invitation));
        case "PATCH " + MEMBERSHIP -> {
          checkRole(request, arguments);
          checkNotLastAdmin(request, OrganizationRole.in(arguments));
          noteManager(request);
        }
        case "DELETE " + MEMBERSHIP -> {
          checkNotLastAdmin(request, null);
          rooms.computeIfAbsent(organizationId(request), unknown -> room(request)).taken--;
        }
        case "POST " + INVITATIONS + "/{invitation_id}/revoke" ->
            rooms.computeIfAbsent(organizationId(request), unknown -> room(request)).taken--;
        case "DELETE " + EndpointReader.USER + "/external_accounts/{external_account_id}" ->
            accountsDeleted = true;
        case "POST " + EndpointReader.ORGANIZATION + "/domains" -> checkDomainsOn(request);
        case "POST /users" -> {
          for (Identifier kind : CONTACTS) {
            arguments.path(kind.field()).forEach(value -> checkFree(request, kind, value));
          }
          NAMES.forEach(kind -> checkFree(request, kind, arguments.path(kind.field())));
        }
        case "PATCH " + EndpointReader.USER ->
            NAMES.forEach(kind -> checkFree(request, kind, arguments.path(kind.field())));
        case "POST /email_addresses", "PUT " + EndpointReader.USER + "/email_address" -> {
          checkFree(request, Identifier.EMAIL_ADDRESS, arguments.path(ADDRESS));
          contactsAdded = true;
        }
        case "POST /phone_numbers", "PUT " + EndpointReader.USER + "/phone_number" -> {
          checkFree(request, Identifier.PHONE_NUMBER, arguments.path("phone_number"));
          contactsAdded = true;
        }
        case "DELETE /email_addresses/{email_address_id}" ->
            checkDeletable(request, Identifier.EMAIL_ADDRESS);
        case "DELETE /phone_numbers/{phone_number_id}" ->
            checkDeletable(request, Identifier.PHONE_NUMBER);
        case "PATCH " + ROLE,
            "DELETE " + ROLE,
            "POST " + ROLE + "/permissions/{permission_id}",
            "DELETE " + ROLE + "/permissions/{permission_id}" ->
            countMembers(request);
        case "PATCH " + RESTRICTIONS, "PATCH /beta_features/instance_settings" ->
            sentences.add(
                "Clerk has no operation that only reads these settings, so what they are now is not"
                    + " shown. clerk_instance_restrictions_get may tell the restrictions: it sends"
                    + " an empty change.");
        default -> {}
      }
    }

    /** Tells how many people a change of a role concerns. */
    private void countMembers(ClerkRequest request) {
      ObjectNode id =
          Json.object()
              .set("organization_role_id", request.arguments().path("organization_role_id"));
      JsonNode role = read(request, ROLE, id);
      ObjectNode page = Json.object().put("limit", MAX_MEMBERS);
      JsonNode all = role == null ? null : read(request, "/organization_memberships", page);
      if (role == null || all == null) {
        return;
      }
      JsonNode memberships = EndpointReader.rows(all);
      OrganizationRole changed = OrganizationRole.of(role.path("key").asText());
      long holders =
          memberships.valueStream().filter(m -> OrganizationRole.in(m).equals(changed)).count();
      long total = all.path("total_count").asLong(memberships.size());
      sentences.add(
          "%s of %s memberships%s have the role %s."
              .formatted(
                  holders,
                  total > memberships.size() ? "the first " + memberships.size() : "all " + total,
                  total > memberships.size() ? ", of %s in all,".formatted(total) : "",
                  QuotedText.plain(changed.key())));
    }

    private void refused(String reason) {
      sentences.add((afterOtherCalls ? WOULD_REFUSE : "Clerk will refuse: ") + reason);
    }

    private void invitation(ClerkRequest request, ObjectNode invitation) {
      checkRole(request, invitation);
      String address = invitation.path(ADDRESS).asText();
      for (JsonNode user : holders(request, Identifier.EMAIL_ADDRESS, address)) {
        if (new ClerkUser(user).isNamedBy(Identifier.EMAIL_ADDRESS, address)) {
          checkNoMember(request, user.path("id"));
        }
      }
      checkNotInvited(request, address);
      checkGivenOnce("invitation to " + organizationId(request), Identifier.EMAIL_ADDRESS, address);
      checkRoom(request);
    }

    private static String organizationId(ClerkRequest request) {
      return request.arguments().path(ORGANIZATION_ID).asText();
    }

    private @Nullable JsonNode organization(ClerkRequest request) {
      String id = organizationId(request);
      return RequestPreview.isPlaceholder(id)
          ? null
          : read(
              request,
              EndpointReader.ORGANIZATION,
              Json.object().put(ORGANIZATION_ID, id).put("include_members_count", true));
    }

    private void checkRole(ClerkRequest request, ObjectNode arguments) {
      String role = OrganizationRole.in(arguments).key();
      ObjectNode all = Json.object().put("limit", Pages.LARGEST);
      JsonNode known = EndpointReader.rows(read(request, "/organization_roles", all));
      if (!known.isEmpty() && !holds(known, role)) {
        refused("the instance has no role " + QuotedText.plain(role) + ".");
        return;
      }
      JsonNode organization = organization(request);
      String set = organization == null ? "" : organization.path("role_set_key").asText("");
      JsonNode roles =
          set.isEmpty()
              ? null
              : read(
                  request,
                  "/role_sets/{role_set_key_or_id}",
                  Json.object().put("role_set_key_or_id", set));
      if (roles != null && roles.path("roles").isArray() && !holds(roles.path("roles"), role)) {
        refused(
            "%s has the role set %s, which does not have the role %s."
                .formatted(name(organization), QuotedText.plain(set), QuotedText.plain(role)));
      }
    }

    private static boolean holds(JsonNode roles, String key) {
      return roles.valueStream().anyMatch(role -> role.path("key").asText().equals(key));
    }

    private void checkNoMember(ClerkRequest request, JsonNode userId) {
      JsonNode organization = organization(request);
      if (organization == null) {
        return;
      }
      ObjectNode query = Json.object().put(ORGANIZATION_ID, organization.path("id").asText());
      query.putArray(USER_ID).add(userId);
      for (JsonNode member : EndpointReader.rows(read(request, MEMBERSHIPS, query))) {
        refused(
            "%s is a member of %s already, as %s."
                .formatted(
                    QuotedText.plain(member.at("/public_user_data/identifier").asText()),
                    name(organization),
                    QuotedText.plain(member.path("role").asText())));
      }
    }

    private void checkNotInvited(ClerkRequest request, String address) {
      JsonNode organization = organization(request);
      if (organization == null) {
        return;
      }
      ObjectNode query = pending(organization).put(ADDRESS, address);
      if (!EndpointReader.rows(read(request, INVITATIONS, query)).isEmpty()) {
        refused(
            "%s has a pending invitation to %s; revoke that one first."
                .formatted(QuotedText.plain(address), name(organization)));
      }
    }

    private static ObjectNode pending(JsonNode organization) {
      return Json.object()
          .put(ORGANIZATION_ID, organization.path("id").asText())
          .put("status", "pending")
          .put("limit", 1);
    }

    /** Counts one more member or invitation; pending invitations take places as well. */
    private void checkRoom(ClerkRequest request) {
      String id = organizationId(request);
      Room room = rooms.computeIfAbsent(id, unknown -> room(request));
      room.taken++;
      if (room.most > 0 && room.taken > room.most) {
        refused(
            "%s has room for %s (max_allowed_memberships; pending invitations count), and this is number %s."
                .formatted(room.name, room.most, room.taken));
      }
    }

    private Room room(ClerkRequest request) {
      JsonNode organization = organization(request);
      if (organization == null) {
        return new Room("", 0, 0);
      }
      JsonNode invitations = read(request, INVITATIONS, pending(organization));
      long pending = invitations == null ? 0 : invitations.path("total_count").asLong();
      return new Room(
          name(organization),
          organization.path("max_allowed_memberships").asLong(),
          organization.path("members_count").asLong() + pending);
    }

    /** The room of an organization that an earlier request of the plan creates. */
    private Room ofNew(ClerkRequest request) {
      ObjectNode arguments = request.arguments();
      JsonNode settings = read(request, SETTINGS, Json.object());
      long byDefault = settings == null ? 0 : settings.path("max_allowed_memberships").asLong();
      return new Room(
          name(arguments),
          arguments.path("max_allowed_memberships").asLong(byDefault),
          arguments.has("created_by") ? 1 : 0);
    }

    /** Notes that the request makes a member who can manage the organization. */
    private void noteManager(ClerkRequest request) {
      if (manages(request, OrganizationRole.in(request.arguments()))) {
        managed.add(organizationId(request));
      }
    }

    private void checkNotLastAdmin(ClerkRequest request, @Nullable OrganizationRole after) {
      JsonNode member = state(request);
      if (member == null
          || !OrganizationRole.managesMembers(member)
          || (after != null && manages(request, after))) {
        return;
      }
      JsonNode organization = member.path("organization");
      String id = member.at("/public_user_data/user_id").asText();
      demoted.add(organizationId(request) + " " + id);
      if (managed.contains(organizationId(request))) {
        return;
      }
      ObjectNode all =
          Json.object()
              .put(ORGANIZATION_ID, organization.path("id").asText())
              .put("limit", MAX_MEMBERS);
      JsonNode members = EndpointReader.rows(read(request, MEMBERSHIPS, all));
      boolean others =
          members
              .valueStream()
              .filter(OrganizationRole::managesMembers)
              .map(other -> other.at("/public_user_data/user_id").asText())
              .anyMatch(other -> !demoted.contains(organizationId(request) + " " + other));
      if (!others && !members.isEmpty() && members.size() < MAX_MEMBERS) {
        refused(
            "this is the only member of %s who can manage it; make another member an admin first."
                .formatted(name(organization)));
      }
    }

    private boolean manages(ClerkRequest request, OrganizationRole role) {
      ObjectNode all = Json.object().put("limit", Pages.LARGEST);
      for (JsonNode row : EndpointReader.rows(read(request, "/organization_roles", all))) {
        if (row.path("key").asText().equals(role.key())) {
          return OrganizationRole.includesManagement(row.path("permissions"));
        }
      }
      return role.equals(OrganizationRole.ADMIN);
    }

    private void checkOrganizationsOn(ClerkRequest request) {
      JsonNode settings = read(request, SETTINGS, Json.object());
      if (settings == null) {
        return;
      }
      if (settings.has("enabled") && !settings.path("enabled").asBoolean()) {
        refused(
            "organizations are switched off; clerk_instance_org_settings_update switches them on.");
      } else if (settings.path("slug_disabled").asBoolean() && request.arguments().has("slug")) {
        refused(
            "slugs of organizations are switched off; clerk_instance_org_settings_update switches"
                + " them on.");
      }
    }

    private void checkDomainsOn(ClerkRequest request) {
      JsonNode settings = read(request, SETTINGS, Json.object());
      if (settings != null
          && settings.has("domains_enabled")
          && !settings.path("domains_enabled").asBoolean()) {
        sentences.add(
            "Domains of organizations are switched off; clerk_instance_org_settings_update switches"
                + " them on.");
      }
    }

    private void checkSlug(ClerkRequest request) {
      String slug = request.arguments().path("slug").asText("");
      String own = request.arguments().path(ORGANIZATION_ID).asText();
      if (!slug.matches("[a-z0-9-]{1,256}")) {
        return;
      }
      JsonNode other =
          read(
              request,
              EndpointReader.ORGANIZATION,
              Json.object().put(ORGANIZATION_ID, slug).put("include_members_count", true));
      if (other != null
          && other.path("slug").asText().equals(slug)
          && !other.path("id").asText().equals(own)
          && targets.shows(other)) {
        refused(
            "the slug %s belongs to %s, %s."
                .formatted(slug, name(other), QuotedText.plain(other.path("id").asText())));
      }
    }

    /**
     * Checks that an identifier names no other user. An address that another user has without
     * having verified it is free, but a user cannot have one twice.
     */
    private void checkFree(ClerkRequest request, Identifier kind, JsonNode argument) {
      String value = argument.asText("");
      if (value.isBlank()) {
        return;
      }
      String own = request.arguments().path(USER_ID).asText();
      boolean adds = request.endpoint().method().equals("POST");
      for (JsonNode user : holders(request, kind, value)) {
        String id = user.path("id").asText();
        boolean isTaken = id.equals(own) ? adds : new ClerkUser(user).isNamedBy(kind, value);
        if (isTaken) {
          refused(
              "%s %s belongs to user %s."
                  .formatted(kind.field(), QuotedText.plain(value), QuotedText.plain(id)));
        }
      }
      checkGivenOnce("user", kind, value);
    }

    /** The users who have an identifier, proven or not, and may be shown. */
    private List<JsonNode> holders(ClerkRequest request, Identifier kind, String value) {
      ObjectNode filter = Json.object().put("limit", Pages.LARGEST);
      filter.putArray(kind.field()).add(value);
      return EndpointReader.rows(read(request, EndpointReader.USERS, filter))
          .valueStream()
          .filter(targets::shows)
          .toList();
    }

    private void checkGivenOnce(String object, Identifier kind, String value) {
      if (given.stream().anyMatch(other -> other.isSame(object, kind, value))) {
        refused("%s %s is given twice.".formatted(kind.field(), QuotedText.plain(value)));
      }
      given.add(new Given(object, kind, value));
    }

    private void checkDeletable(ClerkRequest request, Identifier kind) {
      JsonNode contact = state(request);
      if (contact == null) {
        return;
      }
      JsonNode links = contact.path("linked_to");
      if (!links.isEmpty() && !accountsDeleted) {
        refused(
            "a connected account (%s) uses %s; disconnect it first with clerk_user_external_account_delete."
                .formatted(
                    QuotedText.plain(links.get(0).path("type").asText()),
                    QuotedText.plain(contact.path(kind.field()).asText())));
        return;
      }
      if (contactsAdded) {
        return;
      }
      for (JsonNode user : targetUsers(request)) {
        ClerkUser owner = new ClerkUser(user);
        List<Contact> own = owner.contacts(kind);
        if (own.size() == 1
            && own.get(0).id().equals(contact.path("id").asText())
            && isOnlyIdentifier(user)) {
          refused("it is the user's last identifier; add another one first.");
        }
      }
    }

    private static boolean isOnlyIdentifier(JsonNode user) {
      int lists = 0;
      for (String list :
          List.of("email_addresses", "phone_numbers", "web3_wallets", "enterprise_accounts")) {
        lists += user.path(list).size();
      }
      return lists == 1 && !user.hasNonNull("username");
    }

    private List<JsonNode> targetUsers(ClerkRequest request) {
      try {
        return targets.target(request).users();
      } catch (ClerkException e) {
        return List.of();
      }
    }

    private @Nullable JsonNode state(ClerkRequest request) {
      try {
        return targets.target(request).state();
      } catch (ClerkException e) {
        return null;
      }
    }

    private @Nullable JsonNode read(ClerkRequest request, String path, ObjectNode arguments) {
      String lookup = path + " " + arguments;
      if (read.size() >= MAX_READS && !read.contains(lookup)) {
        readsTooMuch = true;
        return null;
      }
      read.add(lookup);
      return targets.find(request, path, arguments);
    }
  }

  /** An identifier that a request of the plan gives to a user or an invitation. */
  private record Given(String object, Identifier kind, String value) {
    boolean isSame(String other, Identifier otherKind, String otherValue) {
      return object.equals(other) && kind == otherKind && kind.same(value, otherValue);
    }
  }

  /** How many members and invitations an organization has, and how many it takes; 0: any number. */
  private static final class Room {
    private final String name;
    private final long most;
    private long taken;

    Room(String name, long most, long taken) {
      this.name = name;
      this.most = most;
      this.taken = taken;
    }
  }

  private static String name(@Nullable JsonNode organization) {
    return "organization "
        + QuotedText.name(organization == null ? "" : organization.path("name").asText());
  }
}
