package dev.clerkmcp.sandbox.handlers.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.handlers.support.Jwts;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.Objects;
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
    assertThat(token.path("jwt").asText()).startsWith("eyJ");
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
    assertThat(cookies.at("/cookies/0").asText()).startsWith("__session=eyJ");
  }

  @ParameterizedTest
  @CsvSource({
    "eyJhbGciOiJub25lIn0.e30.x, sandbox_refresh_token_1, 401 expired_session_token_invalid",
    "OTHER, sandbox_refresh_token_1, 401 refresh_sid_mismatch",
    "%s, another_token, 401 refresh_token_not_found"
  })
  void refreshRefusesInvalidTokens(String expired, String refreshToken, String error) {
    String token = expired.equals("OTHER") ? signed("sess_0", -1) : expired.formatted(token());
    assertThat(refresh(path, token, refreshToken, "token").error()).isEqualTo(error);
  }

  @Test
  void refreshNeedsAnActiveSession() {
    String gone = signed("sess_0", -1);

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
                .call("POST", "/clients/verify", "{'token':'%s'}".formatted(signed("sess_0", 60)))
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
    return signed(session.path("id").asText(), 60);
  }

  private String signed(String sessionId, long seconds) {
    return new Jwts(calls.store().seed())
        .sign(
            Json.object().put("sid", sessionId).put("exp", calls.store().now() / 1000 + seconds),
            Jwts.SESSION);
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
    return claims(answer).path("exp").asLong() - calls.store().now() / 1000;
  }

  private JsonNode claims(JsonNode answer) {
    JsonNode claims = new Jwts(calls.store().seed()).findClaims(answer.path("jwt").asText());
    return Objects.requireNonNull(claims);
  }

  @Test
  void tokensTellWhoseTheyAre() {
    String user = session.path("user_id").asText();
    String acme =
        calls
            .ok(
                "POST /organizations",
                "{'name':'Acme','slug':'acme','created_by':'%s'}".formatted(user))
            .path("id")
            .asText();
    JsonNode active =
        calls.ok(
            "POST /sessions",
            "{'user_id':'%s','active_organization_id':'%s'}".formatted(user, acme));
    JsonNode claims =
        claims(calls.ok("POST /sessions/%s/tokens".formatted(active.path("id").asText())));
    assertThat(claims.path("sub").asText()).isEqualTo(user);
    assertThat(claims.path("sid")).isEqualTo(active.path("id"));
    assertThat(claims.path("org_id").asText()).isEqualTo(acme);
    assertThat(claims.path("org_slug").asText()).isEqualTo("acme");
    assertThat(claims.path("org_role").asText()).isEqualTo("org:admin");
    assertThat(claims.path("sts").asText()).isEqualTo("active");
  }

  @Test
  void shortcodesOfTemplatesAreFilledIn() {
    String user = session.path("user_id").asText();
    calls.ok("PATCH /users/" + user + "/metadata", "{'public_metadata':{'plan':{'seats':3}}}");
    calls.ok(
        "POST /jwt_templates",
        "{'name':'api','claims':{'aud':'x','seats':'{{user.public_metadata.plan.seats}}',"
            + "'who':'mail {{user.primary_email_address}}','none':'{{org.role}}',"
            + "'first':'{{user.first_name || user.username || user.banned}}','list':['{{user.id}}']}}");
    JsonNode claims = claims(calls.ok("POST " + path + "/tokens/api"));
    assertThat(claims.path("aud").asText()).isEqualTo("x");
    assertThat(claims.path("seats").isInt()).isTrue();
    assertThat(claims.path("who").asText()).isEqualTo("mail ada@example.com");
    assertThat(claims.path("none").isNull()).isTrue();
    assertThat(claims.path("first").isBoolean()).isTrue();
    assertThat(claims.at("/list/0").asText()).isEqualTo(user);
    assertThat(claims.has("sid")).isFalse();
  }

  /** Libraries verify by the published key alone. */
  @Test
  void publishedKeyVerifiesTokens() throws Exception {
    JsonNode key = calls.ok("GET /jwks").at("/keys/0");
    Base64.Decoder decoder = Base64.getUrlDecoder();
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(
        KeyFactory.getInstance("RSA")
            .generatePublic(
                new RSAPublicKeySpec(
                    new BigInteger(1, decoder.decode(key.path("n").asText())),
                    new BigInteger(1, decoder.decode(key.path("e").asText())))));
    String token = calls.ok("POST " + path + "/tokens").path("jwt").asText();
    int end = token.lastIndexOf('.');
    signature.update(token.substring(0, end).getBytes(StandardCharsets.US_ASCII));
    assertThat(signature.verify(decoder.decode(token.substring(end + 1)))).isTrue();
  }
}
