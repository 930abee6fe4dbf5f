package dev.clerkmcp.workflows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Given;
import dev.clerkmcp.registry.InvalidArguments;
import dev.clerkmcp.tools.Page;
import dev.clerkmcp.tools.UserTools;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who is to come into an organization: its admin, and the others in the order in which they were
 * named. An address counts as a user's only where it is verified; anybody could claim another.
 */
record Newcomers(Newcomer admin, List<Newcomer> members) {
  /** The most values of one query parameter that Clerk takes. */
  private static final int MOST_VALUES = 100;

  private static final Pattern ADDRESS = Pattern.compile("[^\\s@]+@[^\\s@]+");

  Newcomers {
    members = List.copyOf(members);
  }

  /**
   * Finds out who of them is a user.
   *
   * @param admin a user ID or an email address
   * @throws InvalidArguments if somebody is named so that nobody can be found or invited
   * @throws dev.clerkmcp.clerk.ClerkException if there is no user of that ID
   */
  static Newcomers find(UserTools users, String admin, List<OnboardedMember> members) {
    boolean byId = admin.startsWith("user_");
    if (!byId && !ADDRESS.matcher(admin).matches()) {
      throw InvalidArguments.of("admin", "must be a user ID (user_...) or an email address");
    }
    Map<String, OnboardedMember> named = named(members);
    Set<String> addresses = new HashSet<>(named.keySet());
    if (!byId) {
      addresses.add(Newcomer.key(admin));
    }
    JsonNode adminUser = byId ? users.get(admin) : null;
    Map<String, String> verified = new HashMap<>();
    Set<String> claimed = new HashSet<>();
    look(users, List.copyOf(addresses), verified, claimed);
    Newcomer first =
        adminUser == null
            ? newcomer(admin, Newcomer.ADMIN, verified, claimed)
            : new Newcomer(primaryAddress(adminUser), admin, Newcomer.ADMIN, false);
    List<Newcomer> others = new ArrayList<>();
    for (OnboardedMember member : named.values()) {
      String role = member.role() == null ? Newcomer.MEMBER : member.role();
      others.add(newcomer(member.emailAddress(), role, verified, claimed));
    }
    return new Newcomers(first, others);
  }

  /** All of them, the admin first. */
  List<Newcomer> all() {
    List<Newcomer> all = new ArrayList<>(members);
    all.add(0, admin);
    return all;
  }

  /** The members by their addresses, each once. */
  private static Map<String, OnboardedMember> named(List<OnboardedMember> members) {
    Map<String, OnboardedMember> named = new LinkedHashMap<>();
    List<InvalidArguments.Problem> problems = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      OnboardedMember member = members.get(i);
      String path = "members[%d].".formatted(i);
      if (!ADDRESS.matcher(member.emailAddress()).matches()) {
        problems.add(
            new InvalidArguments.Problem(path + "email_address", "must be an email address"));
      }
      String role = member.role();
      if (role != null && role.isBlank()) {
        problems.add(new InvalidArguments.Problem(path + "role", "must not be empty"));
      }
      OnboardedMember before = named.putIfAbsent(Newcomer.key(member.emailAddress()), member);
      if (before != null && !String.valueOf(before.role()).equals(String.valueOf(role))) {
        problems.add(
            new InvalidArguments.Problem(
                path + "role", "is another than the same address has before"));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidArguments(problems);
    }
    return named;
  }

  /** Sorts the addresses that users have into those that are theirs and those they only claim. */
  private static void look(
      UserTools users, List<String> addresses, Map<String, String> verified, Set<String> claimed) {
    for (int start = 0; start < addresses.size(); start += MOST_VALUES) {
      List<String> part = addresses.subList(start, Math.min(start + MOST_VALUES, addresses.size()));
      ObjectNode filter = Json.object();
      ArrayNode values = filter.putArray("email_address");
      part.stream().sorted().forEach(values::add);
      Page page = new Page(EveryPage.LARGEST, null);
      for (JsonNode user : users.list(new Given<>(filter), page, null, null).data()) {
        for (JsonNode address : user.path("email_addresses")) {
          String key = Newcomer.key(address.path("email_address").asText());
          if (!part.contains(key)) {
            continue; // the user's other ones
          }
          if (address.path("verification").path("status").asText().equals("verified")) {
            verified.put(key, user.path("id").asText());
          } else {
            claimed.add(key);
          }
        }
      }
    }
  }

  private static Newcomer newcomer(
      String address, String role, Map<String, String> verified, Set<String> claimed) {
    String key = Newcomer.key(address);
    String userId = verified.get(key);
    return new Newcomer(address, userId, role, userId == null && claimed.contains(key));
  }

  private static @Nullable String primaryAddress(JsonNode user) {
    JsonNode primary = user.path("primary_email_address_id");
    for (JsonNode address : user.path("email_addresses")) {
      if (address.path("id").equals(primary)) {
        return address.path("email_address").asText();
      }
    }
    return null;
  }
}
