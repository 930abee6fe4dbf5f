package dev.clerkmcp.sandbox.handlers.enterprise;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;
import org.junit.jupiter.api.Test;

/** Tokens of links to the portal of an organization's administrators. */
final class AdminPortalLinkTokensTest {
  private final SandboxCalls clerk = SandboxCalls.empty();

  @Test
  void tokenIsReturnedOnceAndExpires() {
    String organization = "org_" + "1".repeat(27);
    clerk.store().table(ObjectKind.ORGANIZATION).add(Json.object().put("id", organization));
    JsonNode created =
        clerk.ok(
            "POST /admin_portal_link_tokens",
            "{'organization_id':'%s','scopes':['sso'],'seconds_until_expiration':1}"
                .formatted(organization));
    assertThat(created.path("token").asText()).startsWith("sandbox_admin_portal_link_token_");
    assertThat(created.path("organization_id").asText()).isEqualTo(organization);
    assertThat(created.at("/scopes/0").asText()).isEqualTo("sso");
    assertThat(created.path("expired").asBoolean()).isFalse();
    String path = "/admin_portal_link_tokens/" + created.path("id").asText() + "/revoke";
    JsonNode revoked = clerk.ok("POST " + path, "{'revocation_reason':'sent to the wrong one'}");
    assertThat(revoked.path("revoked").asBoolean()).isTrue();
    assertThat(revoked.path("expired").asBoolean()).isTrue();
    assertThat(revoked.path("revocation_reason").asText()).isEqualTo("sent to the wrong one");
    assertThat(revoked.has("token")).isFalse();
  }

  @Test
  void tokenLastsAnHourByDefault() {
    JsonNode created = clerk.ok("POST /admin_portal_link_tokens", "{}");
    assertThat(created.path("expiration").asLong() - created.path("created_at").asLong())
        .isEqualTo(3_600_000);
    assertThat(created.path("organization_id").isNull()).isTrue();
  }

  @Test
  void rejectsUnknownIds() {
    assertThat(
            clerk
                .call(
                    "POST",
                    "/admin_portal_link_tokens",
                    "{'organization_id':'org_" + "0".repeat(27) + "'}")
                .error())
        .isEqualTo("404 resource_not_found");
    assertThat(clerk.call("POST", "/admin_portal_link_tokens/aplt_0/revoke").error())
        .isEqualTo("404 resource_not_found");
  }
}
