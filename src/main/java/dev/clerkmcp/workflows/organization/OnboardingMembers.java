package dev.clerkmcp.workflows.organization;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.clerk.model.OrganizationRole;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.workflows.support.AddressHolder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is to come into an organization: its admin, and the others in the order in which they were
 * named. An address counts as a user's only where it is verified; anybody could claim another.
 */
record OnboardingMembers(OnboardingMember admin, List<OnboardingMember> members) {
  OnboardingMembers {
    members = List.copyOf(members);
  }

  /**
   * Finds out who of them is a user.
   *
   * @param admin a user ID or an email address
   * @throws InvalidArgumentsException if somebody is named so that nobody can be found or invited
   * @throws dev.clerkmcp.clerk.ClerkException if there is no user of that ID
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
    OnboardingMember first =
        adminUser == null
            ? newcomer(admin, OrganizationRole.ADMIN.key(), verified, claimed)
            : new OnboardingMember(
                findPrimaryAddress(adminUser), admin, OrganizationRole.ADMIN.key(), false);
    List<OnboardingMember> others = new ArrayList<>();
    for (OnboardedMember member : named.values()) {
      String role = member.role() == null ? OrganizationRole.MEMBER.key() : member.role();
      others.add(newcomer(member.emailAddress(), role, verified, claimed));
    }
    return new OnboardingMembers(first, others);
  }

  /** All of them, the admin first. */
  List<OnboardingMember> all() {
    List<OnboardingMember> all = new ArrayList<>(members);
    all.add(0, admin);
    return all;
  }

  /** The members by their addresses, each once. */
  private static Map<String, OnboardedMember> named(List<OnboardedMember> members) {
    Map<String, OnboardedMember> named = new LinkedHashMap<>();
    List<InvalidArgumentsException.Problem> problems = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      OnboardedMember member = members.get(i);
      String path = "members[%s].".formatted(i);
      EmailAddress address = EmailAddress.of(member.emailAddress());
      if (!address.isValid()) {
        problems.add(
            new InvalidArgumentsException.Problem(
                path + "email_address", "must be an email address"));
      }
      String role = member.role();
      if (role != null && role.isBlank()) {
        problems.add(new InvalidArgumentsException.Problem(path + "role", "must not be empty"));
      }
      OnboardedMember before = named.putIfAbsent(address.text(), member);
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

  private static OnboardingMember newcomer(
      String address, String role, Map<String, String> verified, Set<String> claimed) {
    String text = EmailAddress.of(address).text();
    String userId = verified.get(text);
    return new OnboardingMember(
        EmailAddress.trimmed(address), userId, role, userId == null && claimed.contains(text));
  }

  private static @Nullable String findPrimaryAddress(JsonNode user) {
    Contact primary = new ClerkUser(user).findPrimary(Identifier.EMAIL_ADDRESS);
    return primary == null ? null : primary.value();
  }
}
