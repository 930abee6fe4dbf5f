package dev.clerkmcp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.store.SandboxClock;
import dev.clerkmcp.sandbox.store.Store;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sandbox accepts its own keys, known versions and JSON, and rejects everything else. */
final class SandboxTest {
  private final Sandbox sandbox =
      new Sandbox(
          SandboxCalls.CONTRACT,
          new Store(1, SandboxClock.startingAt(SandboxSettings.START)),
          () -> {},
          FaultInjector.none());

  @ParameterizedTest
  @CsvSource({
    "'', 401 authentication_invalid",
    "Basic abc, 401 authorization_header_format_invalid",
    "Bearer sk_test_somebodyelses, 401 clerk_key_invalid",
    "Bearer sk_live_somebodyelses, 401 clerk_key_invalid",
    "Bearer sk_test_sandbox_of_mine, 200",
    "Bearer sk_live_sandbox_of_mine, 200"
  })
  void acceptsOnlySandboxKeys(String header, String expected) throws JsonProcessingException {
    Request.Builder request = new Request.Builder().url(Sandbox.BASE_URL + "/users");
    if (!header.isEmpty()) {
      request.header("Authorization", header);
    }
    assertThat(outcome(request.build())).isEqualTo(expected);
  }

  @Test
  void errorDoesNotRepeatTheKey() {
    String key = "sk_live_marked0123456789";
    Sandbox.HttpResponse answer =
        sandbox.answer(
            new Request.Builder()
                .url(Sandbox.BASE_URL + "/users")
                .header("Authorization", "Bearer " + key)
                .build());
    assertThat(answer.body()).doesNotContain("marked");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-05-12, '', 200",
    "2025-11-10, '', 200",
    "'', '?__clerk_api_version=2025-11-10', 200",
    "'', '', 200",
    "2026-05-13, '', 400 api_version_invalid",
    "v1, '', 400 api_version_invalid",
    "2025-11-10, '?__clerk_api_version=2025-11-10', 400 api_version_invalid"
  })
  void versionMustBeKnownAndGivenOnce(String header, String query, String expected)
      throws JsonProcessingException {
    Request.Builder request = signed("/users" + query);
    if (!header.isEmpty()) {
      request.header("Clerk-API-Version", header);
    }
    assertThat(outcome(request.build())).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/nothing, 404 resource_not_found",
    "GET, /users, 404 resource_not_found",
    "GET, /v1/users/, 404 resource_not_found",
    "DELETE, /v1/users, 404 resource_not_found"
  })
  void unknownOperationIsNotFound(String method, String path, String expected)
      throws JsonProcessingException {
    Request request =
        signed("").url(Sandbox.BASE_URL.replace("/v1", path)).method(method, null).build();
    assertThat(outcome(request)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{                 | application/json | 400 request_body_invalid",
        "{} {}             | application/json | 400 request_body_invalid",
        "[]                | application/json | 422 form_param_type_invalid",
        "username=ada_l      | application/x-www-form-urlencoded | 415 unsupported_content_type",
        "{\"username\":\"ada_l\"} | application/json; charset=utf-8 | 200",
      })
  void bodyMustBeJson(String body, String type, String expected) throws JsonProcessingException {
    Request request = signed("/users").post(RequestBody.create(body, MediaType.get(type))).build();
    assertThat(outcome(request)).isEqualTo(expected);
  }

  @Test
  void hiddenFieldsAreNotReturned() {
    Request request =
        signed("/users")
            .post(
                RequestBody.create(
                    "{\"username\":\"ada_l\",\"password\":\"correct horse\",\"public_metadata\":{\"_sandbox\":1}}",
                    MediaType.get("application/json")))
            .build();
    assertThat(sandbox.answer(request).body())
        .contains("\"public_metadata\":{\"_sandbox\":1}")
        .doesNotContain("\"password\"");
  }

  private String outcome(Request request) throws JsonProcessingException {
    Sandbox.HttpResponse answer = sandbox.answer(request);
    JsonNode error = Json.read(answer.body()).path("errors").path(0);
    if (!error.isMissingNode()) {
      assertThat(Json.read(answer.body()).path("clerk_trace_id").asText()).startsWith("sandbox");
    }
    return "%s %s".formatted(answer.status(), error.path("code").asText("")).strip();
  }

  private static Request.Builder signed(String path) {
    return new Request.Builder()
        .url(Sandbox.BASE_URL + path)
        .header("Authorization", "Bearer " + Sandbox.SECRET_KEY);
  }
}
