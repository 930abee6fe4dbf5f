package dev.clerkmcp.sandbox.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.ClerkOpenApi;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Converts Clerk's OpenAPI file to the contract: the structure of every operation and object in
 * JSON Schema 2020-12, without Clerk's descriptions.
 */
final class ContractFile {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  /** The keywords about the structure of values; others are descriptions, examples, extensions. */
  private static final List<String> STRUCTURE =
      List.of(
          "type",
          "format",
          "default",
          "minimum",
          "maximum",
          "minLength",
          "maxLength",
          "pattern",
          "minItems",
          "maxItems",
          "uniqueItems",
          "required");

  /** Values of the parameter may begin with a sign that includes or excludes them. */
  private static final Pattern SIGNED = Pattern.compile("prefix|`[+-]`");

  private static final Pattern DIRECTION =
      Pattern.compile("In order to specify|To specify|Use `|By prepending");
  private static final Pattern QUOTED = Pattern.compile("`([a-z0-9_]+)`");
  private static final Pattern FIELD = Pattern.compile("[a-z]+_[a-z]+|username");

  private static final String COMPONENTS = "#/components/schemas/";

  private final JsonNode file;

  private ContractFile(JsonNode file) {
    this.file = file;
  }

  /** The lines of the contract: the operations in the order of Clerk's file, then the schemas. */
  static String read(Path yaml) throws IOException {
    return new ContractFile(ClerkOpenApi.read(yaml)).lines();
  }

