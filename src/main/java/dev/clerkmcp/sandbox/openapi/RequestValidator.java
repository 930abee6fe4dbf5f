package dev.clerkmcp.sandbox.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.clerkmcp.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Checks requests against the contract, and rejects invalid ones with Clerk's error codes. */
public final class RequestValidator {
  private static final int MAX_VALUES = 100;

  /** A body that is a list. */
  private static final String TOO_MANY = "bulk_size_exceeded";

  private final SchemaRegistry schemas =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<String, Schema> bodies = new ConcurrentHashMap<>();
  private final Map<String, Schema> queries = new ConcurrentHashMap<>();

  /**
   * Converts a query to its declared types. Like Clerk, it ignores unknown parameters, and a limit
   * that is out of range.
   *
   * @param query the decoded values of each parameter, in their order
   * @throws ApiError with status 422 for a value of the wrong type, and for more than 100 values
   */
  public ObjectNode query(ApiOperation operation, Map<String, List<String>> query) {
    ObjectNode typed = Json.object();
    for (Map.Entry<String, JsonNode> declared : operation.query().path("properties").properties()) {
      String name = declared.getKey();
      List<String> values = query.getOrDefault(name, List.of());
      if (values.isEmpty()) {
        continue;
      }
      if (declared.getValue().path("type").asText().equals("array")) {
        typed.set(name, array(name, split(operation, name, values)));
      } else {
        JsonNode value = typed(declared.getValue(), values.get(values.size() - 1));
        if (!name.equals("limit") || isWithin(value, declared.getValue())) {
          typed.set(name, value);
        }
      }
    }
    throwIfInvalid(
        queries
            .computeIfAbsent(operation.route(), route -> schemas.getSchema(operation.query()))
            .validate(typed));
    return typed;
  }

  /**
   * Parses and checks a JSON body.
   *
   * @param text empty if the request has no body
   * @throws ApiError with status 400 if it is not JSON, with 422 for unknown keys, wrong types and
   *     values out of their limits
   */
  public JsonNode body(ApiOperation operation, String text) {
    JsonNode declared = operation.body();
    if (declared == null) {
      return MissingNode.getInstance(); // Clerk ignores a body that it does not expect
    }
    JsonNode body;
    try {
      body = text.isBlank() ? Json.object() : Json.read(text);
    } catch (JsonProcessingException e) {
      throw ApiError.of(400, "request_body_invalid", "The request body is not JSON.");
    }
    return checked(operation, body);
  }

  /** Checks a parsed body, such as the parts of a form by name. */
  public JsonNode checked(ApiOperation operation, JsonNode body) {
    JsonNode declared = operation.body();
    if (declared != null) {
      throwIfInvalid(
          bodies
              .computeIfAbsent(operation.route(), route -> schemas.getSchema(declared))
              .validate(body));
    }
    return body;
  }

  private static List<String> split(ApiOperation operation, String name, List<String> values) {
    return operation.joinedByCommas().contains(name)
        ? List.of(String.join(",", values).split(",", -1))
        : values;
  }

  private static ArrayNode array(String name, List<String> values) {
    if (values.size() > MAX_VALUES) {
      throw ApiError.invalid(
          "form_param_array_size_exceeded", name, "%s takes at most %s values.", name, MAX_VALUES);
    }
    ArrayNode array = Json.array();
    values.forEach(array::add);
    return array;
  }

  /** Converts a value to the schema's type; if it cannot, the validation rejects the text. */
  private static JsonNode typed(JsonNode schema, String value) {
    String type =
        schema.path("type").isArray()
            ? schema.at("/type/0").asText()
            : schema.path("type").asText();
    boolean parses =
        switch (type) {
          case "integer", "number" -> value.matches("-?\\d{1,18}(\\.\\d{1,9})?");
          case "boolean" -> value.matches("true|false");
          default -> false;
        };
    try {
      return parses ? Json.read(value) : TextNode.valueOf(value);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(value);
    }
  }

  private static boolean isWithin(JsonNode number, JsonNode schema) {
    long value = number.asLong(Long.MIN_VALUE);
    return !number.isNumber()
        || (value >= schema.path("minimum").asLong(Long.MIN_VALUE)
            && value <= schema.path("maximum").asLong(Long.MAX_VALUE));
  }

  private static void throwIfInvalid(List<Error> errors) {
    List<ApiError.Reason> reasons = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Error error : errors) {
      ApiError.Reason reason = reason(error);
      if (seen.add(reason.parameter() + " " + reason.code())) {
        reasons.add(reason);
      }
    }
    if (!reasons.isEmpty()) {
      boolean bulk = reasons.stream().allMatch(reason -> reason.code().equals(TOO_MANY));
      throw new ApiError(bulk ? 400 : 422, reasons);
    }
  }

  private static ApiError.Reason reason(Error error) {
    String place = place(error);
    return switch (error.getKeyword()) {
      case "additionalProperties" ->
          reason(
              "form_param_unknown",
              join(place, error.getProperty()),
              "is not a valid parameter for this request");
      case "required" ->
          reason("form_param_missing", join(place, error.getProperty()), "must be included");
      case "type" -> reason("form_param_type_invalid", place, "is of the wrong type");
      case "enum", "const" -> reason("form_param_value_invalid", place, "does not take this value");
      case "minLength", "minItems" ->
          reason("form_param_min_length_exceeded", place, "is too short");
      case "maxLength" -> reason("form_param_max_length_exceeded", place, "is too long");
      case "maxItems" ->
          reason(
              place.isEmpty() ? TOO_MANY : "form_param_array_size_exceeded",
              place,
              "has too many values");
      case "minimum", "exclusiveMinimum" ->
          reason("form_param_value_invalid", place, "is too small");
      case "maximum", "exclusiveMaximum" ->
          reason("form_param_value_too_large", place, "is too large");
      case "uniqueItems" -> reason("form_param_duplicate", place, "has a value twice");
      default -> reason("form_param_format_invalid", place, "is not of the right form");
    };
  }

  private static ApiError.Reason reason(String code, String parameter, String what) {
    String name = parameter.isEmpty() ? "The body" : parameter;
    return new ApiError.Reason(
        code, "%s %s.".formatted(name, what), parameter.isEmpty() ? null : parameter);
  }

  private static String place(Error error) {
    String pointer = error.getInstanceLocation().toString();
    return pointer.replaceFirst("^[/$.]+", "").replace('/', '.');
  }

  private static String join(String place, String property) {
    return place.isEmpty() ? property : place + "." + property;
  }
}
