package dev.clerkmcp.workflows.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.tools.OrganizationInvitationTools;
import dev.clerkmcp.tools.OrganizationInvitationTools.OrganizationInvitationFilter;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.tools.OrganizationMembershipTools.MembershipFilter;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.workflows.organization.OrganizationOnboarding.OnboardedMember;
import dev.clerkmcp.workflows.support.AddressHolder;
import dev.clerkmcp.workflows.support.EmailList;
import dev.clerkmcp.workflows.support.Members;
import dev.clerkmcp.workflows.support.UserEmails;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The admin and members to bring into an organization, in the order in which they were given. Only
 * a verified address identifies a user, because anyone could add another person's address to their
 * own account.
 */
record OnboardingMembers(Member admin, List<Member> members) {
  private static final Pattern ADDRESS = Pattern.compile("[^\\s@]+@[^\\s@]+");

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
    if (!byId && !ADDRESS.matcher(admin).matches()) {
      throw InvalidArgumentsException.of(
          "admin", "must be a user ID (user_...) or an email address");
    }
    Map<String, OnboardedMember> named = named(members);
    Set<String> addresses = new HashSet<>(named.keySet());
    if (!byId) {
      addresses.add(EmailList.normal(admin));
    }
    JsonNode adminUser = byId ? users.get(admin) : null;
    Map<String, String> verified = new HashMap<>();
    Set<String> claimed = new HashSet<>();
    for (AddressHolder holder : AddressHolder.of(addresses.stream().sorted().toList(), users)) {
      if (holder.verified()) {
        verified.put(holder.address(), holder.userId());
      } else {
        claimed.add(holder.address());
      }
    }
    Member first =
        adminUser == null
            ? newcomer(admin, Member.ADMIN, verified, claimed)
            : new Member(findPrimaryAddress(adminUser), admin, Member.ADMIN, false);
    List<Member> others = new ArrayList<>();
    for (OnboardedMember member : named.values()) {
      String role = member.role() == null ? Member.MEMBER : member.role();
      others.add(newcomer(member.emailAddress(), role, verified, claimed));
    }
    return new OnboardingMembers(first, others);
  }

  /** The admin and the members. */
  List<Member> all() {
    List<Member> all = new ArrayList<>(members);
    all.add(0, admin);
    return all;
  }

  /** The members by address, without duplicates. */
  private static Map<String, OnboardedMember> named(List<OnboardedMember> members) {
    Map<String, OnboardedMember> named = new LinkedHashMap<>();
    List<InvalidArgumentsException.Problem> problems = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      OnboardedMember member = members.get(i);
      String path = "members[%s].".formatted(i);
      if (!ADDRESS.matcher(member.emailAddress()).matches()) {
        problems.add(
            new InvalidArgumentsException.Problem(
                path + "email_address", "must be an email address"));
      }
      String role = member.role();
      if (role != null && role.isBlank()) {
        problems.add(new InvalidArgumentsException.Problem(path + "role", "must not be empty"));
      }
      OnboardedMember before = named.putIfAbsent(EmailList.normal(member.emailAddress()), member);
      if (before != null && !String.valueOf(before.role()).equals(String.valueOf(role))) {
        problems.add(
            new InvalidArgumentsException.Problem(
                path + "role", "is another than the same address has before"));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidArgumentsException(problems);
    }
    return named;
  }

  private static Member newcomer(
      String address, String role, Map<String, String> verified, Set<String> claimed) {
    String key = EmailList.normal(address);
    String userId = verified.get(key);
    return new Member(address, userId, role, userId == null && claimed.contains(key));
  }

  private static @Nullable String findPrimaryAddress(JsonNode user) {
    JsonNode primary = UserEmails.findPrimary(user);
    return primary == null ? null : primary.path("email_address").asText();
  }

  /**
   * A person to bring into an organization.
   *
   * @param emailAddress null for a user without an address
   * @param userId null if there is no such user, so that an invitation is needed
   * @param unverified whether a user has the address without having verified it
   */
  record Member(
      @Nullable String emailAddress, @Nullable String userId, String role, boolean unverified) {
    static final String ADMIN = "org:admin";
    static final String MEMBER = "org:member";

    /** The row of a step about this person. */
    ObjectNode row(String step) {
      ObjectNode row = Json.object().put("step", step);
      if (emailAddress != null) {
        row.put("email_address", emailAddress);
      }
      if (userId != null) {
        row.put("user_id", userId);
      }
      row.put("role", role);
      if (unverified) {
        row.put("note", "A user has this address unverified, so it takes an invitation.");
      }
      return row;
    }

    /** Whether both have the same user ID or the same address. */
    boolean is(Member other) {
      boolean sameUser = userId != null && userId.equals(other.userId);
      return sameUser || (emailAddress != null && key().equals(other.key()));
    }

    /** The address in the one spelling that it is compared in; empty if there is none. */
    String key() {
      return emailAddress == null ? "" : EmailList.normal(emailAddress);
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

    /** A new organization, which has none. */
    static Existing ofNew(JsonNode organization) {
      return new Existing(organization, Map.of(), Map.of(), true);
    }

    /** Reads the members and pending invitations. */
    static Existing read(
        JsonNode organization,
        OnboardingMembers newcomers,
        OrganizationMembershipTools memberships,
        OrganizationInvitationTools invitations) {
      String id = organization.path("id").asText();
      Map<String, String> roles = new HashMap<>();
      List<String> userIds =
          newcomers.all().stream().map(Member::userId).filter(Objects::nonNull).distinct().toList();
      Members.of(id, userIds, memberships)
          .forEach((userId, row) -> roles.put(userId, row.path("role").asText()));
      Map<String, JsonNode> pending = new HashMap<>();
      List<JsonNode> rows =
          Pages.all(page -> invitations.list(id, OrganizationInvitationFilter.pending(null), page));
      rows.forEach(row -> pending.put(UserEmails.address(row), row));
      boolean empty =
          pending.isEmpty()
              && memberships.list(id, MembershipFilter.ALL, PageRequest.first(1)).data().isEmpty();
      return new Existing(organization, roles, pending, empty);
    }

    /**
     * Whether the organization is this admin's, so that people may be added: the admin leads it or
     * is invited to, or it is empty.
     */
    boolean isOf(Member admin) {
      String role = roles.get(String.valueOf(admin.userId()));
      if (role != null) {
        return role.equals(Member.ADMIN)
            || organization.path("created_by").asText().equals(admin.userId());
      }
      JsonNode invitation = invitations.get(admin.key());
      return empty || (invitation != null && invitation.path("role").asText().equals(admin.role()));
    }

    /** The row of a person who is a member or invited already; null otherwise. */
    @Nullable ObjectNode findRow(String step, Member newcomer) {
      ObjectNode row = newcomer.row(step).put("status", "already_there");
      String role = roles.get(String.valueOf(newcomer.userId()));
      if (role == null) {
        JsonNode invitation = invitations.get(newcomer.key());
        if (invitation == null) {
          return null;
        }
        role = invitation.path("role").asText();
        row.put("invitation_id", invitation.path("id").asText());
      }
      return role.equals(newcomer.role())
          ? row
          : row.put("role", role).put("asked_role", newcomer.role());
    }
  }
}
