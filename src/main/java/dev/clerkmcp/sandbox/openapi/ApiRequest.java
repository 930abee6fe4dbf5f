package dev.clerkmcp.sandbox.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that has passed the checks of the contract.
 *
 * @param variables the values in the path, by name
 * @param query the query parameters, each of its declared type
 * @param body the body; a missing node if the request has none
 * @param live whether the secret key makes the sandbox a live instance
 * @param machineId the machine whose secret key the request has; null for the instance's own key
 */
public record ApiRequest(
    ApiOperation operation,
    Map<String, String> variables,
    ObjectNode query,
    JsonNode body,
    boolean live,
    @Nullable String machineId) {

  /** The same request without a query parameter. */
  public ApiRequest withoutParameter(String name) {
    ObjectNode rest = query.deepCopy();
    rest.remove(name);
    return new ApiRequest(operation, variables, rest, body, live, machineId);
  }

  /** The value of a path variable. */
  public String variable(String name) {
    String value = variables.get(name);
    if (value == null) {
      throw new IllegalArgumentException("%s has no %s".formatted(operation.route(), name));
    }
    return value;
  }

  /** The body; an empty object if the request has none. */
  public ObjectNode fields() {
    return body instanceof ObjectNode object ? object : Json.object();
  }

  /** Whether the body has a value other than null for the field. */
  public boolean has(String field) {
    return body.hasNonNull(field);
  }

  /** A text of the body, empty if it is absent. */
  public String field(String field) {
    return fields().path(field).asText();
  }

  /** A text of the body, or null if it is absent. */
  public @Nullable String text(String field) {
    return has(field) ? body.path(field).asText() : null;
  }

  /** A flag of the body, or the default if it is absent. */
  public boolean flag(String field, boolean defaultValue) {
    return has(field) ? body.path(field).asBoolean() : defaultValue;
  }

  /**
   * A time of the body in milliseconds since 1970, or null if it is absent.
   *
   * @param now the latest time allowed
   * @throws ApiError with status 422 if it is not a date of RFC 3339, or later than {@code now}
   */
  public @Nullable Long pastTime(String field, long now) {
    String text = text(field);
    if (text == null) {
      return null;
    }
    long time;
    try {
      time = OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeException e) {
      throw ApiError.invalid(
          "form_param_invalid_date",
          field,
          "%s must be a date such as 2026-01-31T09:30:00Z.",
          field);
    }
    if (time > now) {
      throw ApiError.invalid(
          "form_disallow_future_date", field, field + " must not be in the future.");
    }
    return time;
  }

  /** The texts of a list in the body, empty if it is absent; a single text counts as a list. */
  public List<String> texts(String field) {
    return list(body.path(field));
  }

  /** A query parameter, or null if it is absent. */
  public @Nullable String parameter(String name) {
    return query.hasNonNull(name) ? query.path(name).asText() : null;
  }

  /** The values of a query parameter, empty if it is absent. */
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
