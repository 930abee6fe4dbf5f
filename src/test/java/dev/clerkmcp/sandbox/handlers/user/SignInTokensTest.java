package dev.clerkmcp.sandbox.handlers.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sign-in tokens, actor tokens and testing tokens. */
final class SignInTokensTest {
  private final SandboxCalls calls = SandboxCalls.empty();
  private final String user =
      calls.ok("POST /users", "{'email_address':['ada@example.com']}").path("id").asText();

  @ParameterizedTest
  @ValueSource(strings = {"sign_in", "actor"})
  void createsPendingTokens(String what) {
    JsonNode token = create(what);

    assertThat(token.path("object").asText()).isEqualTo(what + "_token");
    assertThat(token.path("user_id").asText()).isEqualTo(user);
    assertThat(token.path("status").asText()).isEqualTo("pending");
    assertThat(token.path("token").asText()).startsWith("sandbox_%s_ticket_".formatted(what));
    assertThat(token.path("url").asText())
        .startsWith("https://accounts.sandbox.invalid/")
        .endsWith(token.path("token").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"sign_in", "actor"})
  void secondTokenRevocationIsRejected(String what) {
    String path = "/%s_tokens/%s/revoke".formatted(what, create(what).path("id").asText());

    assertThat(calls.ok("POST " + path).path("status").asText()).isEqualTo("revoked");
    assertThat(calls.call("POST", path).error())
        .isEqualTo("400 %s_token_cannot_be_revoked_code".formatted(what));
    assertThat(calls.call("POST", "/%s_tokens/x_0/revoke".formatted(what)).error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void actorTokenNamesTheActor() {
    assertThat(create("actor").path("actor"))
        .isEqualTo(Json.object().put("sub", "user_support").put("reason", "ticket 7"));
    assertThat(
            calls
                .call("POST", "/actor_tokens", "{'user_id':'user_0','actor':{'sub':'user_1'}}")
                .error())
        .isEqualTo("422 form_resource_not_found user_id");
    assertThat(
            calls
                .call("POST", "/actor_tokens", "{'user_id':'%s','actor':{}}".formatted(user))
                .error())
        .isEqualTo("422 form_param_missing actor.sub");
  }

  @Test
  void bannedUserGetsNoSignInToken() {
    assertThat(calls.call("POST", "/sign_in_tokens", "{'user_id':'user_0'}").error())
        .isEqualTo("404 resource_not_found");
    calls.ok("POST /users/" + user + "/ban");
    assertThat(calls.call("POST", "/sign_in_tokens", "{'user_id':'%s'}".formatted(user)).error())
        .isEqualTo("403 user_banned");
  }

  @Test
  void signInTokenNeedsMembershipInTheOrganization() {
    calls.store().table(ObjectKind.ORGANIZATION).add(Json.object().put("id", "org_1"));

    assertThat(
            calls
                .call(
                    "POST", "/sign_in_tokens", "{'user_id':'%s','org_id':'org_1'}".formatted(user))
                .error())
        .isEqualTo("403 not_a_member_in_organization");
  }

  @Test
  void testingTokenExpiryIsInSeconds() {
    JsonNode token = calls.ok("POST /testing_tokens");

    assertThat(token.path("object").asText()).isEqualTo("testing_token");
    assertThat(token.path("token").asText()).startsWith("sandbox_testing_token_");
    assertThat(token.path("expires_at").asLong()).isEqualTo(calls.store().now() / 1000 + 3600);
  }

  private JsonNode create(String what) {
    String actor =
        what.equals("actor") ? ",'actor':{'sub':'user_support','reason':'ticket 7'}" : "";
    return calls.ok("POST /%s_tokens".formatted(what), "{'user_id':'%s'%s}".formatted(user, actor));
  }
}
