package dev.clerkmcp.clerk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.Endpoint.Payload;
import dev.clerkmcp.json.LoneSurrogates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** Builds the HTTP request of an endpoint from its arguments. */
final class RequestFactory {
  private static final MediaType JSON = MediaType.get("application/json");

  private final HttpUrl baseUrl;

  RequestFactory(HttpUrl baseUrl) {
    this.baseUrl = baseUrl;
  }

  /**
   * Builds the request.
   *
   * @param image the image of a form; a preview has none, and the path in its place
   * @throws IllegalArgumentException if a path variable is missing, or would change the path
   */
  Request.Builder request(Endpoint endpoint, ObjectNode arguments, @Nullable UploadFile image) {
    ObjectNode rest = arguments.deepCopy();
    HttpUrl.Builder url = baseUrl.newBuilder();
    for (String segment : endpoint.segments()) {
      url.addPathSegment(
          Endpoint.isVariable(segment) ? take(rest, Endpoint.variable(segment)) : segment);
    }
    endpoint.fixedQuery().forEach(url::addQueryParameter);
    RequestBody body = body(endpoint.payload(), rest, image, url);
    return new Request.Builder().url(url.build()).method(endpoint.method(), body);
  }

  private static String take(ObjectNode rest, String variable) {
    JsonNode value = rest.remove(variable);
    String text = value == null ? "" : value.asText();
    // A URL drops such a segment, so the request would reach another operation.
    if (text.isEmpty() || text.equals(".") || text.equals("..")) {
      throw new IllegalArgumentException(variable + " cannot stand in a path: '" + text + "'");
    }
    return text;
  }

  private static @Nullable RequestBody body(
      Payload payload, ObjectNode rest, @Nullable UploadFile image, HttpUrl.Builder url) {
    if (payload instanceof Payload.Query query) {
      for (Map.Entry<String, JsonNode> argument : rest.properties()) {
        boolean joined = query.joined().contains(argument.getKey());
        JsonNode value = argument.getValue();
        addQuery(url, argument.getKey(), joined ? joined(value) : value);
      }
      return null;
    }
    if (payload instanceof Payload.Empty) {
      return RequestBody.EMPTY;
    }
    if (payload instanceof Payload.JsonValue value) {
      return RequestBody.create(json(rest.path(value.argument())), JSON);
    }
    if (payload instanceof Payload.Form form) {
      return form(form.imageArgument(), rest, image);
    }
    return RequestBody.create(json(rest), JSON);
  }

  /** Escapes lone surrogates, for which OkHttp would send question marks. */
  private static String json(JsonNode value) {
    return LoneSurrogates.escaped(value.toString());
  }

  private static JsonNode joined(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.asText()));
    return TextNode.valueOf(String.join(",", texts));
  }

  private static void addQuery(HttpUrl.Builder url, String name, JsonNode value) {
    if (value.isArray()) {
      value.forEach(item -> url.addQueryParameter(name, item.asText()));
    } else if (!value.isNull()) {
      url.addQueryParameter(name, value.asText());
    }
  }

  private static RequestBody form(
      String imageArgument, ObjectNode rest, @Nullable UploadFile image) {
    MultipartBody.Builder form = new MultipartBody.Builder().setType(MultipartBody.FORM);
    for (Map.Entry<String, JsonNode> argument : rest.properties()) {
      String name = argument.getKey();
      String value = argument.getValue().asText();
      if (name.equals(imageArgument) && image != null) {
        form.addFormDataPart(
            name,
            image.path().getFileName().toString(),
            RequestBody.create(image.bytes(), MediaType.get(image.mediaType())));
      } else {
        form.addFormDataPart(name, value);
      }
    }
    return form.build();
  }
}
