package dev.clerkmcp.clerk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint.Payload;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests requests, responses, and that the key is sent only to Clerk. */
final class ClerkClientTest extends LoopbackClerk {
  // Requests

  @Test
  void everyRequestHasKeyAndApiVersion() throws Exception {
    answer(200, "{}");
    call("GET /users/count", "{}");
    RecordedRequest request = clerk.takeRequest();
    assertThat(request.getHeaders().values("Authorization"))
        .containsExactly("Bearer sk_test_notarealkey");
    assertThat(request.getHeaders().values("Clerk-API-Version")).containsExactly("2026-05-12");
    assertThat(request.getHeaders().values("User-Agent")).containsExactly("clerk-mcp/test");
  }

  @ParameterizedTest
  @CsvSource({
    "user_1, user_1",
    "../organizations, ..%2Forganizations",
    "a/b?c, a%2Fb%3Fc",
    "a%2Fb, a%252Fb",
    "%2e%2e, %252e%252e",
    "a#b, a%23b",
    "a\\b, a%5Cb",
    "ü, %C3%BC",
    "two words, two%20words",
    "..., ...",
  })
  void pathArgumentStaysOneSegment(String id, String sent) throws Exception {
    answer(200, "{}");
    call("GET /users/{user_id}/image", Json.object().put("user_id", id).toString());
    assertThat(clerk.takeRequest().getTarget()).isEqualTo("/v1/users/" + sent + "/image");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'user_id':''}", "{'user_id':'.'}", "{'user_id':'..'}"})
  void pathArgumentThatChangesThePathIsRejected(String arguments) {
    assertThatThrownBy(() -> call("DELETE /users/{user_id}", arguments.replace('\'', '"')))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("user_id cannot stand in a path");
    assertThat(clerk.getRequestCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE"})
  void otherArgumentsGoIntoTheQuery(String method) throws Exception {
    answer(200, "[]");
    call(
        method + " /users?paginated=true",
        """
        {"user_id":["+user_1","-user_2"],"email_address":[],"query":"a b&c=ü","external_id":null,
         "limit":2,"banned":false}
        """);
    RecordedRequest request = clerk.takeRequest();
    assertThat(request.getTarget())
        .isEqualTo(
            "/v1/users?paginated=true&user_id=%2Buser_1&user_id=-user_2&query=a%20b%26c%3D%C3%BC"
                + "&limit=2&banned=false");
    assertThat(request.getBodySize()).isZero();
    assertThat(request.getHeaders().get("Content-Type")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH"})
  void otherArgumentsGoIntoTheBodyUnchanged(String method) throws Exception {
    answer(200, "{}");
    String body =
        "{\"first_name\":null,\"rate\":1.10,\"big\":12345678901234567890,\"n\":\"Zoë 😀\"}";
    call(method + " /users/{user_id}", "{\"user_id\":\"user_1\"," + body.substring(1));
    RecordedRequest request = clerk.takeRequest();
    assertThat(request.getTarget()).isEqualTo("/v1/users/user_1");
    assertThat(body(request)).isEqualTo(body);
    assertThat(request.getHeaders().get("Content-Type")).startsWith("application/json");
  }

  @Test
  void emptyPayloadHasNoBodyAndNoType() throws Exception {
    answer(200, "{}");
    call(Endpoint.parse("POST /users/{id}/ban").withPayload(new Payload.Empty()), "{\"id\":\"u\"}");
    RecordedRequest request = clerk.takeRequest();
    assertThat(request.getBodySize()).isZero();
    assertThat(request.getHeaders().get("Content-Type")).isNull();
  }

  @Test
  void oneArgumentCanBeTheWholeBody() throws Exception {
    answer(200, "[]");
    Endpoint bulk =
        Endpoint.parse("POST /organizations/{id}/invitations/bulk")
            .withPayload(new Payload.JsonValue("invitations"));
    call(bulk, "{\"id\":\"org_1\",\"invitations\":[{\"email_address\":\"ada@example.com\"}]}");
    assertThat(body(clerk.takeRequest())).isEqualTo("[{\"email_address\":\"ada@example.com\"}]");
  }

  @Test
  void imageIsSentInMultipartForm(@TempDir Path folder) throws Exception {
    String image = "GIF89a\1\0\1\0\0\0\0, and so on"; // the comma begins an image block
    Path logo = Files.writeString(folder.toRealPath().resolve("logo.gif"), image);
    answer(200, "{}");
    Endpoint upload =
        Endpoint.parse("PUT /organizations/{id}/logo").withPayload(new Payload.Form("file"));
    ObjectNode arguments = Json.object().put("id", "org_1").put("uploader_user_id", "user_1");
    arguments.put("file", logo.toString());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call(upload, arguments.toString()))
        .withMessageContaining("needs an image");
    ClerkClient client = client(AMPLE);
    client.exchange(upload, arguments, UploadFile.of(logo.toString()), new Cancellation());
    RecordedRequest request = clerk.takeRequest();
    assertThat(request.getHeaders().get("Content-Type"))
        .startsWith("multipart/form-data; boundary=");
    assertThat(body(request))
        .contains("form-data; name=\"uploader_user_id\"\r\n\r\nuser_1\r\n")
        .contains("form-data; name=\"file\"; filename=\"logo.gif\"\r\nContent-Type: image/gif\r\n")
        .contains("\r\n\r\n" + image + "\r\n")
        .doesNotContain(folder.toString(), "org_1");
  }

  // Responses

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"user_1\",\"new_field\":{\"x\":[1.10,12345678901234567890,null,\"Zoë 😀\"]}}",
        "[]",
        "true",
      })
  void responseIsReturnedUnchanged(String json) throws Exception {
    answer(200, json);
    assertThat(call("GET /x", "{}")).hasToString(json);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204})
  void responseWithoutBodyIsNull(int status) throws Exception {
    answer(status, "");
    assertThat(call("DELETE /x", "{}").isNull()).isTrue();
  }

