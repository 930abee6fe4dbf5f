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
 * Every operation refuses what Clerk refuses, with Clerk's status and code, and a refused request
 * leaves the instance as it was, to the byte. Each request is valid but for one thing.
 */
final class RefusalsTest {
  /** Variables of paths that do not name an object of the instance, and what they name. */
  private static final Map<String, String> NO_OBJECTS =
      Map.of("provider", "a sign-in provider", "template_type", "email or sms");

  /** Operations that refuse an unknown id with another status than 404, and why. */
  private static final Map<String, Integer> NOT_404 =
      Map.of(
          // All of Clerk's refusals of a refresh are 401, session_refresh_session_not_found too.
          "POST /sessions/{session_id}/refresh", 401);

  static List<Named<ApiOperation>> all() {
    return Operations.that(operation -> true);
  }

  static List<Named<ApiOperation>> withJsonBody() {
    return Operations.that(operation -> operation.body() != null && !operation.form());
  }

  static List<Named<ApiOperation>> withBody() {
    return Operations.that(operation -> operation.body() != null);
  }

  static List<Named<ApiOperation>> withObjectInPath() {
    return Operations.that(
        operation ->
            operation.segments().stream().anyMatch(RefusalsTest::namesObject)
                && !NotImitated.REFUSALS.containsKey(operation.route()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withBody")
  void unknownKeyIsRefused(ApiOperation operation) {
    Scene scene = ValidRequests.scene(operation);
    Ask ask = ValidRequests.minimal(operation, scene);
    for (Spoilt spoilt : Spoilt.withUnknownKeys(ask)) {
      refuses(scene, spoilt.ask(), "422 form_param_unknown " + spoilt.place());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withBody")
  void missingFieldIsRefused(ApiOperation operation) {
    Scene scene = ValidRequests.scene(operation);
    // A form of which nothing is left would be no form.
    Ask ask =
        operation.form()
            ? ValidRequests.full(operation, scene, 0)
            : ValidRequests.minimal(operation, scene);
    for (Spoilt spoilt : Spoilt.withoutRequired(ask)) {
      refuses(scene, spoilt.ask(), "422 form_param_missing " + spoilt.place());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withJsonBody")
  void wrongTypeIsRefused(ApiOperation operation) {
    Scene scene = ValidRequests.scene(operation);
    Ask ask = ValidRequests.full(operation, scene, 0);
    for (Spoilt spoilt : Spoilt.withWrongTypes(ask)) {
      refuses(scene, spoilt.ask(), "422 form_param_type_invalid " + spoilt.place());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withJsonBody")
  void wordThatIsNotInTheEnumIsRefused(ApiOperation operation) {
    Scene scene = ValidRequests.scene(operation);
    Ask ask = ValidRequests.full(operation, scene, 0);
    for (Spoilt spoilt : Spoilt.withWrongWords(ask)) {
      refuses(scene, spoilt.ask(), "422 form_param_value_invalid " + spoilt.place());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withJsonBody")
  void bodyThatIsNotJsonIsRefused(ApiOperation operation) {
    Scene scene = ValidRequests.scene(operation);
    Ask ask = ValidRequests.minimal(operation, scene);
    for (String text : List.of("{", "name=Ada", "{\"a\":1}}")) {
      Request request = ask.request(RequestBody.create(text, Ask.JSON)).build();
      refuses(scene, request, ask + " with body " + text, "400 request_body_invalid");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withObjectInPath")
  void unknownIdIsNotFound(ApiOperation operation) {
    for (String segment : operation.segments()) {
      if (namesObject(segment)) {
        Scene scene = ValidRequests.scene(operation);
        String name = segment.substring(1, segment.length() - 1);
        Ask ask = ValidRequests.minimal(operation, scene);
        String unknown = ask.withVariable(name, "unknown_3AAAAAAAAAAAAAAAAAAAAAAAAAA").toString();
        Ask spoilt = ask.withVariable(name, "unknown_3AAAAAAAAAAAAAAAAAAAAAAAAAA");
        Reply reply = refused(scene, spoilt.request().build(), unknown);
        assertThat(reply.status())
            .as("%s: %s", unknown, reply.body())
            .isEqualTo(NOT_404.getOrDefault(operation.route(), 404));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void requestWithoutKeyIsRefused(ApiOperation operation) {
    Scene scene = ValidRequests.scene(operation);
    Ask ask = ValidRequests.minimal(operation, scene);
    Request request = ask.request().removeHeader("Authorization").build();
    refuses(scene, request, ask + " without a key", "401 authentication_invalid");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void unknownVersionIsRefused(ApiOperation operation) {
    Scene scene = ValidRequests.scene(operation);
    Ask ask = ValidRequests.minimal(operation, scene);
    Request request = ask.request().header("Clerk-API-Version", "2020-01-01").build();
    refuses(scene, request, ask + " of 2020", "400 api_version_invalid");
  }

  @Test
  void unknownPathIsNotFound() {
    Scene scene = ValidRequests.scene(SandboxCalls.CONTRACT.operation("GET /users"));
    scene.id("user");
    for (String path : List.of("/nothing", "/users/a/b/c/d", "", "/")) {
      Request request =
          new Request.Builder()
              .url(Sandbox.BASE_URL + path)
              .header("Authorization", "Bearer " + Sandbox.SECRET_KEY)
              .build();
      refuses(scene, request, path, "404 resource_not_found");
    }
  }

  private static void refuses(Scene scene, Ask ask, String refusal) {
    refuses(scene, ask.request().build(), ask.toString(), refusal);
  }

  private static void refuses(Scene scene, Request request, String words, String refusal) {
    Reply reply = refused(scene, request, words);
    assertThat(reply.refusal()).as("%s: %s", words, reply.body()).isEqualTo(refusal);
  }

  /** Sends what must be refused, and holds the refusal to what all refusals have in common. */
  private static Reply refused(Scene scene, Request request, String words) {
    String before = scene.stage().state();
    Reply reply = scene.stage().send(request);
    assertThat(reply.status()).as("%s: %s", words, reply.body()).isBetween(400, 499);
    assertThat(scene.stage().state()).as("%s changes nothing", words).isEqualTo(before);
    JsonNode error = reply.body().at("/errors/0");
    for (String field : Set.of("message", "long_message", "code")) {
      assertThat(error.path(field).asText()).as("%s: %s", words, field).isNotBlank();
    }
    return reply;
  }

  private static boolean namesObject(String segment) {
    return segment.startsWith("{")
        && !NO_OBJECTS.containsKey(segment.substring(1, segment.length() - 1));
  }
}
