package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.ClerkOpenApi;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.text.SnakeCase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Lists every text field of Clerk's requests and answers, from a description of the API. */
final class ClerkFields {
  private static final String CONTRACT = "/dev/clerkmcp/sandbox/contract.jsonl";

  /** The prefix of references in schemas. */
  private final JsonNode root;

  private final Map<String, SortedMap<String, String>> answered = new HashMap<>();
  private final Map<String, SortedMap<String, String>> taken = new HashMap<>();

  private ClerkFields(JsonNode root) {
    this.root = root;
  }

  /** The fields of the sandbox's contract, which has no descriptions. */
  static ClerkFields ofContract() throws IOException {
    ObjectNode root = Json.object();
    ObjectNode definitions = root.putObject("$defs");
    List<JsonNode> operations = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(ClerkFields.class.getResourceAsStream(CONTRACT)),
                StandardCharsets.UTF_8))) {
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        JsonNode line = Json.read(text);
        if (line.has("schema")) {
          definitions.set(line.path("schema").asText(), line.path("is"));
        } else {
          operations.add(line);
        }
      }
    }
    ClerkFields fields = new ClerkFields(root);
    for (JsonNode operation : operations) {
      String[] parts = operation.path("operation").asText().split(" ", -1);
      String route = parts[0] + " " + SnakeCase.of(parts[1]);
      fields.add(route, operation.path("answer"), operation.path("body"));
      fields.collect(operation.path("query"), "", new TreeSet<>(), fields.taken(route));
    }
    return fields;
  }

  /** The fields of Clerk's OpenAPI file. */
  static ClerkFields ofOpenApi(Path yaml) throws IOException {
    JsonNode file = ClerkOpenApi.read(yaml);
    ClerkFields fields = new ClerkFields(file);
    for (Map.Entry<String, JsonNode> path : file.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        JsonNode operation = method.getValue();
        String route = method.getKey().toUpperCase(Locale.ROOT) + " " + SnakeCase.of(path.getKey());
        JsonNode success = fields.success(operation.path("responses"));
        JsonNode body = fields.resolve(operation.path("requestBody")).path("content");
        fields.add(
            route,
            success.path("content").path("application/json").path("schema"),
            body.path("application/json").path("schema"));
        for (JsonNode reference : operation.path("parameters")) {
          JsonNode parameter = fields.resolve(reference);
          if (parameter.path("in").asText().equals("query")) {
            fields
                .taken(route)
                .put(parameter.path("name").asText(), parameter.path("description").asText());
          }
        }
      }
    }
    return fields;
  }

  /** The paths of the answer's fields, with their descriptions. */
  SortedMap<String, String> answered(String route) {
    return Objects.requireNonNull(answered.get(route), route);
  }

  /** The paths of the arguments in body and query, with their descriptions. */
  SortedMap<String, String> taken(String route) {
    return Objects.requireNonNull(taken.get(route), route);
  }

  private void add(String route, JsonNode answer, JsonNode body) {
    answered.put(route, new TreeMap<>());
    taken.put(route, new TreeMap<>());
    collect(answer, "", new TreeSet<>(), answered(route));
    collect(body, "", new TreeSet<>(), taken(route));
  }

  private void collect(
      JsonNode schema, String path, Set<String> within, SortedMap<String, String> fields) {
    String reference = schema.path("$ref").asText();
    if (!reference.isEmpty()) {
      if (!within.contains(reference)) {
        Set<String> further = new TreeSet<>(within);
        further.add(reference);
        collect(root.at(reference.substring(1)), path, further, fields);
      }
      return;
    }
    for (String composed : List.of("allOf", "anyOf", "oneOf")) {
      schema.path(composed).forEach(part -> collect(part, path, within, fields));
    }
    if (schema.has("items")) {
      collect(schema.path("items"), path + "[]", within, fields);
    }
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String name = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
      JsonNode field = resolve(property.getValue());
      if (isText(field)) {
        fields.merge(name, field.path("description").asText(), (a, b) -> a + " " + b);
      }
      collect(property.getValue(), name, within, fields);
    }
  }

  /** Text of any content, a list of such, or an object of any content. */
  private boolean isText(JsonNode schema) {
    if (schema.has("enum") || schema.has("properties")) {
      return false;
    }
    if (schema.has("items")) {
      return isText(resolve(schema.path("items")));
    }
    String type = schema.path("type").toString();
    return type.contains("string") || type.contains("object");
  }

  private JsonNode success(JsonNode responses) {
    for (Map.Entry<String, JsonNode> response : responses.properties()) {
      if (response.getKey().startsWith("2")) {
        return resolve(response.getValue());
      }
    }
    return Json.object();
  }

  private JsonNode resolve(JsonNode schema) {
    String reference = schema.path("$ref").asText();
    return reference.isEmpty() ? schema : resolve(root.at(reference.substring(1)));
  }
}