  @Test
  void allReasonsAreKept() {
    answer(
        422,
        """
        {"errors":[
          {"code":"form_identifier_exists","message":"taken","long_message":"That address is taken.",
           "meta":{"param_name":"email_address","new":1}},
          {"code":"form_param_missing","message":"is missing","long_message":""},
          {"message":null}],
         "clerk_trace_id":"trace_1"}
        """);
    ClerkException failure = failure("POST /users");
    assertThat(failure)
        .hasMessage("Clerk answered 422: That address is taken.")
        .returns(422, ClerkException::status)
        .returns("form_identifier_exists", ClerkException::code)
        .returns("trace_1", ClerkException::traceId)
        .returns(null, ClerkException::retryAfter)
        .returns(false, ClerkException::outcomeUnknown);
    assertThat(failure.reasons())
        .containsExactly(
            new ClerkException.Reason(
                "form_identifier_exists", "That address is taken.", "email_address"),
            new ClerkException.Reason("form_param_missing", "is missing", null),
            new ClerkException.Reason("unknown_error", "HTTP 422 without an explanation", null));
  }

  @Test
  void traceIdFallsBackToCfRay() {
    clerk.enqueue(response(404, "{}").addHeader("cf-ray", "ray_1").build());
    assertThat(failure("GET /x").traceId()).isEqualTo("ray_1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | ''                    | unexplained",
        "403 | <html>Forbidden</html> | unexplained",
        "404 | {\"errors\":[]}        | unexplained",
        "400 | {\"errors\":null}      | unexplained",
        "404 | {\"error\":\"x\"}      | unexplained",
        "404 | null                   | unexplained",
        "429 | Too many requests      | too_many_requests",
        "500 | ''                     | unexplained",
        "502 | <html>Bad</html>       | unexplained",
      })
  void errorWithoutReasonHasItsStatus(int status, String body, String code) {
    for (int i = 0; i < 4; i++) {
      answer(status, body);
    }
    assertThat(failure("GET /x"))
        .returns(status, ClerkException::status)
        .returns(code, ClerkException::code)
        .message()
        .startsWith("Clerk answered " + status + ": ")
        .doesNotContain("html");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"errors\":null}",
        "{\"errors\":[null]}",
        "{\"errors\":[{\"code\":\"c\"}]}",
        "{\"errors\":[{\"code\":\"c\",\"message\":\"\",\"long_message\":null}]}"
      })
  void errorWithoutMessageSaysSo(String body) {
    answer(400, body);
    assertThat(failure("GET /x").reason()).isEqualTo("HTTP 400 without an explanation");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>Welcome</html>", "{\"id\":", "{} {}", "hello"})
  void successWithoutJsonIsFailure(String body) {
    answer(200, body);
    assertThat(failure("GET /x"))
        .returns(0, ClerkException::status)
        .returns("answer_not_json", ClerkException::code);
  }

  @Test
  void longMessageIsTruncated() {
    answer(400, "{\"errors\":[{\"code\":\"c\",\"message\":\"" + "x".repeat(5000) + "\"}]}");
    assertThat(failure("GET /x").reasons().get(0).message()).hasSize(500);
  }

  @Test
  void tooLargeResponseIsNotRead() {
    Buffer huge = new Buffer().writeUtf8("\"").write(new byte[33 << 20]);
    clerk.enqueue(new MockResponse.Builder().chunkedBody(huge, 1 << 20).build());
    assertThat(failure("GET /x"))
        .returns("answer_too_large", ClerkException::code)
        .hasMessageContaining("32 MiB");
  }

  /** A few kilobytes can unpack to any size. */
  @Test
  void responseThatUnpacksToTooMuchIsNotRead() throws IOException {
    Buffer packed = new Buffer();
    try (OutputStream bomb = new GZIPOutputStream(packed.outputStream())) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 200; i++) {
        bomb.write(zeros);
      }
    }
    clerk.enqueue(
        new MockResponse.Builder().addHeader("Content-Encoding", "gzip").body(packed).build());
    assertThat(failure("GET /x")).returns("answer_too_large", ClerkException::code);
  }

  // The key

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void redirectIsNotFollowed(int status) throws IOException {
    try (MockWebServer other = new MockWebServer()) {
      other.start();
      String target = other.url("/v1/x?token=1").toString();
      clerk.enqueue(response(status, "").addHeader("Location", target).build());
      assertThat(failure("GET /x"))
          .returns("redirected", ClerkException::code)
          .hasMessageContaining("redirects to http://" + other.getHostName() + ",")
          .hasMessageNotContaining("token");
      assertThat(other.getRequestCount()).isZero();
    }
  }

  @Test
  void withoutKeyNothingIsSent() {
    ClerkClient client = ClerkClient.create(settings(null, AMPLE));
    ClerkException failure =
        catchThrowableOfType(
            ClerkException.class, () -> call(client, Endpoint.parse("GET /x"), "{}"));
    assertThat(failure)
        .returns(0, ClerkException::status)
        .returns("no_secret_key", ClerkException::code);
    assertThat(clerk.getRequestCount()).isZero();
  }

  @Test
  void keyIsInNoMessage() {
    answer(401, "{\"errors\":[{\"code\":\"c\",\"message\":\"m\"}]}");
    clerk.enqueue(response(302, "").addHeader("Location", "https://example.com").build());
    answer(200, "no JSON");
    clerk.enqueue(new MockResponse.Builder().onResponseStart(BREAK).build());
    StringWriter shown = new StringWriter();
    for (int i = 0; i < 4; i++) {
      failure("POST /users").printStackTrace(new PrintWriter(shown, true));
    }
    clerk.close();
    failure("POST /users").printStackTrace(new PrintWriter(shown, true));
    shown.append(settings(KEY, AMPLE).toString()).append(KEY.toString());
    assertThat(shown.toString()).contains("ClerkException").doesNotContain("notarealkey");
  }
}
