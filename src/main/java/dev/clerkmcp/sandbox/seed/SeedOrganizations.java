package dev.clerkmcp.sandbox.seed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Seeds organizations with members and invitations; one organization has no admin. */
final class SeedOrganizations {
  private static final long HOUR = Duration.ofHours(1).toMillis();

  private static final List<Plan> PLANS =
      List.of(
          new Plan("Aurora Robotics", "aurora-robotics", 610, 2, 22, 3, 50, "manufacturing"),
          new Plan("Blue Harbor Clinic", "blue-harbor", 480, 1, 11, 2, 25, "health"),
          new Plan("Mosaic Learning", "mosaic-learning", 390, 3, 36, 4, 0, "education"),
          new Plan("喫茶みどり", "kissa-midori", 200, 1, 5, 1, 10, "food"),
          // Full: four members and one invitation take all five seats.
          new Plan("Orchard & Daughters", "orchard-daughters", 120, 1, 3, 1, 5, "farming"),
          new Plan("Quiet Orbit", "quiet-orbit", 300, 0, 3, 0, 20, "aerospace"));

  private final HistoryBuilder history;
  private int invited;

  SeedOrganizations(HistoryBuilder history) {
    this.history = history;
  }

  /** Creates the organizations with members from the users, the oldest organization first. */
  void create(List<String> users) {
    List<Plan> oldestFirst =
        PLANS.stream().sorted((a, b) -> Integer.compare(b.daysAgo(), a.daysAgo())).toList();
    for (Plan plan : oldestFirst) {
      if (users.size() >= plan.admins() + plan.members()) {
        create(plan, users);
      }
    }
  }

  private void create(Plan plan, List<String> users) {
    long created = history.daysAgo(plan.daysAgo());
    ObjectNode body =
        Json.object()
            .put("name", plan.name())
            .put("slug", plan.slug())
            .put("max_allowed_memberships", plan.seats());
    body.putObject("public_metadata").put("industry", plan.industry());
    body.putObject("private_metadata").put("billing_reference", "sandbox-org-" + plan.slug());
    Set<String> members = new HashSet<>();
    if (plan.admins() > 0) {
      String founder = randomUser(users, members, created);
      body.put("created_by", founder);
      members.add(founder);
    }
    String id = history.call(created, "POST /organizations", body).path("id").asText();
    for (int i = 1; i < plan.admins(); i++) {
      join(id, randomUser(users, members, history.present()), "org:admin", created, members);
    }
    for (int i = 0; i < plan.members(); i++) {
      join(id, randomUser(users, members, history.present()), "org:member", created, members);
    }
    for (int i = 0; i < plan.invitations(); i++) {
      invite(id, i);
    }
  }

  /** A random user who is not a member and existed at the time; the oldest user if none did. */
  private String randomUser(List<String> users, Set<String> members, long time) {
    List<String> free =
        users.stream()
            .filter(user -> !members.contains(user))
            .filter(user -> createdAt(user) <= time)
            .toList();
    return free.isEmpty() ? users.get(0) : free.get(history.random().nextInt(free.size()));
  }

  private void join(String id, String user, String role, long created, Set<String> members) {
    members.add(user);
    long first = Math.max(created, createdAt(user)) + HOUR;
    long last = Math.max(first + 1, history.daysAgo(2));
    history.call(
        history.random().nextLong(first, last),
        "POST /organizations/{organization_id}/memberships",
        Json.object().put("user_id", user).put("role", role),
        id);
  }

  private void invite(String id, int number) {
    history.call(
        history.daysAgo(1 + 6 * number),
        "POST /organizations/{organization_id}/invitations",
        Json.object()
            .put("email_address", String.format(Locale.ROOT, "guest%02d@example.com", ++invited))
            .put("role", number == 2 ? "org:admin" : "org:member"),
        id);
  }

  private long createdAt(String user) {
    return history.table(ObjectKind.USER).get(user).path("created_at").asLong();
  }

  /**
   * The properties of an organization.
   *
   * @param seats the maximum number of memberships, 0 for no limit
   */
  private record Plan(
      String name,
      String slug,
      int daysAgo,
      int admins,
      int members,
      int invitations,
      int seats,
      String industry) {}
}
