package dev.clerkmcp.sandbox.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that keeps to the contract.
 *
 * @param variables the values in the path, by name
 * @param query the query parameters, each of its declared type
 * @param body the body, missing where none came
 * @param live whether the secret key is that of a live instance
 */
public record ApiRequest(
    ApiOperation operation,
    Map<String, String> variables,
    ObjectNode query,
    JsonNode body,
    boolean live) {

  /** The value of a path variable. */
  public String variable(String name) {
    String value = variables.get(name);
    if (value == null) {
      throw new IllegalArgumentException("%s has no %s".formatted(operation.route(), name));
    }
    return value;
  }

  /** The body, empty where none came. */
  public ObjectNode fields() {
    return body instanceof ObjectNode object ? object : Json.object();
  }

  /** Whether the body has a value for the field; null is none. */
  public boolean has(String field) {
    return body.hasNonNull(field);
  }

  /** A text of the body, or null. */
  public @Nullable String text(String field) {
    return has(field) ? body.path(field).asText() : null;
  }

  /** A flag of the body. */
  public boolean flag(String field, boolean otherwise) {
    return has(field) ? body.path(field).asBoolean() : otherwise;
  }

  /** The texts of a list in the body, empty where it is absent; a single text counts as a list. */
  public List<String> texts(String field) {
    return list(body.path(field));
  }

  /** A query parameter, or null. */
  public @Nullable String parameter(String name) {
    return query.hasNonNull(name) ? query.path(name).asText() : null;
  }

  /** The values of a query parameter, empty where it is absent. */
  public List<String> parameters(String name) {
    return list(query.path(name));
  }

  private static List<String> list(JsonNode value) {
    List<String> texts = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(item -> texts.add(item.asText()));
    } else if (value.isValueNode() && !value.isNull()) {
      texts.add(value.asText());
    }
    return texts;
  }
}