  private String lines() {
    StringBuilder lines = new StringBuilder();
    for (Map.Entry<String, JsonNode> path : file.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        if (METHODS.contains(method.getKey())) {
          String route = method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey();
          lines.append(operation(route, method.getValue())).append('\n');
        }
      }
    }
    TreeMap<String, JsonNode> schemas = new TreeMap<>();
    file.at("/components/schemas")
        .properties()
        .forEach(schema -> schemas.put(schema.getKey(), schema.getValue()));
    schemas.forEach(
        (name, schema) -> {
          ObjectNode line = Json.object().put("schema", name);
          line.set("is", structure(schema, false));
          lines.append(line).append('\n');
        });
    return lines.toString();
  }

  private ObjectNode operation(String route, JsonNode operation) {
    ObjectNode line = Json.object().put("operation", route);
    if (operation.path("deprecated").asBoolean()) {
      line.put("deprecated", true);
    }
    line.set("query", query(operation));
    setParameterFacts(line, operation);
    JsonNode content = resolve(operation.path("requestBody")).path("content");
    for (Map.Entry<String, JsonNode> body : content.properties()) {
      if (body.getKey().startsWith("multipart/")) {
        line.put("form", true);
      }
      line.set("body", structure(body.getValue().path("schema"), true));
    }
    for (Map.Entry<String, JsonNode> response : operation.path("responses").properties()) {
      if (response.getKey().startsWith("2")) {
        line.put("status", Integer.parseInt(response.getKey()));
        JsonNode answer = resolve(response.getValue()).path("content").path("application/json");
        if (answer.has("schema")) {
          line.set("answer", structure(answer.path("schema"), false));
        }
        break;
      }
    }
    return line;
  }

  /**
   * What Clerk says about query parameters besides their types: how they are written and sorted.
   */
  private void setParameterFacts(ObjectNode line, JsonNode operation) {
    ArrayNode joined = Json.array();
    ArrayNode signed = Json.array();
    ArrayNode orders = Json.array();
    for (JsonNode reference : operation.path("parameters")) {
      JsonNode parameter = resolve(reference);
      if (!parameter.path("in").asText().equals("query")) {
        continue;
      }
      String description = parameter.path("description").asText();
      if (!parameter.path("explode").asBoolean(true)) {
        joined.add(parameter.path("name"));
      }
      if (parameter.path("name").asText().equals("order_by")) {
        orders(description).forEach(orders::add);
      } else if (SIGNED.matcher(description).find()) {
        signed.add(parameter.path("name"));
      }
    }
    Map.of("joined_by_commas", joined, "signed", signed, "orders", orders).entrySet().stream()
        .filter(fact -> !fact.getValue().isEmpty())
        .sorted(Map.Entry.comparingByKey())
        .forEach(fact -> line.set(fact.getKey(), fact.getValue()));
  }

  /** The fields that a list can be sorted by: Clerk names them before it explains the direction. */
  private static List<String> orders(String description) {
    String fields = DIRECTION.split(description, 2)[0];
    List<String> quoted = QUOTED.matcher(fields).results().map(found -> found.group(1)).toList();
    return quoted.isEmpty()
        ? FIELD.matcher(fields).results().map(MatchResult::group).toList()
        : quoted;
  }

  private ObjectNode query(JsonNode operation) {
    ObjectNode properties = Json.object();
    ArrayNode required = Json.array();
    for (JsonNode reference : operation.path("parameters")) {
      JsonNode parameter = resolve(reference);
      if (parameter.path("in").asText().equals("query")) {
        String name = parameter.path("name").asText();
        properties.set(name, structure(parameter.path("schema"), true));
        if (parameter.path("required").asBoolean()) {
          required.add(name);
        }
      }
    }
    ObjectNode query = Json.object().put("type", "object");
    query.set("properties", properties);
    if (!required.isEmpty()) {
      query.set("required", required);
    }
    return query;
  }

  /**
   * Converts a schema of OpenAPI 3.0 to JSON Schema.
   *
   * @param closed for what is sent to Clerk: an object then takes only the keys that it names, and
   *     references are written out, since in answers the same object may be open
   */
  private JsonNode structure(JsonNode schema, boolean closed) {
    if (schema.has("$ref")) {
      String reference = schema.path("$ref").asText();
      return closed
          ? structure(resolve(schema), true)
          : Json.object().put("$ref", "#/$defs/" + reference.substring(COMPONENTS.length()));
    }
    ObjectNode result = Json.object();
    for (String keyword : STRUCTURE) {
      if (schema.has(keyword)) {
        result.set(keyword, schema.path(keyword));
      }
    }
    if (schema.path("exclusiveMinimum").asBoolean()) {
      result.set("exclusiveMinimum", result.remove("minimum"));
    }
    if (schema.has("enum")) {
      result.set("enum", schema.path("enum"));
    }
    if (schema.has("items")) {
      result.set("items", structure(schema.path("items"), closed));
    }
    for (String composition : List.of("allOf", "anyOf", "oneOf")) {
      if (schema.has(composition)) {
        ArrayNode parts = result.putArray(composition);
        schema.path(composition).forEach(part -> parts.add(structure(part, closed)));
      }
    }
    if (schema.has("properties")) {
      ObjectNode properties = result.putObject("properties");
      schema
          .path("properties")
          .properties()
          .forEach(p -> properties.set(p.getKey(), structure(p.getValue(), closed)));
    }
    if (schema.has("additionalProperties")) {
      JsonNode more = schema.path("additionalProperties");
      result.set("additionalProperties", more.isObject() ? structure(more, closed) : more);
    } else if (closed && schema.has("properties")) {
      result.put("additionalProperties", false);
    }
    return schema.path("nullable").asBoolean() ? nullable(result) : result;
  }

  private static ObjectNode nullable(ObjectNode schema) {
    boolean composed = List.of("allOf", "anyOf", "oneOf").stream().anyMatch(schema::has);
    if (composed || !schema.has("type")) {
      ObjectNode either = Json.object();
      either.putArray("anyOf").add(schema).add(Json.object().put("type", "null"));
      return either;
    }
    JsonNode type = schema.path("type");
    schema.set("type", Json.array().add(type).add("null"));
    if (schema.path("enum") instanceof ArrayNode words && !words.toString().contains("null")) {
      schema.set("enum", words.deepCopy().add(JsonNodeFactory.instance.nullNode()));
    }
    return schema;
  }

  private JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? resolve(file.at(node.path("$ref").asText().substring(1))) : node;
  }
}
