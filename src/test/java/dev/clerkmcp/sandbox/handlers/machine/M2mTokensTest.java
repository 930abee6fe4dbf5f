package dev.clerkmcp.sandbox.handlers.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.SandboxCalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens of machines. */
final class M2mTokensTest {
  private final SandboxCalls clerk = SandboxCalls.empty();

  @Test
  void tokenBelongsToTheLastMachine() {
    String other = machine("{'name':'Worker'}");
    String machine =
        machine("{'name':'API','default_token_ttl':60,'scoped_machines':['%s']}".formatted(other));
    JsonNode token = clerk.ok("POST /m2m_tokens", "{'claims':{'a':1}}");
    assertThat(token.path("token").asText()).startsWith("mt_sandbox_");
    assertThat(token.path("subject").asText()).isEqualTo(machine);
    assertThat(token.at("/scopes/0").asText()).isEqualTo(other);
    assertThat(token.at("/claims/a").asInt()).isEqualTo(1);
    assertThat(token.path("expiration").asLong() - token.path("created_at").asLong())
        .isEqualTo(60_000);
    assertThat(clerk.ok("GET /m2m_tokens?subject=" + machine).toString())
        .contains(token.path("id").asText())
        .doesNotContain(token.path("token").asText());
  }

  @Test
  void tokenNeedsAMachine() {
    assertThat(clerk.call("POST", "/m2m_tokens", "{}").error()).isEqualTo("400 bad_request");
  }

  @Test
  void verificationUpdatesLastUse() {
    machine("{'name':'API'}");
    JsonNode token = clerk.ok("POST /m2m_tokens", "{}");
    assertThat(token.path("last_used_at").isNull()).isTrue();
    JsonNode verified = verify(token);
    assertThat(verified.path("id")).isEqualTo(token.path("id"));
    assertThat(verified.path("last_used_at").asLong())
        .isGreaterThan(token.path("created_at").asLong());
    assertThat(verified.has("token")).isFalse();
    assertThat(clerk.call("POST", "/m2m_tokens/verify", "{'token':'other'}").error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void revokedAndExpiredTokensAreNotVerified() {
    String machine = machine("{'name':'API'}");
    JsonNode revoked = clerk.ok("POST /m2m_tokens", "{}");
    JsonNode expired = clerk.ok("POST /m2m_tokens", "{'seconds_until_expiration':2}");
    String revocation = "/m2m_tokens/" + revoked.path("id").asText() + "/revoke";
    clerk.ok("POST " + revocation, "{'revocation_reason':'leaked'}");
    JsonNode again = clerk.ok("POST " + revocation, "{'revocation_reason':'other'}");
    assertThat(again.path("revocation_reason").asText()).isEqualTo("leaked");
    assertThat(again.path("revoked").asBoolean()).isTrue();
    for (JsonNode token : new JsonNode[] {revoked, expired}) {
      assertThat(
              clerk
                  .call(
                      "POST",
                      "/m2m_tokens/verify",
                      "{'token':'" + token.path("token").asText() + "'}")
                  .error())
          .isEqualTo("400 bad_request");
    }

    String list = "GET /m2m_tokens?subject=" + machine;
    assertThat(clerk.ok(list).path("total_count").asInt()).isZero();
    assertThat(clerk.ok(list + "&revoked=true").path("m2m_tokens").findValuesAsText("id"))
        .containsExactly(revoked.path("id").asText());
    assertThat(clerk.ok(list + "&expired=true").at("/m2m_tokens/0/expired").asBoolean()).isTrue();
    assertThat(clerk.ok(list + "&expired=true&revoked=true").path("m2m_tokens")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'min_remaining_ttl_seconds':60}                          | true",
        "{'min_remaining_ttl_seconds':60,'claims':{'a':1}}         | false",
        "{'min_remaining_ttl_seconds':60,'token_format':'jwt'}     | false",
        "{'min_remaining_ttl_seconds':3600,'seconds_until_expiration':9999} | false",
        "{}                                                        | false",
      })
  void tokenIsReusedWhileItLastsLongEnough(String body, boolean reused) {
    machine("{'name':'API'}");
    JsonNode first = clerk.ok("POST /m2m_tokens", "{}");
    JsonNode second = clerk.ok("POST /m2m_tokens", body);
    assertThat(second.path("token").equals(first.path("token"))).isEqualTo(reused);
  }

  @Test
  void remainingTimeMustBeShorterThanTheLifetime() {
    machine("{'name':'API','default_token_ttl':60}");
    assertThat(clerk.call("POST", "/m2m_tokens", "{'min_remaining_ttl_seconds':60}").error())
        .isEqualTo("400 bad_request");
  }

  @Test
  void jwtIsNeitherListedNorRevoked() {
    String machine = machine("{'name':'API'}");
    JsonNode token = clerk.ok("POST /m2m_tokens", "{'token_format':'jwt'}");
    assertThat(token.path("token").asText()).startsWith("eyJ");
    assertThat(clerk.ok("GET /m2m_tokens?subject=" + machine).path("m2m_tokens")).isEmpty();
    assertThat(clerk.call("POST", "/m2m_tokens/" + token.path("id").asText() + "/revoke").error())
        .isEqualTo("404 resource_not_found");
    assertThat(verify(token).path("id")).isEqualTo(token.path("id"));
  }

  @Test
  void listNeedsMachineThatExists() {
    assertThat(clerk.call("GET", "/m2m_tokens").error())
        .isEqualTo("422 form_param_missing subject");
    assertThat(clerk.call("GET", "/m2m_tokens?subject=mch_" + "0".repeat(27)).error())
        .isEqualTo("404 resource_not_found");
  }

  private JsonNode verify(JsonNode token) {
    return clerk.ok("POST /m2m_tokens/verify", "{'token':'" + token.path("token").asText() + "'}");
  }

  private String machine(String body) {
    return clerk.ok("POST /machines", body).path("id").asText();
  }
}
