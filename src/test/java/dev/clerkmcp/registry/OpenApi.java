package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.ClerkOpenApi;
import dev.clerkmcp.registry.text.SnakeCase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Clerk's OpenAPI file, reduced to what a declaration can say about an operation. */
final class OpenApi {
  /** Stands for the name of a body that is an array. */
  static final String WHOLE_BODY = "(body)";

  private final JsonNode file;
  private final Map<String, Operation> operations = new HashMap<>();

  private OpenApi(JsonNode file) {
    this.file = file;
    for (Map.Entry<String, JsonNode> path : file.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        String name = method.getKey().toUpperCase(Locale.ROOT);
        operations.put(name + " " + SnakeCase.of(path.getKey()), operation(method.getValue()));
      }
    }
  }

  static OpenApi read(Path yaml) throws IOException {
    return new OpenApi(ClerkOpenApi.read(yaml));
  }

  /** All operations, as {@code GET /users/{user_id}}. */
  Set<String> routes() {
    return operations.keySet();
  }

  /** The operation at a method and path template, its variables in snake_case. */
  @Nullable Operation find(String method, String path) {
    return operations.get(method + " " + path);
  }

  private Operation operation(JsonNode operation) {
    Map<String, Argument> arguments = new TreeMap<>();
    for (JsonNode reference : operation.path("parameters")) {
      JsonNode parameter = resolve(reference);
      String name = parameter.path("name").asText();
      String place = parameter.path("in").asText();
      boolean exploded = parameter.path("explode").asBoolean(true);
      add(
          arguments,
          place.equals("path") ? SnakeCase.of(name) : name,
          parameter.path("schema"),
          exploded ? place : place + ", joined by commas",
          parameter.path("required").asBoolean(),
          parameter.path("deprecated").asBoolean());
    }
    JsonNode content = resolve(operation.path("requestBody")).path("content");
    for (Map.Entry<String, JsonNode> body : content.properties()) {
      String place = body.getKey().startsWith("multipart/") ? "form" : "body";
      JsonNode schema = resolve(body.getValue().path("schema"));
      if (schema.path("type").asText().equals("array")) {
        add(arguments, WHOLE_BODY, schema, place, true, false);
      } else {
        addProperties(arguments, "", schema, place);
      }
    }
    return new Operation(arguments, isList(answer(operation)));
  }

  private void addProperties(
      Map<String, Argument> arguments, String prefix, JsonNode object, String place) {
    List<String> required = required(object);
    properties(object)
        .forEach(
            (name, schema) ->
                add(arguments, prefix + name, schema, place, required.contains(name), false));
  }

  private void add(
      Map<String, Argument> arguments,
      String name,
      JsonNode reference,
      String place,
      boolean required,
      boolean deprecated) {
    JsonNode schema = resolve(reference);
    arguments.put(
        name,
        new Argument(
            form(schema) + " in " + place,
            required,
            schema.path("nullable").asBoolean(),
            deprecated || schema.path("deprecated").asBoolean()));
    if (schema.has("items")) {
      addProperties(arguments, name + "[].", resolve(schema.path("items")), place);
    } else {
      addProperties(arguments, name + ".", schema, place);
    }
  }

  private String form(JsonNode reference) {
    JsonNode schema = resolve(reference);
    String type = schema.path("type").asText("object"); // what has no type is free JSON
    if (schema.has("enum")) {
      List<String> words = new ArrayList<>();
      schema.path("enum").forEach(word -> words.add(word.asText()));
      return type + Argument.oneOf(words);
    }
    return switch (type) {
      case "array" ->
          Argument.array(
              form(schema.path("items")), bound(schema, "minItems"), bound(schema, "maxItems"));
      // The only numbers among Clerk's inputs are limits, offsets and seconds.
      case "integer", "number" ->
          Argument.integer(bound(schema, "minimum"), bound(schema, "maximum"));
      case "string" ->
          schema.path("format").asText().equals("binary")
              ? "file"
              : Argument.string(bound(schema, "minLength"), bound(schema, "maxLength"));
      default -> type;
    };
  }

  private static @Nullable Long bound(JsonNode schema, String name) {
    if (!schema.has(name)) {
      return null;
    }
    boolean exclusive = name.equals("minimum") && schema.path("exclusiveMinimum").asBoolean();
    return schema.path(name).asLong() + (exclusive ? 1 : 0);
  }

  private JsonNode answer(JsonNode operation) {
    JsonNode ok = resolve(operation.path("responses").path("200"));
    return resolve(ok.path("content").path("application/json").path("schema"));
  }

  private boolean isList(JsonNode answer) {
    return answer.path("type").asText().equals("array")
        || properties(answer).keySet().containsAll(List.of("data", "total_count"))
        || properties(answer).keySet().containsAll(List.of("m2m_tokens", "total_count"));
  }

  /** The properties of a schema and of those it is composed of. */
  private Map<String, JsonNode> properties(JsonNode schema) {
    Map<String, JsonNode> all = new LinkedHashMap<>();
    for (JsonNode part : schema.path("allOf")) {
      all.putAll(properties(resolve(part)));
    }
    schema.path("properties").properties().forEach(p -> all.put(p.getKey(), p.getValue()));
    return all;
  }

  private List<String> required(JsonNode schema) {
    List<String> all = new ArrayList<>();
    for (JsonNode part : schema.path("allOf")) {
      all.addAll(required(resolve(part)));
    }
    schema.path("required").forEach(name -> all.add(name.asText()));
    return all;
  }

  private JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? resolve(file.at(node.path("$ref").asText().substring(1))) : node;
  }

  /**
   * One operation.
   *
   * @param arguments by name; what an object holds is named {@code object.property}, what the
   *     objects of an array hold {@code array[].property}
   * @param answersList whether it answers an array, or an object with data and total_count
   */
  record Operation(Map<String, Argument> arguments, boolean answersList) {}

  /**
   * What can be said about an argument.
   *
   * @param form its type, bounds and place, in words: {@code integer from 1 to 500 in query}
   * @param nullable whether null is a value
   */
  record Argument(String form, boolean required, boolean nullable, boolean deprecated) {

    static String oneOf(List<String> words) {
      return " of " + words.stream().sorted().toList();
    }

    static String array(String item, @Nullable Long min, @Nullable Long max) {
      return "array of %s%s%s"
          .formatted(
              min == null ? "" : "at least %s ".formatted(min),
              max == null ? "" : "at most %s ".formatted(max),
              item);
    }

    static String string(@Nullable Long min, @Nullable Long max) {
      return "string"
          + (min == null ? "" : " from length %s".formatted(min))
          + (max == null ? "" : " to length %s".formatted(max));
    }

    static String integer(@Nullable Long min, @Nullable Long max) {
      return "integer"
          + (min == null ? "" : " from %s".formatted(min))
          + (max == null ? "" : " to %s".formatted(max));
    }
  }
}
