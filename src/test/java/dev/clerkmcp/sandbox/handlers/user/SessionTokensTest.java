package dev.clerkmcp.sandbox.handlers.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.handlers.user.SessionTokens.SessionToken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Session tokens, and the clients that they stand for. */
final class SessionTokensTest {
  private final SandboxCalls calls = SandboxCalls.empty();
  private final JsonNode session = start();
  private final String path = "/sessions/" + session.path("id").asText();

  @Test
  void tokensAreMarkedAsSandboxTokens() {
    JsonNode token = calls.ok("POST " + path + "/tokens");

    assertThat(token.path("object").asText()).isEqualTo("token");
    assertThat(token.path("jwt").asText()).startsWith("sandbox.session_token.");
  }

  @Test
  void tokensExpireAfterAMinuteByDefault() {
    assertThat(lifetime(calls.ok("POST " + path + "/tokens"))).isEqualTo(60);
    assertThat(lifetime(calls.ok("POST " + path + "/tokens", "{'expires_in_seconds':600}")))
        .isEqualTo(600);
    assertThat(calls.call("POST", path + "/tokens", "{'expires_in_seconds':29}").error())
        .isEqualTo("422 form_param_value_invalid expires_in_seconds");
  }

  @Test
  void templateSetsTheLifetime() {
    calls.ok("POST /jwt_templates", "{'name':'warehouse','claims':{'aud':'x'},'lifetime':300}");

    assertThat(lifetime(calls.ok("POST " + path + "/tokens/warehouse"))).isEqualTo(300);
    assertThat(calls.call("POST", path + "/tokens/lighthouse").error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void endedSessionsGetNoTokens() {
    calls.ok("POST " + path + "/revoke");

    assertThat(calls.call("POST", path + "/tokens").error()).isEqualTo("404 resource_not_found");
    assertThat(calls.call("POST", "/sessions/sess_0/tokens").error())
        .isEqualTo("404 resource_not_found");
    assertThat(refresh(path, token(), "sandbox_refresh_token_1", "token").error())
        .isEqualTo("401 session_refresh_inactive_session");
  }

  @Test
  void refreshReturnsATokenOrACookie() {
    JsonNode token = refresh(path, token(), "sandbox_refresh_token_1", "token").body();
    assertThat(lifetime(token)).isEqualTo(60);

    JsonNode cookies = refresh(path, token(), "sandbox_refresh_token_1", "cookie").body();
    assertThat(cookies.path("object").asText()).isEqualTo("cookies");
    assertThat(cookies.at("/cookies/0").asText()).startsWith("__session=sandbox.session_token.");
  }

  @ParameterizedTest
  @CsvSource({
    "eyJhbGciOiJub25lIn0.e30.x, sandbox_refresh_token_1, 401 expired_session_token_invalid",
    "sandbox.session_token.sess_0-1, sandbox_refresh_token_1, 401 refresh_sid_mismatch",
    "%s, another_token, 401 refresh_token_not_found"
  })
  void refreshRefusesInvalidTokens(String expired, String refreshToken, String error) {
    assertThat(refresh(path, expired.formatted(token()), refreshToken, "token").error())
        .isEqualTo(error);
  }

  @Test
  void refreshNeedsAnActiveSession() {
    String gone = "sandbox.session_token.sess_0-1";

    assertThat(refresh("/sessions/sess_0", gone, "sandbox_refresh_token_1", "token").error())
        .isEqualTo("401 session_refresh_session_not_found");
  }

  @Test
  void clientsShowTheirSessions() {
    String id = session.path("id").asText();

    JsonNode client = calls.ok("GET /clients/" + session.path("client_id").asText());

    assertThat(client.path("sessions").path(0)).isEqualTo(session);
    assertThat(client.at("/session_ids/0").asText()).isEqualTo(id);
    assertThat(client.path("last_active_session_id").asText()).isEqualTo(id);
    calls.ok("POST " + path + "/revoke");
    JsonNode after = calls.ok("GET /clients/" + session.path("client_id").asText());
    assertThat(after.at("/sessions/0/status").asText()).isEqualTo("revoked");
    assertThat(after.path("last_active_session_id").isNull()).isTrue();
  }

  @Test
  void listOfClientsStartsWithTheNewest() {
    JsonNode second = start("grace@example.com");

    JsonNode clients = calls.ok("GET /clients?paginated=true");

    assertThat(clients.path("total_count").asInt()).isEqualTo(2);
    assertThat(clients.at("/data/0/id")).isEqualTo(second.path("client_id"));
    assertThat(calls.ok("GET /clients?limit=1")).hasSize(1);
  }

  @Test
  void verifiesTokensUntilTheyExpire() {
    String body = "{'token':'%s'}".formatted(token());

    JsonNode client = calls.ok("POST /clients/verify", body);

    assertThat(client.path("id")).isEqualTo(session.path("client_id"));
    calls.store().overrideTime(calls.store().now() + 60_000);
    assertThat(calls.call("POST", "/clients/verify", body).error())
        .isEqualTo("400 invalid_session_token");
  }

  @Test
  void rejectsOtherTokens() {
    assertThat(calls.call("POST", "/clients/verify", "{'token':'a.b.c'}").error())
        .isEqualTo("400 invalid_session_token");
    assertThat(
            calls
                .call(
                    "POST",
                    "/clients/verify",
                    "{'token':'sandbox.session_token.sess_0-9999999999'}")
                .error())
        .isEqualTo("404 resource_not_found");
  }

  private JsonNode start() {
    return start("ada@example.com");
  }

  private JsonNode start(String address) {
    JsonNode user = calls.ok("POST /users", "{'email_address':['%s']}".formatted(address));
    return calls.ok("POST /sessions", "{'user_id':'%s'}".formatted(user.path("id").asText()));
  }

  private String token() {
    return new SessionToken(session.path("id").asText(), calls.store().now() / 1000 + 60).text();
  }

  private SandboxCalls.Reply refresh(
      String sessionPath, String expired, String refreshToken, String format) {
    return calls.call(
        "POST",
        sessionPath + "/refresh",
        ("{'expired_token':'%s','refresh_token':'%s',"
                + "'request_origin':'https://x.example','format':'%s'}")
            .formatted(expired, refreshToken, format));
  }

  private long lifetime(JsonNode answer) {
    SessionToken token = SessionToken.find(answer.path("jwt").asText());
    assertThat(token).isNotNull();
    assertThat(token.sessionId()).isEqualTo(session.path("id").asText());
    return token.expiresAt() - calls.store().now() / 1000;
  }
}
