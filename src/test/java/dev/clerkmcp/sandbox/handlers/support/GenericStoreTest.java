package dev.clerkmcp.sandbox.handlers.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.SandboxClock;
import dev.clerkmcp.sandbox.store.Store;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations without rules of their own. */
final class GenericStoreTest {
  private final Store store =
      new Store(1, SandboxClock.startingAt(java.time.Instant.parse("2026-06-01T09:00:00Z")));
  private final GenericStore handler =
      new GenericStore(SandboxCalls.CONTRACT, new HandlerContext(SandboxCalls.CONTRACT, store));

  @Test
  void objectIsStoredUntilItIsDeleted() {
    JsonNode created = answer("POST /redirect_urls", Map.of(), "{'url':'https://a.example.com'}");
    String id = created.path("id").asText();
    assertThat(id).matches("ru_\\w{27}");
    assertThat(created.path("object").asText()).isEqualTo("redirect_url");
    assertThat(created.path("url").asText()).isEqualTo("https://a.example.com");
    assertThat(created.path("created_at").asLong()).isEqualTo(store.now());
    assertThat(answer("GET /redirect_urls/{id}", Map.of("id", id), "{}")).isEqualTo(created);
    assertThat(answer("DELETE /redirect_urls/{id}", Map.of("id", id), "{}"))
        .hasToString("{\"object\":\"redirect_url\",\"id\":\"%s\",\"deleted\":true}".formatted(id));
    assertThat(error("GET /redirect_urls/{id}", Map.of("id", id)))
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void listStartsWithTheNewest() {
    String first = created("https://a.example.com");
    String second = created("https://b.example.com");
    assertThat(answer("GET /redirect_urls", Map.of(), "{}").findValuesAsText("id"))
        .containsExactly(second, first);
  }

  @Test
  void changeSetsKnownFields() {
    ObjectNode row = Json.object().put("id", "sua_1").put("status", "complete");
    store.table(ObjectKind.SIGN_UP).add(row.put("custom_action", true));
    JsonNode changed =
        answer(
            "PATCH /sign_ups/{id}",
            Map.of("id", "sua_1"),
            "{'external_id':'e1','custom_action':null}");
    assertThat(changed.path("external_id").asText()).isEqualTo("e1");
    assertThat(changed.path("custom_action").asBoolean()).isTrue();
    assertThat(changed.path("status").asText()).isEqualTo("complete");
    assertThat(
            answer("PATCH /sign_ups/{id}", Map.of("id", "sua_1"), "{'external_id':null}")
                .path("external_id")
                .isNull())
        .isTrue();
  }

  @Test
  void rowsBelongToTheObjectInThePath() {
    store.table(ObjectKind.STATEMENT).add(Json.object().put("id", "cstmt_1"));
    for (int i = 1; i <= 2; i++) {
      store
          .table(ObjectKind.PAYMENT_ATTEMPT)
          .add(Json.object().put("id", "cpatt_" + i).put("statement_id", "cstmt_" + i));
    }
    String attempts = "GET /billing/statements/{statementID}/payment_attempts";
    assertThat(
            answer(attempts, Map.of("statementID", "cstmt_1"), "{}")
                .path("data")
                .findValuesAsText("id"))
        .containsExactly("cpatt_1");
    assertThat(error(attempts, Map.of("statementID", "cstmt_2")))
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void hiddenOwnersAreStored() {
    store.table(ObjectKind.USER).add(Json.object().put("id", "user_1"));
    store.table(ObjectKind.USER).add(Json.object().put("id", "user_2"));
    ObjectNode device = Json.object().put("id", "tdev_1");
    HandlerContext.hidden(device).put("user_id", "user_1");
    store.table(ObjectKind.TRUSTED_DEVICE).add(device);
    String route = "DELETE /users/{user_id}/trusted_devices/{trusted_device_id}";
    assertThat(error(route, Map.of("user_id", "user_2", "trusted_device_id", "tdev_1")))
        .isEqualTo("404 resource_not_found");
    assertThat(
            answer(route, Map.of("user_id", "user_1", "trusted_device_id", "tdev_1"), "{}")
                .path("deleted")
                .asBoolean())
        .isTrue();
  }

  @Test
  void signUpsAreReadAndUpdated() {
    SandboxCalls clerk = SandboxCalls.empty();
    HandlerContext context = new HandlerContext(SandboxCalls.CONTRACT, clerk.store());
    ObjectNode signUp = context.newObject(ObjectKind.SIGN_UP, "SignUp");
    clerk.store().table(ObjectKind.SIGN_UP).add(signUp);
    String path = "/sign_ups/" + signUp.path("id").asText();
    assertThat(clerk.ok("PATCH " + path, "{'external_id':'e1','custom_action':true}"))
        .isEqualTo(clerk.ok("GET " + path));
    assertThat(clerk.ok("GET " + path).path("external_id").asText()).isEqualTo("e1");
    assertThat(clerk.call("GET", "/sign_ups/sua_0").error()).isEqualTo("404 resource_not_found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /public/interstitial",
        "GET /users/count",
        "POST /users/ban",
        "PATCH /instance",
        "POST /clients/verify",
      })
  void rejectsRouteWithoutCollection(String route) {
    assertThat(error(route, Map.of())).isEqualTo("403 feature_not_implemented");
  }

  @Test
  void errorSaysThatTheSandboxCannotImitateIt() {
    SandboxCalls.Reply reply =
        SandboxCalls.empty().call("GET", "/public/interstitial?domain=example.com");
    assertThat(reply.error()).isEqualTo("403 feature_not_implemented");
    assertThat(reply.body().at("/errors/0/message").asText())
        .isEqualTo("The sandbox cannot imitate GET /public/interstitial.");
  }

  private String created(String url) {
    return answer("POST /redirect_urls", Map.of(), "{'url':'" + url + "'}").path("id").asText();
  }

  private String error(String route, Map<String, String> variables) {
    ApiError error = catchThrowableOfType(ApiError.class, () -> answer(route, variables, "{}"));
    return error.status() + " " + error.code();
  }

  private JsonNode answer(String route, Map<String, String> variables, String body) {
    try {
      return handler.answer(
          new ApiRequest(
              SandboxCalls.CONTRACT.operation(route),
              variables,
              Json.object(),
              Json.read(body.replace('\'', '"')),
              false));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
