package dev.clerkmcp.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * A request for an operation, as values that a test can change before it sends them.
 *
 * @param variables the values of the path variables, by name
 * @param query the query parameters; an array is a parameter with several values
 * @param body the JSON body or the parts of the form; null if the operation takes no body
 */
record OperationRequest(
    ApiOperation operation,
    Map<String, String> variables,
    ObjectNode query,
    @Nullable JsonNode body) {
  private static final MediaType PNG = MediaType.get("image/png");
  private static final MediaType EMPTY_FORM = MediaType.get("multipart/form-data; boundary=none");

  OperationRequest withBody(JsonNode other) {
    return new OperationRequest(operation, variables, query, other);
  }

  OperationRequest withVariable(String name, String value) {
    Map<String, String> changed = new HashMap<>(variables);
    changed.put(name, value);
    return new OperationRequest(operation, changed, query, body);
  }

  /** Whether the request asks for a page with a total count instead of the documented array. */
  boolean paginated() {
    return query.path("paginated").asBoolean() && SandboxCalls.CONTRACT.answersArray(operation);
  }

  /** Whether this request has values for all path variables of another operation. */
  boolean hasVariablesOf(ApiOperation other) {
    return other.segments().stream()
        .filter(segment -> segment.startsWith("{"))
        .allMatch(segment -> variables.containsKey(segment.substring(1, segment.length() - 1)));
  }

  /** The HTTP request with key and version. */
  Request.Builder toHttp() {
    return toHttp(body == null ? RequestBody.EMPTY : body(operation, body));
  }

  /** The HTTP request with other bytes as its body. */
  Request.Builder toHttp(RequestBody bytes) {
    boolean bodiless = operation.method().equals("GET") || operation.body() == null;
    boolean needsBody = !List.of("GET", "DELETE").contains(operation.method());
    return new Request.Builder()
        .url(url())
        .header("Authorization", "Bearer " + Sandbox.SECRET_KEY)
        .header("Clerk-API-Version", "2026-05-12")
        .method(operation.method(), bodiless ? (needsBody ? RequestBody.EMPTY : null) : bytes);
  }

  @Override
  public String toString() {
    return "%s %s %s %s"
        .formatted(
            operation.method(),
            url().encodedPath(),
            query.isEmpty() ? "" : "?" + query,
            body == null ? "" : body)
        .replaceAll(" +", " ");
  }

  private HttpUrl url() {
    HttpUrl.Builder url = HttpUrl.get(Sandbox.BASE_URL).newBuilder();
    for (String segment : operation.segments()) {
      String name = segment.startsWith("{") ? segment.substring(1, segment.length() - 1) : "";
      url.addPathSegment(name.isEmpty() ? segment : variables.getOrDefault(name, "missing"));
    }
    for (Map.Entry<String, JsonNode> parameter : query.properties()) {
      String name = parameter.getKey();
      List<String> values = new ArrayList<>();
      if (parameter.getValue().isArray()) {
        parameter.getValue().forEach(value -> values.add(value.asText()));
      } else {
        values.add(parameter.getValue().asText());
      }
      if (operation.joinedByCommas().contains(name)) {
        url.addQueryParameter(name, String.join(",", values));
      } else {
        values.forEach(value -> url.addQueryParameter(name, value));
      }
    }
    return url.build();
  }

  private static RequestBody body(ApiOperation operation, JsonNode body) {
    if (!operation.form()) {
      return RequestBody.create(body.toString(), SandboxCalls.JSON);
    }
    MultipartBody.Builder form = new MultipartBody.Builder().setType(MultipartBody.FORM);
    for (Map.Entry<String, JsonNode> part : body.properties()) {
      if (part.getKey().equals("file")) {
        RequestBody image = RequestBody.create(part.getValue().asText().getBytes(UTF_8), PNG);
        form.addFormDataPart("file", "image.png", image);
      } else {
        form.addFormDataPart(part.getKey(), part.getValue().asText());
      }
    }
    // OkHttp makes no form without parts.
    return body.isEmpty() ? RequestBody.create("--none--\r\n", EMPTY_FORM) : form.build();
  }
}
