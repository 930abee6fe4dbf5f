package dev.clerkmcp.sandbox.handlers.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConnectedAccountsTest {
  private final SandboxCalls clerk = SandboxCalls.empty();

  @BeforeEach
  void addUser() {
    ObjectNode user = Json.object().put("id", "user_1");
    user.putArray("external_accounts")
        .addObject()
        .put("id", "eac_1")
        .put("provider", "oauth_google")
        .put("provider_user_id", "108")
        .put("approved_scopes", "email openid")
        .putNull("label");
    clerk.store().table(ObjectKind.USER).add(user);
  }

  @ParameterizedTest
  @ValueSource(strings = {"google", "oauth_google"})
  void returnsTokensOfTheProvider(String provider) {
    String path = "GET /users/user_1/oauth_access_tokens/" + provider;
    JsonNode token = clerk.ok(path).path(0);
    assertThat(token.path("token").asText()).isEqualTo("sandbox_oauth_access_token_eac_1");
    assertThat(token.path("provider").asText()).isEqualTo("oauth_google");
    assertThat(token.path("scopes")).hasToString("[\"email\",\"openid\"]");
    assertThat(clerk.call("GET", path.substring(4) + "?paginated=true").body().path("total_count"))
        .hasToString("1");
  }

  @Test
  void userWithoutAccountHasNoToken() {
    assertThat(clerk.call("GET", "/users/user_1/oauth_access_tokens/oauth_github").error())
        .isEqualTo("404 external_account_not_found");
    assertThat(clerk.call("GET", "/users/user_0/oauth_access_tokens/oauth_google").error())
        .isEqualTo("404 resource_not_found");
  }

  /** Google's account has the ID of its identification too, which deletes nothing. */
  @Test
  void accountIsDeletedByItsOwnId() {
    ObjectNode user = Json.object().put("id", "user_2");
    user.putArray("external_accounts")
        .addObject()
        .put("object", "google_account")
        .put("id", "idn_2")
        .put("identification_id", "idn_2")
        .put("external_account_id", "eac_2");
    clerk.store().table(ObjectKind.USER).add(user);
    assertThat(clerk.call("DELETE", "/users/user_2/external_accounts/idn_2").error())
        .isEqualTo("404 resource_not_found");
    clerk.ok("DELETE /users/user_2/external_accounts/eac_2");
    assertThat(clerk.ok("GET /users/user_2").path("external_accounts")).isEmpty();
  }
}
