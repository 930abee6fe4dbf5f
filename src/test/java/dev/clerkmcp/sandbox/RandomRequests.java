package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Creates random requests from a seed and the state of a sandbox. Names come from small pools, so
 * that they collide, and one id in twenty is unknown.
 */
final class RandomRequests {
  private static final List<String> NAMES =
      List.of(
          "ada", "bob", "cleo", "dora", "emil", "fay", "gus", "hal", "ida", "jon", "kim", "lea");

  private static final String ORGANIZATIONS = "/organizations/";

  private final SandboxCalls sandbox;
  private final SplittableRandom random;
  private final List<Factory> factories = new ArrayList<>();

  RandomRequests(SandboxCalls sandbox, long seed) {
    this.sandbox = sandbox;
    this.random = new SplittableRandom(seed);
    add(12, this::createUser);
    add(4, this::updateUser);
    add(3, () -> step("DELETE", "/users/" + user(), null));
    add(6, this::stateOfUser);
    add(1, () -> step("POST", "/users/ban", users()));
    add(1, () -> step("POST", "/users/unban", users()));
    add(8, this::changeEmail);
    add(5, this::createOrganization);
    add(4, this::updateOrganization);
    add(2, () -> step("DELETE", ORGANIZATIONS + organization(), null));
    add(14, this::join);
    add(8, this::changeRole);
    add(5, () -> step("DELETE", membership(), null));
    add(10, this::inviteToOrganization);
    add(4, this::revokeFromOrganization);
    add(6, this::invite);
    add(
        3,
        () -> step("POST", "/invitations/%s/revoke".formatted(any(ObjectKind.INVITATION)), null));
    add(6, () -> step("POST", "/sessions", Json.object().put("user_id", user())));
    add(3, () -> step("POST", "/sessions/%s/revoke".formatted(any(ObjectKind.SESSION)), null));
    add(2, this::restartAfterDays);
  }

  Step next() {
    return factories.get(random.nextInt(factories.size())).create();
  }

  private void add(int weight, Factory factory) {
    for (int i = 0; i < weight; i++) {
      factories.add(factory);
    }
  }

  private Step createUser() {
    ObjectNode body = Json.object();
    ArrayNode emails = body.putArray("email_address").add(email());
    if (chance(4)) {
      emails.add(email());
    }
    if (chance(3)) {
      body.putArray("phone_number")
          .add(String.format(Locale.ROOT, "+1202555%04d", random.nextInt(12)));
    }
    if (chance(2)) {
      body.put("username", cased(name() + "_name"));
    }
    if (chance(4)) {
      body.put("external_id", "external-" + random.nextInt(10));
    }
    if (chance(10)) {
      body.put("banned", true);
    }
    return step("POST", "/users", body);
  }

  private Step updateUser() {
    ObjectNode body = Json.object();
    switch (random.nextInt(4)) {
      case 0 -> body.put("username", cased(name() + "_name"));
      case 1 -> body.putNull("username");
      case 2 -> body.put("external_id", "external-" + random.nextInt(10));
      default -> body.put("primary_email_address_id", emailId());
    }
    return step("PATCH", "/users/" + user(), body);
  }

  private Step stateOfUser() {
    String state = List.of("ban", "unban", "lock", "unlock").get(random.nextInt(4));
    return step("POST", "/users/%s/%s".formatted(user(), state), null);
  }

  private Step changeEmail() {
    ObjectNode body = Json.object();
    return switch (random.nextInt(4)) {
      case 0 -> {
        body.put("user_id", user()).put("email_address", email());
        yield step(
            "POST", "/email_addresses", body.put("verified", chance(2)).put("primary", chance(3)));
      }
      case 1 -> step("PATCH", "/email_addresses/" + emailId(), body.put("primary", true));
      case 2 -> step("DELETE", "/email_addresses/" + emailId(), null);
      default ->
          step(
              "PUT",
              "/users/%s/email_address".formatted(user()),
              body.put("email_address", email()));
    };
  }

  private Step createOrganization() {
    ObjectNode body = Json.object().put("name", cased(name()) + " Works");
    if (chance(2)) {
      body.put("created_by", user());
    }
    if (chance(2)) {
      body.put("slug", name() + "-works");
    }
    if (chance(2)) {
      body.put("max_allowed_memberships", random.nextInt(5));
    }
    return step("POST", "/organizations", body);
  }

