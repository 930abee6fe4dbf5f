package dev.clerkmcp.sandbox.handlers.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;
import org.junit.jupiter.api.Test;

/** What the operations of all kinds of objects have in common. */
final class ResourceTest {
  private final SandboxCalls clerk = SandboxCalls.empty();

  @Test
  void objectIsStoredUntilItIsDeleted() {
    JsonNode created = clerk.ok("POST /redirect_urls", "{'url':'https://a.example.com'}");
    String id = created.path("id").asText();
    assertThat(id).matches("ru_\\w{27}");
    assertThat(created.path("object").asText()).isEqualTo("redirect_url");
    assertThat(created.path("url").asText()).isEqualTo("https://a.example.com");
    assertThat(created.path("created_at").asLong()).isEqualTo(clerk.store().now());
    assertThat(clerk.ok("GET /redirect_urls/" + id)).isEqualTo(created);
    assertThat(clerk.ok("DELETE /redirect_urls/" + id))
        .hasToString("{\"object\":\"redirect_url\",\"id\":\"%s\",\"deleted\":true}".formatted(id));
    assertThat(clerk.call("GET", "/redirect_urls/" + id).error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void listStartsWithTheNewest() {
    clerk.ok("POST /redirect_urls", "{'url':'https://a.example.com'}");
    clerk.ok("POST /redirect_urls", "{'url':'https://b.example.com'}");
    assertThat(clerk.ok("GET /redirect_urls").findValuesAsText("url"))
        .containsExactly("https://b.example.com", "https://a.example.com");
  }

  /** Null empties only what Clerk describes as nullable. */
  @Test
  void changeSetsKnownFields() {
    ObjectNode signUp =
        new HandlerContext(SandboxCalls.CONTRACT, clerk.store())
            .newObject(ObjectKind.SIGN_UP, "SignUp")
            .put("status", "complete")
            .put("custom_action", true);
    clerk.store().table(ObjectKind.SIGN_UP).add(signUp);
    String path = "/sign_ups/" + signUp.path("id").asText();
    JsonNode changed = clerk.ok("PATCH " + path, "{'external_id':'e1','custom_action':null}");
    assertThat(changed.path("external_id").asText()).isEqualTo("e1");
    assertThat(changed.path("custom_action").asBoolean()).isTrue();
    assertThat(changed.path("status").asText()).isEqualTo("complete");
    assertThat(clerk.ok("GET " + path)).isEqualTo(changed);
    assertThat(clerk.ok("PATCH " + path, "{'external_id':null}").path("external_id").isNull())
        .isTrue();
    assertThat(clerk.call("GET", "/sign_ups/sua_0").error()).isEqualTo("404 resource_not_found");
  }

  @Test
  void rowsBelongToTheObjectInThePath() {
    clerk.store().table(ObjectKind.STATEMENT).add(Json.object().put("id", "cstmt_1"));
    for (int i = 1; i <= 2; i++) {
      clerk
          .store()
          .table(ObjectKind.PAYMENT_ATTEMPT)
          .add(Json.object().put("id", "cpatt_" + i).put("statement_id", "cstmt_" + i));
    }
    assertThat(
            clerk
                .ok("GET /billing/statements/cstmt_1/payment_attempts")
                .path("data")
                .findValuesAsText("id"))
        .containsExactly("cpatt_1");
    assertThat(clerk.call("GET", "/billing/statements/cstmt_2/payment_attempts").error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void errorSaysThatTheSandboxCannotImitateIt() {
    SandboxCalls.Reply reply = clerk.call("GET", "/public/interstitial?domain=example.com");
    assertThat(reply.error()).isEqualTo("403 feature_not_implemented");
    assertThat(reply.body().at("/errors/0/message").asText())
        .isEqualTo("The sandbox cannot imitate GET /public/interstitial.");
  }
}
