package dev.clerkmcp.sandbox.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import dev.clerkmcp.ClerkOpenApi;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Finds deviations of responses from Clerk's documentation. */
public final class ResponseValidator {
  private static final String DOCUMENT = "https://clerk.sandbox.invalid/answers";
  private static final String PAGINATED = "paginated ";

  private final String name;
  private final SchemaRegistry registry;
  private final Map<String, String> places;
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

  private ResponseValidator(String name, SchemaRegistry registry, Map<String, String> places) {
    this.name = name;
    this.registry = registry;
    this.places = Map.copyOf(places);
  }

  /** A validator by the contract in the jar. */
  public static ResponseValidator ofContract(ApiContract contract) {
    Map<String, JsonNode> answers = new HashMap<>();
    for (ApiOperation operation : contract.operations()) {
      if (operation.answer() != null) {
        answers.put(operation.route(), operation.answer());
      }
    }
    ObjectNode document = Json.object();
    document.set("$defs", contract.schemas());
    return of("contract", document, answers, Dialects.getDraft202012());
  }

  /**
   * A validator by Clerk's OpenAPI file as it is, so that a mistake in its conversion to the
   * contract shows. The library supports the dialect of OpenAPI 3.0.
   */
  public static ResponseValidator ofOpenApi(Path yaml) throws IOException {
    ObjectNode file = (ObjectNode) ClerkOpenApi.read(yaml);
    Map<String, JsonNode> answers = new HashMap<>();
    for (Map.Entry<String, JsonNode> path : file.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        for (Map.Entry<String, JsonNode> answer :
            method.getValue().path("responses").properties()) {
          JsonNode schema =
              resolve(file, answer.getValue()).at("/content/application~1json/schema");
          if (answer.getKey().startsWith("2") && !schema.isMissingNode()) {
            String verb = method.getKey().toUpperCase(Locale.ROOT);
            answers.put(verb + " " + path.getKey(), schema);
          }
        }
      }
    }
    return of("OpenAPI file", file, answers, Dialects.getOpenApi30());
  }

  /**
   * The deviations of a response; empty if it is as documented.
   *
   * @param paginated whether the request asked for rows with their total count, where the
   *     documented answer is the rows alone
   */
  public List<String> complaints(ApiOperation operation, boolean paginated, JsonNode answer) {
    String place = places.get((paginated ? PAGINATED : "") + operation.route());
    if (place == null) {
      return answer.isMissingNode() ? List.of() : List.of("an answer where none is documented");
    }
    if (answer.isMissingNode()) {
      return List.of("no answer");
    }
    List<String> complaints = new ArrayList<>();
    schema(place)
        .validate(answer)
        .forEach(
            error ->
                complaints.add(
                    "%s (%s at %s)"
                        .formatted(
                            error,
                            shortened(answer, error.getInstanceLocation().toString()),
                            error.getSchemaLocation().getFragment())));
    return complaints;
  }

  /** The name of the source, for messages. */
  @Override
  public String toString() {
    return name;
  }

  private static ResponseValidator of(
      String name, ObjectNode document, Map<String, JsonNode> answers, Dialect dialect) {
    Map<String, String> places = new HashMap<>();
    ObjectNode all = document.putObject("answers");
    answers.forEach(
        (route, answer) -> {
          places.put(route, "rows" + places.size());
          places.put(PAGINATED + route, "page" + places.size());
          all.set(places.get(route), answer);
          all.set(places.get(PAGINATED + route), page(answer));
        });
    SchemaRegistry registry =
        SchemaRegistry.withDefaultDialect(
            dialect,
            builder ->
                builder
                    .schemas(Map.of(DOCUMENT, document.toString()))
                    .schemaRegistryConfig(
                        SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
    return new ResponseValidator(name, registry, places);
  }

  private Schema schema(String place) {
    return schemas.computeIfAbsent(
        place, key -> registry.getSchema(SchemaLocation.of(DOCUMENT + "#/answers/" + key)));
  }

  private static ObjectNode page(JsonNode rows) {
    ObjectNode page = Json.object().put("type", "object").put("additionalProperties", false);
    page.putArray("required").add("data").add("total_count");
    ObjectNode properties = page.putObject("properties");
    properties.set("data", rows);
    properties.putObject("total_count").put("type", "integer");
    return page;
  }

  private static JsonNode resolve(JsonNode file, JsonNode node) {
    return node.has("$ref")
        ? resolve(file, file.at(node.path("$ref").asText().substring(1)))
        : node;
  }

  private static String shortened(JsonNode answer, String pointer) {
    JsonNode value = pointer.isEmpty() ? answer : answer.at(pointer);
    String text = value.toString();
    return text.length() > 120 ? text.substring(0, 120) + "..." : text;
  }
}