  /** Never lowers the maximum: Clerk does not document what happens to members above it. */
  private Step updateOrganization() {
    ObjectNode body = Json.object();
    switch (random.nextInt(3)) {
      case 0 -> body.put("slug", name() + "-works");
      case 1 -> body.put("max_allowed_memberships", 30);
      default -> body.put("name", name() + " Labs");
    }
    return step("PATCH", ORGANIZATIONS + organization(), body);
  }

  private Step join() {
    ObjectNode body = Json.object().put("user_id", user()).put("role", role());
    return step("POST", ORGANIZATIONS + organization() + "/memberships", body);
  }

  private Step changeRole() {
    return step("PATCH", membership(), Json.object().put("role", role()));
  }

  private Step inviteToOrganization() {
    String path = ORGANIZATIONS + organization() + "/invitations";
    if (chance(4)) {
      return step("POST", path + "/bulk", Json.array().add(invitation()).add(invitation()));
    }
    return step("POST", path, invitation());
  }

  private ObjectNode invitation() {
    return Json.object().put("email_address", email()).put("role", role());
  }

  private Step revokeFromOrganization() {
    String invitation = any(ObjectKind.ORGANIZATION_INVITATION);
    ObjectNode row = sandbox.store().table(ObjectKind.ORGANIZATION_INVITATION).find(invitation);
    String organization = row == null ? organization() : row.path("organization_id").asText();
    return step(
        "POST",
        "%s%s/invitations/%s/revoke".formatted(ORGANIZATIONS, organization, invitation),
        null);
  }

  private Step invite() {
    ObjectNode one = Json.object().put("email_address", email());
    if (chance(3)) {
      one.put("ignore_existing", true);
    }
    if (chance(4)) {
      ObjectNode other = Json.object().put("email_address", email());
      return step("POST", "/invitations/bulk", Json.array().add(one).add(other));
    }
    return step("POST", "/invitations", one);
  }

  private Step restartAfterDays() {
    return new Step("RESTART", Duration.ofDays(1 + random.nextInt(9)).toString(), null);
  }

  private static Step step(String method, String path, @Nullable JsonNode body) {
    return new Step(method, path, body);
  }

  private ObjectNode users() {
    ObjectNode body = Json.object();
    body.putArray("user_ids").add(user()).add(user());
    return body;
  }

  private String membership() {
    List<ObjectNode> rows =
        List.copyOf(sandbox.store().table(ObjectKind.ORGANIZATION_MEMBERSHIP).rows());
    if (rows.isEmpty() || chance(20)) {
      return ORGANIZATIONS + organization() + "/memberships/" + user();
    }
    ObjectNode row = rows.get(random.nextInt(rows.size()));
    return "%s%s/memberships/%s"
        .formatted(
            ORGANIZATIONS, row.path("organization_id").asText(), row.path("user_id").asText());
  }

  private String user() {
    return any(ObjectKind.USER);
  }

  private String organization() {
    return any(ObjectKind.ORGANIZATION);
  }

  private String emailId() {
    List<String> ids =
        sandbox.store().table(ObjectKind.USER).stream()
            .flatMap(u -> StreamSupport.stream(u.path("email_addresses").spliterator(), false))
            .map(address -> address.path("id").asText())
            .toList();
    return ids.isEmpty() || chance(20) ? "idn_unknown" : ids.get(random.nextInt(ids.size()));
  }

  private String any(ObjectKind kind) {
    List<ObjectNode> rows = List.copyOf(sandbox.store().table(kind).rows());
    return rows.isEmpty() || chance(20)
        ? kind.prefix() + "unknown"
        : rows.get(random.nextInt(rows.size())).path("id").asText();
  }

  private String role() {
    return chance(20) ? "org:unknown" : chance(2) ? "org:admin" : "org:member";
  }

  private String email() {
    return cased(name() + (chance(2) ? "" : random.nextInt(3)) + "@example.com");
  }

  private String name() {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  private String cased(String text) {
    return chance(4) ? text.toUpperCase(Locale.ROOT) : text;
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  @FunctionalInterface
  private interface Factory {
    Step create();
  }

  /** A request; or a restart, with the method RESTART and the time that passes as its path. */
  record Step(String method, String path, @Nullable JsonNode body) {
    @Override
    public String toString() {
      return method + " " + path + (body == null ? "" : " " + body);
    }
  }
}
