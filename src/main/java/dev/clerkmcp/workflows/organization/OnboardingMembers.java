package dev.clerkmcp.workflows.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Flag;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.clerk.model.OrganizationRole;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.tools.OrganizationInvitationTools;
import dev.clerkmcp.tools.OrganizationInvitationTools.OrganizationInvitationFilter;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.tools.OrganizationMembershipTools.MembershipFilter;
import dev.clerkmcp.tools.OrganizationMembershipWorkflows;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.workflows.organization.OrganizationOnboarding.OnboardedMember;
import dev.clerkmcp.workflows.support.AddressOwners;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The admin and members to bring into an organization, in the order in which they were given. */
record OnboardingMembers(Member admin, List<Member> members) {
  private static final String BANNED = "Every sign-in is refused until clerk_user_unban.";

  OnboardingMembers {
    members = List.copyOf(members);
  }

  /**
   * Finds which of them are users.
   *
   * @param admin a user ID or an email address
   * @throws InvalidArgumentsException if an address or role is invalid, or an address has two roles
   * @throws dev.clerkmcp.clerk.ClerkException if no user has the admin's ID
   */
  static OnboardingMembers find(UserTools users, String admin, List<OnboardedMember> members) {
    boolean byId = admin.startsWith("user_");
    if (!byId && !EmailAddress.of(admin).isValid()) {
      throw InvalidArgumentsException.of(
          "admin", "must be a user ID (user_...) or an email address");
    }
    Map<String, OnboardedMember> named = named(members);
    Set<String> addresses = new HashSet<>(named.keySet());
    if (!byId) {
      addresses.add(EmailAddress.of(admin).text());
    }
    ClerkUser adminUser = byId ? new ClerkUser(users.get(admin)) : null;
    AddressOwners owners = AddressOwners.of(addresses.stream().sorted().toList(), users);
    Member first =
        adminUser == null
            ? member(admin, OrganizationRole.ADMIN.key(), owners)
            : new Member(
                findPrimaryAddress(adminUser), adminUser, OrganizationRole.ADMIN.key(), false);
    List<Member> others = new ArrayList<>();
    for (OnboardedMember member : named.values()) {
      String role = member.role() == null ? OrganizationRole.MEMBER.key() : member.role();
      others.add(member(member.emailAddress(), role, owners));
    }
    return new OnboardingMembers(first, others);
  }

  /** The admin and the members. */
  List<Member> all() {
    List<Member> all = new ArrayList<>(members);
    all.add(0, admin);
    return all;
  }

  /** Adds to the plan who is banned: a banned admin or member could not use the organization. */
  void warn() {
    for (Member member : all()) {
      ClerkUser user = member.user();
      if (member.isBanned() && user != null) {
        String name = user.name().isEmpty() ? "" : " (" + QuotedText.name(user.name()) + ")";
        Invocation.current()
            .warn("%s%s is banned. %s".formatted(QuotedText.plain(user.id()), name, BANNED));
      }
    }
  }

  /** The members by address, without duplicates. */
  private static Map<String, OnboardedMember> named(List<OnboardedMember> members) {
    Map<String, OnboardedMember> named = new LinkedHashMap<>();
    List<InvalidArgumentsException.Problem> problems = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      OnboardedMember member = members.get(i);
      String path = "members[%s].".formatted(i);
      EmailAddress address = EmailAddress.of(member.emailAddress());
      String role = member.role();
      OnboardedMember before = named.putIfAbsent(address.text(), member);
      if (before != null && !String.valueOf(before.role()).equals(String.valueOf(role))) {
        problems.add(
            new InvalidArgumentsException.Problem(
                path + "role", "differs from the role of the same address before"));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidArgumentsException(problems);
    }
    return named;
  }

  private static Member member(String address, String role, AddressOwners owners) {
    String text = EmailAddress.of(address).text();
    return new Member(
        EmailAddress.trimmed(address),
        owners.users().get(text),
        role,
        owners.claimed().contains(text));
  }

  /** An unproven address is left out: an invitation to it may be another person's. */
  private static @Nullable String findPrimaryAddress(ClerkUser user) {
    Contact primary = user.findPrimary(Identifier.EMAIL_ADDRESS);
    return primary == null || !primary.isProven() ? null : primary.value();
  }

