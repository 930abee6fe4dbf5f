package dev.clerkmcp.sandbox.seed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Organizations, who belongs to them and who is invited; one has lost its last admin. */
final class SeedOrganizations {
  private static final long HOUR = Duration.ofHours(1).toMillis();

  private static final List<Plan> PLANS =
      List.of(
          new Plan("Aurora Robotics", "aurora-robotics", 610, 2, 22, 3, 50, "manufacturing"),
          new Plan("Blue Harbor Clinic", "blue-harbor", 480, 1, 11, 2, 25, "health"),
          new Plan("Mosaic Learning", "mosaic-learning", 390, 3, 36, 4, 0, "education"),
          new Plan("喫茶みどり", "kissa-midori", 200, 1, 5, 1, 10, "food"),
          // Full: four members and one invitation are all five seats.
          new Plan("Orchard & Daughters", "orchard-daughters", 120, 1, 3, 1, 5, "farming"),
          new Plan("Quiet Orbit", "quiet-orbit", 300, 0, 3, 0, 20, "aerospace"));

  private final HistoryBuilder past;
  private int invited;

  SeedOrganizations(HistoryBuilder past) {
    this.past = past;
  }

  /** Creates them with members from the users, the oldest organization first. */
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
    long created = past.daysAgo(plan.daysAgo());
    ObjectNode body =
        Json.object()
            .put("name", plan.name())
            .put("slug", plan.slug())
            .put("max_allowed_memberships", plan.seats());
    body.putObject("public_metadata").put("industry", plan.industry());
    body.putObject("private_metadata").put("billing_reference", "sandbox-org-" + plan.slug());
    Set<String> members = new HashSet<>();
    if (plan.admins() > 0) {
      String founder = anyone(users, members, created);
      body.put("created_by", founder);
      members.add(founder);
    }
    String id = past.call(created, "POST /organizations", body).path("id").asText();
    for (int i = 1; i < plan.admins(); i++) {
      join(id, anyone(users, members, past.present()), "org:admin", created, members);
    }
    for (int i = 0; i < plan.members(); i++) {
      join(id, anyone(users, members, past.present()), "org:member", created, members);
    }
    for (int i = 0; i < plan.invitations(); i++) {
      invite(id, i);
    }
  }

  /** A user who is no member yet and existed at the time; the oldest user if there is none. */
  private String anyone(List<String> users, Set<String> members, long time) {
    List<String> free =
        users.stream()
            .filter(user -> !members.contains(user))
            .filter(user -> createdAt(user) <= time)
            .toList();
    return free.isEmpty() ? users.get(0) : free.get(past.random().nextInt(free.size()));
  }

  private void join(String id, String user, String role, long created, Set<String> members) {
    members.add(user);
    long first = Math.max(created, createdAt(user)) + HOUR;
    long last = Math.max(first + 1, past.daysAgo(2));
    past.call(
        past.random().nextLong(first, last),
        "POST /organizations/{organization_id}/memberships",
        Json.object().put("user_id", user).put("role", role),
        id);
  }

  private void invite(String id, int number) {
    past.call(
        past.daysAgo(1 + 6 * number),
        "POST /organizations/{organization_id}/invitations",
        Json.object()
            .put("email_address", String.format(Locale.ROOT, "guest%02d@example.com", ++invited))
            .put("role", number == 2 ? "org:admin" : "org:member"),
        id);
  }

  private long createdAt(String user) {
    return past.table(ObjectKind.USER).get(user).path("created_at").asLong();
  }

  /**
   * What an organization is like.
   *
   * @param seats the most memberships, 0 for any number
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
