package dev.clerkmcp.sandbox.handlers.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OauthApplicationsTest {
  private final SandboxCalls calls = SandboxCalls.empty();

  @Test
  void createReturnsTheSecretOnce() {
    JsonNode created =
        create("'name':'CLI','redirect_uris':['cli://done','https://cli.example.com']").body();

    assertThat(created.path("client_secret").asText()).startsWith("sandbox_client_secret_");
    assertThat(created.path("client_id").asText()).isNotEmpty();
    assertThat(created.path("callback_url").asText()).isEqualTo("cli://done");
    assertThat(created.path("scopes").asText()).isEqualTo("profile email");
    assertThat(created.path("consent_screen_enabled").asBoolean()).isTrue();
    assertThat(created.path("instance_id").asText()).isEqualTo(HandlerContext.INSTANCE_ID);
    JsonNode read = calls.ok("GET " + path(created));
    assertThat(read.has("client_secret")).isFalse();
    assertThat(read.path("client_id")).isEqualTo(created.path("client_id"));
    assertThat(calls.store().toJson().toString())
        .doesNotContain(created.path("client_secret").asText());
  }

  @Test
  void publicApplicationsNeedPkceAndHaveNoSecret() {
    JsonNode created = create("'name':'App','public':true").body();

    assertThat(created.has("client_secret")).isFalse();
    assertThat(created.path("pkce_required").asBoolean()).isTrue();
    assertThat(calls.ok("POST " + path(created) + "/rotate_secret").has("client_secret")).isFalse();
    assertThat(calls.call("PATCH", path(created), "{'pkce_required':false}").error())
        .isEqualTo("422 form_public_client_requires_pkce pkce_required");
  }

  @Test
  void rotationReturnsANewSecret() {
    JsonNode created = create("'name':'CLI'").body();

    JsonNode rotated = calls.ok("POST " + path(created) + "/rotate_secret");

    assertThat(rotated.path("client_secret").asText())
        .startsWith("sandbox_client_secret_")
        .isNotEqualTo(created.path("client_secret").asText());
    assertThat(rotated.path("client_id")).isEqualTo(created.path("client_id"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "'name':' '; 422 form_param_missing name",
        "'name':'A','scopes':'profile everything'; 422 form_param_value_invalid scopes",
        "'name':'A','callback_url':'nowhere'; 422 form_param_format_invalid callback_url",
        "'name':'A','redirect_uris':['http://example.com']; 422 insecure_url redirect_uris",
        "'name':'A','public':true,'pkce_required':false;"
            + " 422 form_public_client_requires_pkce pkce_required"
      })
  void refusesInvalidApplications(String fields, String error) {
    assertThat(create(fields).error()).isEqualTo(error);
    assertThat(calls.ok("GET /oauth_applications").path("total_count").asInt()).isZero();
  }

  @Test
  void nameTakesAtMost256Characters() {
    assertThat(create("'name':'%s'".formatted("a".repeat(256))).status()).isEqualTo(200);
    assertThat(create("'name':'%s'".formatted("a".repeat(257))).error())
        .isEqualTo("422 form_param_max_length_exceeded name");
  }

  @Test
  void updateChangesOnlyGivenFields() {
    JsonNode created =
        create("'name':'CLI','callback_url':'cli://done','scopes':'openid email'").body();

    JsonNode changed =
        calls.ok(
            "PATCH " + path(created),
            "{'name':'Command line','scopes':null,'pkce_required':true,"
                + "'redirect_uris':['cli://a','cli://b']}");

    assertThat(changed.path("name").asText()).isEqualTo("Command line");
    assertThat(changed.path("scopes").asText()).isEqualTo("openid email");
    assertThat(changed.path("pkce_required").asBoolean()).isTrue();
    assertThat(changed.path("redirect_uris")).hasSize(2);
    assertThat(changed.path("callback_url").asText()).isEqualTo("cli://a");
    assertThat(changed.has("client_secret")).isFalse();
  }

  @Test
  void dynamicallyRegisteredApplicationKeepsTheConsentScreen() {
    JsonNode created = create("'name':'CLI'").body();
    calls
        .store()
        .table(ObjectKind.OAUTH_APPLICATION)
        .change(created.path("id").asText(), row -> row.put("dynamically_registered", true));

    assertThat(calls.call("PATCH", path(created), "{'consent_screen_enabled':false}").error())
        .isEqualTo("422 oauth_application_consent_screen_cannot_be_disabled");
  }

  @Test
  void listsByNameOrClientId() {
    JsonNode zebra = create("'name':'Zebra'").body();
    JsonNode ape = create("'name':'ape'").body();
    JsonNode second = create("'name':'Ape'").body();

    assertThat(ids("")).containsExactly(id(zebra), id(ape), id(second));
    assertThat(ids("?order_by=-name")).containsExactly(id(zebra), id(second), id(ape));
    assertThat(ids("?name_query=AP")).containsExactly(id(ape), id(second));
    assertThat(ids("?name_query=" + zebra.path("client_id").asText())).containsExactly(id(zebra));
    assertThat(calls.call("GET", "/oauth_applications?order_by=id").error())
        .isEqualTo("422 form_param_value_invalid order_by");
  }

  @Test
  void logoMustBeAnImage() {
    JsonNode created = create("'name':'CLI'").body();

    assertThat(created.path("client_image_url").isNull()).isTrue();
    String path = path(created) + "/logo";
    assertThat(calls.upload("PUT", path, "image/png").body().path("client_image_url").asText())
        .startsWith("https://clerk.sandbox.invalid/images/img_");
    assertThat(calls.upload("PUT", path, "image/svg+xml").error())
        .isEqualTo("400 request_body_invalid");
  }

  @Test
  void revokesTokensWithoutResponseBody() {
    JsonNode created = create("'name':'CLI'").body();

    SandboxCalls.Reply reply =
        calls.call("POST", path(created) + "/revoke_token", "{'token':'any'}");

    assertThat(reply.status()).isEqualTo(204);
    assertThat(reply.body().isMissingNode()).isTrue();
    assertThat(calls.call("POST", "/oauth_applications/x/revoke_token", "{'token':'y'}").error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void secondDeletionIsNotFound() {
    JsonNode created = create("'name':'CLI'").body();

    assertThat(calls.ok("DELETE " + path(created)).path("object").asText())
        .isEqualTo("oauth_application");
    assertThat(calls.call("DELETE", path(created)).error()).isEqualTo("404 resource_not_found");
  }

  /** A library that is told nothing of an unknown token takes its bearer for signed in. */
  @Test
  void onlyKnownTokensAreVerified() {
    String path = "/oauth_applications/access_tokens/verify";
    for (String field : List.of("access_token", "secret")) {
      assertThat(calls.call("POST", path, "{'%s':'oat_nope'}".formatted(field)).error())
          .isEqualTo("404 resource_not_found");
    }
    String application = create("'name':'CLI'").body().path("id").asText();
    String user = calls.createUser("ada@example.com");
    String token =
        new OauthApplications(new HandlerContext(SandboxCalls.CONTRACT, calls.store()))
            .addToken(application, user, calls.store().now() + 60_000);
    assertThat(token).startsWith("oat_sandbox_");
    JsonNode verified = calls.ok("POST " + path, "{'access_token':'%s'}".formatted(token));
    assertThat(verified.path("subject").asText()).isEqualTo(user);
    assertThat(verified.path("revoked").asBoolean()).isFalse();
    calls.call(
        "POST",
        "/oauth_applications/%s/revoke_token".formatted(application),
        "{'token':'%s'}".formatted(token));
    assertThat(calls.call("POST", path, "{'access_token':'%s'}".formatted(token)).error())
        .isEqualTo("400 bad_request");
    assertThat(calls.call("POST", path, "{}").error())
        .isEqualTo("422 form_param_missing access_token");
  }

  private SandboxCalls.Reply create(String fields) {
    return calls.call("POST", "/oauth_applications", "{" + fields + "}");
  }

  private Iterable<String> ids(String query) {
    return calls.ok("GET /oauth_applications" + query).path("data").findValuesAsText("id");
  }

  private static String path(JsonNode application) {
    return "/oauth_applications/" + id(application);
  }

  private static String id(JsonNode object) {
    return object.path("id").asText();
  }
}