  /**
   * A person to bring into an organization.
   *
   * @param emailAddress null for a user without a proven address
   * @param user null if the address is no user's, so that an invitation is needed
   * @param unverified whether a user has the address without having verified it
   */
  record Member(
      @Nullable String emailAddress, @Nullable ClerkUser user, String role, boolean unverified) {
    /** The user's ID; null without a user. */
    @Nullable String userId() {
      return user == null ? null : user.id();
    }

    boolean isBanned() {
      return user != null && user.is(Flag.BANNED);
    }

    /** The row of a step about this person. */
    ObjectNode row(String step) {
      ObjectNode row = Json.object().put("step", step);
      if (emailAddress != null) {
        row.put("email_address", emailAddress);
      }
      if (user != null) {
        row.put("user_id", user.id());
      }
      row.put("role", role);
      if (isBanned()) {
        row.put("warning", "The user is banned. " + BANNED);
      }
      if (unverified) {
        row.put(
            "note", "A user has this address but has not verified it, so an invitation is needed.");
      }
      return row;
    }

    /** Whether both have the same user ID or the same address. */
    boolean is(Member other) {
      boolean sameUser = user != null && user.id().equals(other.userId());
      return sameUser || (emailAddress != null && key().equals(other.key()));
    }

    /** The address in the form of {@link EmailAddress}; empty without an address. */
    String key() {
      return emailAddress == null ? "" : EmailAddress.of(emailAddress).text();
    }
  }

  /**
   * The members and pending invitations that an organization already has.
   *
   * @param organization as Clerk returns it
   * @param roles the roles of those to bring in who are members already, by user ID
   * @param invitations the pending invitations, by address
   * @param empty whether it has neither members nor pending invitations
   */
  record Existing(
      JsonNode organization,
      Map<String, String> roles,
      Map<String, JsonNode> invitations,
      boolean empty) {
    Existing {
      roles = Map.copyOf(roles);
      invitations = Map.copyOf(invitations);
    }

    /** A new organization, which has no members or invitations. */
    static Existing ofNew(JsonNode organization) {
      return new Existing(organization, Map.of(), Map.of(), true);
    }

    /** Reads the members and pending invitations. */
    static Existing read(
        JsonNode organization,
        OnboardingMembers people,
        OrganizationMembershipTools memberships,
        OrganizationInvitationTools invitations) {
      String id = organization.path("id").asText();
      Map<String, String> roles = new HashMap<>();
      List<String> userIds =
          people.all().stream().map(Member::userId).filter(Objects::nonNull).distinct().toList();
      OrganizationMembershipWorkflows.members(id, userIds, memberships)
          .forEach((userId, row) -> roles.put(userId, row.path("role").asText()));
      Map<String, JsonNode> pending = new HashMap<>();
      List<JsonNode> rows =
          Pages.all(page -> invitations.list(id, OrganizationInvitationFilter.pending(null), page));
      rows.forEach(row -> pending.put(EmailAddress.in(row).text(), row));
      boolean empty =
          pending.isEmpty()
              && memberships.list(id, MembershipFilter.ALL, PageRequest.first(1)).data().isEmpty();
      return new Existing(organization, roles, pending, empty);
    }

    /**
     * Whether people may be added to the organization because it is this admin's: the admin manages
     * it or is invited to manage it, or it is empty.
     */
    boolean isOf(Member admin) {
      String role = roles.get(String.valueOf(admin.userId()));
      if (role != null) {
        return OrganizationRole.of(role).equals(OrganizationRole.ADMIN)
            || organization.path("created_by").asText().equals(admin.userId());
      }
      JsonNode invitation = invitations.get(admin.key());
      return empty || (invitation != null && invitation.path("role").asText().equals(admin.role()));
    }

    /** The row of a person who is a member or invited already; null otherwise. */
    @Nullable ObjectNode findRow(String step, Member member) {
      ObjectNode row = member.row(step).put("status", "already_there");
      String role = roles.get(String.valueOf(member.userId()));
      if (role == null) {
        JsonNode invitation = invitations.get(member.key());
        if (invitation == null) {
          return null;
        }
        role = invitation.path("role").asText();
        row.put("invitation_id", invitation.path("id").asText());
      }
      return role.equals(member.role())
          ? row
          : row.put("role", role).put("asked_role", member.role());
    }
  }
}
