package dev.clerkmcp.sandbox.handlers.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionsTest {
  private final SandboxCalls calls = SandboxCalls.empty();
  private final Sessions sessions =
      new Sessions(new HandlerContext(SandboxCalls.CONTRACT, calls.store()));

  @Test
  void startsAnActiveSessionOfSevenDays() {
    String user = user("ada@example.com");

    JsonNode session = start(user);

    assertThat(session.path("status").asText()).isEqualTo("active");
    assertThat(session.path("user_id").asText()).isEqualTo(user);
    assertThat(session.path("expire_at").asLong() - session.path("created_at").asLong())
        .isEqualTo(Duration.ofDays(7).toMillis());
    assertThat(session.path("abandon_at").asLong())
        .isGreaterThan(session.path("expire_at").asLong());
    assertThat(session.path("last_active_organization_id").isNull()).isTrue();
    assertThat(calls.ok("GET /sessions/" + session.path("id").asText())).isEqualTo(session);
  }

  @Test
  void rejectsSessionsForUnknownAndBannedUsers() {
    String user = user("ada@example.com");
    calls.ok("POST /users/" + user + "/ban");

    assertThat(calls.call("POST", "/sessions", "{'user_id':'user_0'}").error())
        .isEqualTo("404 resource_not_found");
    assertThat(calls.call("POST", "/sessions", "{'user_id':'%s'}".formatted(user)).error())
        .isEqualTo("403 user_banned");
    assertThat(calls.store().table(ObjectKind.CLIENT).size()).isZero();
  }

  @Test
  void activeOrganizationNeedsMembership() {
    String user = user("ada@example.com");
    calls.store().table(ObjectKind.ORGANIZATION).add(Json.object().put("id", "org_1"));
    String body = "{'user_id':'%s','active_organization_id':'%s'}";

    assertThat(calls.call("POST", "/sessions", body.formatted(user, "org_0")).error())
        .isEqualTo("404 resource_not_found");
    assertThat(calls.call("POST", "/sessions", body.formatted(user, "org_1")).error())
        .isEqualTo("403 not_a_member_in_organization");

    calls
        .store()
        .table(ObjectKind.ORGANIZATION_MEMBERSHIP)
        .add(
            Json.object()
                .put("id", "orgmem_1")
                .put("organization_id", "org_1")
                .put("user_id", user));
    JsonNode session = calls.ok("POST /sessions", body.formatted(user, "org_1"));
    assertThat(session.path("last_active_organization_id").asText()).isEqualTo("org_1");
  }

  @Test
  void listNeedsAUserOrAClient() {
    assertThat(calls.call("GET", "/sessions").error()).isEqualTo("400 missing_query_parameter");
    assertThat(calls.call("GET", "/sessions?status=active").error())
        .isEqualTo("400 missing_query_parameter");
  }

  @Test
  void listFiltersAndStartsWithTheNewest() {
    String ada = user("ada@example.com");
    JsonNode first = start(ada);
    JsonNode second = start(ada);
    JsonNode other = start(user("grace@example.com"));
    revoke(first);

    assertThat(calls.ok("GET /sessions?user_id=" + ada).findValuesAsText("id"))
        .containsExactly(id(second), id(first));
    assertThat(calls.ok("GET /sessions?status=revoked&user_id=" + ada).findValuesAsText("id"))
        .containsExactly(id(first));
    assertThat(
            calls
                .ok("GET /sessions?client_id=" + other.path("client_id").asText())
                .findValuesAsText("id"))
        .containsExactly(id(other));
    assertThat(
            calls.ok(
                "GET /sessions?user_id=%s&client_id=%s"
                    .formatted(ada, other.path("client_id").asText())))
        .isEmpty();
    JsonNode page = calls.ok("GET /sessions?paginated=true&limit=1&offset=1&user_id=" + ada);
    assertThat(page.path("total_count").asInt()).isEqualTo(2);
    assertThat(page.path("data").findValuesAsText("id")).containsExactly(id(first));
  }

  @Test
  void sessionsExpireAtTheirTime() {
    JsonNode session = start(user("ada@example.com"));
    String path = "GET /sessions/" + id(session);
    long end = session.path("expire_at").asLong();

    calls.store().overrideTime(end - 1);
    assertThat(calls.ok(path).path("status").asText()).isEqualTo("active");
    calls.store().overrideTime(end);
    assertThat(calls.ok(path).path("status").asText()).isEqualTo("expired");
    String list = "GET /sessions?user_id=" + session.path("user_id").asText();
    assertThat(calls.ok(list + "&status=active")).isEmpty();
    assertThat(calls.ok(list + "&status=expired")).hasSize(1);
    assertThat(revoke(session).path("status").asText()).isEqualTo("expired");
  }

  @Test
  void revokingTwiceChangesNothing() {
    JsonNode session = start(user("ada@example.com"));

    JsonNode revoked = revoke(session);

    assertThat(revoked.path("status").asText()).isEqualTo("revoked");
    assertThat(revoke(session)).isEqualTo(revoked);
    assertThat(calls.call("POST", "/sessions/sess_0/revoke").error())
        .isEqualTo("404 resource_not_found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"active", "pending"})
  void revokesAllActiveAndPendingSessions(String status) {
    String user = user("ada@example.com");
    String id = id(start(user));
    String ended = id(start(user));
    calls.store().table(ObjectKind.SESSION).change(id, row -> row.put("status", status));
    calls.store().table(ObjectKind.SESSION).change(ended, row -> row.put("status", "ended"));
    String other = id(start(user("grace@example.com")));

    sessions.revokeAll(user);

    assertThat(status(id)).isEqualTo("revoked");
    assertThat(status(ended)).isEqualTo("ended");
    assertThat(status(other)).isEqualTo("active");
  }

  @Test
  void banRevokesSessions() {
    String user = user("ada@example.com");
    String id = id(start(user));

    calls.ok("POST /users/" + user + "/ban");

    assertThat(status(id)).isEqualTo("revoked");
  }

  @Test
  void removesSessionsWithTheirClients() {
    String user = user("ada@example.com");
    JsonNode session = start(user);
    JsonNode other = start(user("grace@example.com"));

    sessions.removeAll(user);

    assertThat(calls.call("GET", "/sessions/" + id(session)).status()).isEqualTo(404);
    assertThat(calls.call("GET", "/clients/" + session.path("client_id").asText()).status())
        .isEqualTo(404);
    assertThat(status(id(other))).isEqualTo("active");
    assertThat(calls.call("GET", "/clients/" + other.path("client_id").asText()).status())
        .isEqualTo(200);
  }

  private String user(String address) {
    return id(calls.ok("POST /users", "{'email_address':['%s']}".formatted(address)));
  }

  private JsonNode start(String user) {
    return calls.ok("POST /sessions", "{'user_id':'%s'}".formatted(user));
  }

  private JsonNode revoke(JsonNode session) {
    return calls.ok("POST /sessions/" + id(session) + "/revoke");
  }

  private String status(String id) {
    return calls.ok("GET /sessions/" + id).path("status").asText();
  }

  private static String id(JsonNode object) {
    return object.path("id").asText();
  }
}
