package dev.clerkmcp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls.Reply;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Checks what must hold after every request, through the API where possible. */
final class SandboxInvariants {
  private static final String ADMIN = "org:admin";

  private final SandboxCalls sandbox;
  private final Set<String> administered = new HashSet<>();
  private final Set<String> repeated = new HashSet<>();
  private int checks;

  SandboxInvariants(SandboxCalls sandbox) {
    this.sandbox = sandbox;
  }

  /**
   * Checks all invariants.
   *
   * @param step the last request; only the deletion of a user may leave an organization without an
   *     admin
   */
  void check(RandomRequests.Step step) {
    checks++;
    List<JsonNode> users = rows("/users?limit=500");
    List<JsonNode> organizations = rows("/organizations?limit=500&include_members_count=true");
    List<JsonNode> memberships = rows("/organization_memberships?limit=500");
    List<JsonNode> invitations = rows("/organization_invitations?limit=500");
    countsAgree(users);
    identifiersAreUnique(users);
    everythingHasItsOwner(users, organizations, memberships, invitations);
    organizationsKeepWithinBounds(organizations, memberships, invitations);
    boolean userDeleted = step.method().equals("DELETE") && step.path().matches("/users/[^/]*");
    organizationsKeepAdmin(memberships, userDeleted);
    sessionsEndWithBan(users);
    rememberRepeated(step.body());
    pendingInvitationsAreSingle(invitations);
  }

  private void countsAgree(List<JsonNode> users) {
    List<String> newestFirst = users.stream().map(user -> text(user, "id")).toList();
    assertThat(get("/users/count").path("total_count").asInt()).isEqualTo(users.size());
    int banned = get("/users/count?banned=true").path("total_count").asInt();
    int free = get("/users/count?banned=false").path("total_count").asInt();
    assertThat(banned + free).as("banned and not banned").isEqualTo(users.size());
    int size = 1 + Math.max(users.size() / 3, checks % 7);
    assertThat(walk(users.size(), ids -> "/users?limit=" + size + cursor(ids)))
        .as("by cursor, %s a page", size)
        .isEqualTo(newestFirst);
    assertThat(walk(users.size(), ids -> "/users?limit=%s&offset=%s".formatted(size, ids.size())))
        .as("by offset, %s a page", size)
        .isEqualTo(newestFirst);
  }

  private static String cursor(List<String> ids) {
    return ids.isEmpty() ? "" : "&starting_after=" + ids.get(ids.size() - 1);
  }

  /** Reads pages up to the first empty one, or until there are more rows than can exist. */
  private List<String> walk(int maxRows, Function<List<String>, String> next) {
    List<String> ids = new ArrayList<>();
    while (ids.size() <= maxRows) {
      List<JsonNode> page = rows(next.apply(ids));
      if (page.isEmpty()) {
        return ids;
      }
      page.forEach(user -> ids.add(text(user, "id")));
    }
    return ids;
  }

  private static void identifiersAreUnique(List<JsonNode> users) {
    List<String> all = new ArrayList<>();
    for (JsonNode user : users) {
      for (String field : List.of("username", "external_id")) {
        if (user.hasNonNull(field)) {
          all.add(field + " " + text(user, field).toLowerCase(Locale.ROOT));
        }
      }
      for (String field : List.of("email_address", "phone_number")) {
        String list = field.equals("phone_number") ? "phone_numbers" : "email_addresses";
        for (JsonNode item : user.path(list)) {
          if (ClerkUser.isProven(item)) {
            all.add(field + " " + text(item, field).toLowerCase(Locale.ROOT));
          }
        }
        String primary = text(user, "primary_%s_id".formatted(field));
        assertThat(user.path(list).findValuesAsText("id"))
            .as("the primary %s of %s is one of its own", field, user)
            .containsAll(
                user.hasNonNull("primary_%s_id".formatted(field)) ? List.of(primary) : List.of());
      }
    }
    assertThat(all).as("identifiers that name users").doesNotHaveDuplicates();
  }

  private void everythingHasItsOwner(
      List<JsonNode> users,
      List<JsonNode> organizations,
      List<JsonNode> memberships,
      List<JsonNode> invitations) {
    Set<String> userIds = new HashSet<>();
    users.forEach(user -> userIds.add(text(user, "id")));
    Set<String> organizationIds = new HashSet<>();
    organizations.forEach(organization -> organizationIds.add(text(organization, "id")));
    List<String> pairs = new ArrayList<>();
    for (JsonNode membership : memberships) {
      String user = membership.at("/public_user_data/user_id").asText();
      String organization = membership.at("/organization/id").asText();
      assertThat(userIds).as("the user of %s", membership).contains(user);
      assertThat(organizationIds).as("the organization of %s", membership).contains(organization);
      pairs.add(organization + " " + user);
    }
    assertThat(pairs).as("members, each once").doesNotHaveDuplicates();
    assertThat(sandbox.store().table(ObjectKind.ORGANIZATION_MEMBERSHIP).size())
        .as("memberships that are kept, of which all are listed")
        .isEqualTo(memberships.size());
    for (JsonNode invitation : invitations) {
      assertThat(organizationIds)
          .as("the organization of %s", invitation)
          .contains(text(invitation, "organization_id"));
    }
    Set<String> clients = ids(ObjectKind.CLIENT);
    for (JsonNode session : sandbox.store().table(ObjectKind.SESSION).rows()) {
      assertThat(userIds).as("the user of %s", session).contains(text(session, "user_id"));
      assertThat(clients).as("the client of %s", session).contains(text(session, "client_id"));
    }
  }

