package dev.clerkmcp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.SandboxCalls.Reply;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation rejects invalid requests with Clerk's status and code, and a rejected request
 * changes nothing. Each request has exactly one mistake.
 */
final class ErrorResponsesTest {
  /** Path variables that do not name an object of the instance, and what they name. */
  private static final Map<String, String> NO_OBJECTS =
      Map.of("provider", "a sign-in provider", "template_type", "email or sms");

  /** Operations that reject an unknown id with another status than 404. */
  private static final Map<String, Integer> NOT_404 =
      Map.of(
          // All of Clerk's errors of a refresh are 401, session_refresh_session_not_found too.
          "POST /sessions/{session_id}/refresh", 401);

  static List<Named<ApiOperation>> all() {
    return Operations.matching(operation -> true);
  }

  static List<Named<ApiOperation>> withJsonBody() {
    return Operations.matching(operation -> operation.body() != null && !operation.form());
  }

  static List<Named<ApiOperation>> withBody() {
    return Operations.matching(operation -> operation.body() != null);
  }

  static List<Named<ApiOperation>> withObjectInPath() {
    return Operations.matching(
        operation ->
            operation.segments().stream().anyMatch(ErrorResponsesTest::namesObject)
                && !Operations.UNSUPPORTED.containsKey(operation.route()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withBody")
  void rejectsUnknownKey(ApiOperation operation) {
    Fixtures fixtures = ValidRequests.fixtures(operation);
    OperationRequest request = ValidRequests.minimal(operation, fixtures);
    for (InvalidRequest invalid : InvalidRequest.withUnknownKeys(request)) {
      assertError(fixtures, invalid.request(), "422 form_param_unknown " + invalid.parameter());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withBody")
  void rejectsMissingField(ApiOperation operation) {
    Fixtures fixtures = ValidRequests.fixtures(operation);
    // A form without any part would not be a form.
    OperationRequest request =
        operation.form()
            ? ValidRequests.full(operation, fixtures, 0)
            : ValidRequests.minimal(operation, fixtures);
    for (InvalidRequest invalid : InvalidRequest.withoutRequired(request)) {
      assertError(fixtures, invalid.request(), "422 form_param_missing " + invalid.parameter());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withJsonBody")
  void rejectsWrongType(ApiOperation operation) {
    Fixtures fixtures = ValidRequests.fixtures(operation);
    OperationRequest request = ValidRequests.full(operation, fixtures, 0);
    for (InvalidRequest invalid : InvalidRequest.withWrongTypes(request)) {
      assertError(
          fixtures, invalid.request(), "422 form_param_type_invalid " + invalid.parameter());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withJsonBody")
  void rejectsValueOutsideTheEnum(ApiOperation operation) {
    Fixtures fixtures = ValidRequests.fixtures(operation);
    OperationRequest request = ValidRequests.full(operation, fixtures, 0);
    for (InvalidRequest invalid : InvalidRequest.withWrongEnumValues(request)) {
      assertError(
          fixtures, invalid.request(), "422 form_param_value_invalid " + invalid.parameter());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withJsonBody")
  void rejectsBodyThatIsNotJson(ApiOperation operation) {
    Fixtures fixtures = ValidRequests.fixtures(operation);
    OperationRequest request = ValidRequests.minimal(operation, fixtures);
    for (String text : List.of("{", "name=Ada", "{\"a\":1}}")) {
      Request http = request.toHttp(RequestBody.create(text, SandboxCalls.JSON)).build();
      assertError(fixtures, http, request + " with body " + text, "400 request_body_invalid");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withObjectInPath")
  void rejectsUnknownIdInThePath(ApiOperation operation) {
    for (String segment : operation.segments()) {
      if (namesObject(segment)) {
        Fixtures fixtures = ValidRequests.fixtures(operation);
        String name = segment.substring(1, segment.length() - 1);
        OperationRequest request = ValidRequests.minimal(operation, fixtures);
        String unknown =
            request.withVariable(name, "unknown_3AAAAAAAAAAAAAAAAAAAAAAAAAA").toString();
        OperationRequest invalid =
            request.withVariable(name, "unknown_3AAAAAAAAAAAAAAAAAAAAAAAAAA");
        Reply reply = assertRejected(fixtures, invalid.toHttp().build(), unknown);
        assertThat(reply.status())
            .as("%s: %s", unknown, reply.body())
            .isEqualTo(NOT_404.getOrDefault(operation.route(), 404));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void rejectsRequestWithoutKey(ApiOperation operation) {
    Fixtures fixtures = ValidRequests.fixtures(operation);
    OperationRequest request = ValidRequests.minimal(operation, fixtures);
    Request http = request.toHttp().removeHeader("Authorization").build();
    assertError(fixtures, http, request + " without a key", "401 authentication_invalid");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void rejectsUnknownVersion(ApiOperation operation) {
    Fixtures fixtures = ValidRequests.fixtures(operation);
    OperationRequest request = ValidRequests.minimal(operation, fixtures);
    Request http = request.toHttp().header("Clerk-API-Version", "2020-01-01").build();
    assertError(fixtures, http, request + " of 2020", "400 api_version_invalid");
  }

  @Test
  void rejectsUnknownPath() {
    Fixtures fixtures = ValidRequests.fixtures(SandboxCalls.CONTRACT.operation("GET /users"));
    fixtures.id("user");
    for (String path : List.of("/nothing", "/users/a/b/c/d", "", "/")) {
      Request http =
          new Request.Builder()
              .url(Sandbox.BASE_URL + path)
              .header("Authorization", "Bearer " + Sandbox.SECRET_KEY)
              .build();
      assertError(fixtures, http, path, "404 resource_not_found");
    }
  }

  private static void assertError(Fixtures fixtures, OperationRequest request, String error) {
    assertError(fixtures, request.toHttp().build(), request.toString(), error);
  }

  private static void assertError(
      Fixtures fixtures, Request http, String description, String error) {
    Reply reply = assertRejected(fixtures, http, description);
    assertThat(reply.error()).as("%s: %s", description, reply.body()).isEqualTo(error);
  }

  /** Sends an invalid request, and checks what all errors have in common. */
  private static Reply assertRejected(Fixtures fixtures, Request http, String description) {
    String before = fixtures.sandbox().state();
    Reply reply = fixtures.sandbox().send(http);
    assertThat(reply.status()).as("%s: %s", description, reply.body()).isBetween(400, 499);
    assertThat(fixtures.sandbox().state()).as("%s changes nothing", description).isEqualTo(before);
    JsonNode first = reply.body().at("/errors/0");
    for (String field : Set.of("message", "long_message", "code")) {
      assertThat(first.path(field).asText()).as("%s: %s", description, field).isNotBlank();
    }
    return reply;
  }

  private static boolean namesObject(String segment) {
    return segment.startsWith("{")
        && !NO_OBJECTS.containsKey(segment.substring(1, segment.length() - 1));
  }
}