  private void organizationsKeepWithinBounds(
      List<JsonNode> organizations, List<JsonNode> memberships, List<JsonNode> invitations) {
    Map<String, Integer> members =
        count(memberships, membership -> membership.at("/organization/id").asText());
    Map<String, Integer> pending =
        count(
            invitations.stream().filter(SandboxInvariants::isPending).toList(),
            invitation -> text(invitation, "organization_id"));
    List<String> slugs = new ArrayList<>();
    for (JsonNode organization : organizations) {
      String id = text(organization, "id");
      slugs.add(text(organization, "slug").toLowerCase(Locale.ROOT));
      int joined = members.getOrDefault(id, 0);
      int invited = pending.getOrDefault(id, 0);
      int most = organization.path("max_allowed_memberships").asInt();
      assertThat(organization.path("members_count").asInt())
          .as("members_count of %s", organization)
          .isEqualTo(joined);
      assertThat(joined + invited)
          .as("members and pending invitations of %s", organization)
          .isLessThanOrEqualTo(most == 0 ? Integer.MAX_VALUE : most);
    }
    assertThat(slugs).as("slugs").doesNotHaveDuplicates();
  }

  private void organizationsKeepAdmin(List<JsonNode> memberships, boolean userDeleted) {
    Set<String> now = new HashSet<>();
    for (JsonNode membership : memberships) {
      if (text(membership, "role").equals(ADMIN)) {
        now.add(membership.at("/organization/id").asText());
      }
    }
    administered.retainAll(ids(ObjectKind.ORGANIZATION));
    if (!userDeleted) {
      assertThat(now).as("organizations that have an admin, as before").containsAll(administered);
    }
    administered.clear();
    administered.addAll(now);
  }

  private void sessionsEndWithBan(List<JsonNode> users) {
    for (JsonNode user : users) {
      if (user.path("banned").asBoolean()) {
        assertThat(get("/sessions?status=active&user_id=" + text(user, "id")))
            .as("active sessions of %s, who is banned", text(user, "id"))
            .isEmpty();
      }
    }
  }

  /** With ignore_existing, Clerk allows a second invitation to the same address. */
  private void rememberRepeated(@Nullable JsonNode body) {
    for (JsonNode one : body == null || !body.isArray() ? Json.array().add(body) : body) {
      if (one.path("ignore_existing").asBoolean()) {
        repeated.add(text(one, "email_address").toLowerCase(Locale.ROOT));
      }
    }
  }

  private void pendingInvitationsAreSingle(List<JsonNode> ofOrganizations) {
    List<String> addresses = new ArrayList<>();
    for (JsonNode invitation : ofOrganizations) {
      if (isPending(invitation)) {
        String address = text(invitation, "email_address").toLowerCase(Locale.ROOT);
        addresses.add(text(invitation, "organization_id") + " " + address);
      }
    }
    for (JsonNode invitation : rows("/invitations?limit=500&status=pending")) {
      String address = text(invitation, "email_address").toLowerCase(Locale.ROOT);
      addresses.addAll(repeated.contains(address) ? List.of() : List.of(address));
    }
    assertThat(addresses).as("addresses of pending invitations").doesNotHaveDuplicates();
  }

  private static Map<String, Integer> count(List<JsonNode> rows, Function<JsonNode, String> key) {
    Map<String, Integer> counts = new HashMap<>();
    rows.forEach(row -> counts.merge(key.apply(row), 1, Integer::sum));
    return counts;
  }

  private Set<String> ids(ObjectKind kind) {
    Set<String> ids = new HashSet<>();
    sandbox.store().table(kind).rows().forEach(row -> ids.add(text(row, "id")));
    return ids;
  }

  private List<JsonNode> rows(String path) {
    JsonNode answer = get(path);
    List<JsonNode> rows = new ArrayList<>();
    (answer.isArray() ? answer : answer.path("data")).forEach(rows::add);
    if (answer.has("total_count") && !path.contains("offset")) {
      assertThat(answer.path("total_count").asInt()).as(path).isEqualTo(rows.size());
    }
    return rows;
  }

  private JsonNode get(String path) {
    Reply reply = sandbox.send("GET", path, null);
    assertThat(reply.status()).as("GET %s: %s", path, reply.body()).isEqualTo(200);
    return reply.body();
  }

  private static boolean isPending(JsonNode invitation) {
    return text(invitation, "status").equals("pending");
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }
}
