package dev.clerkmcp.sandbox.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds the operations of Clerk's API 2026-05-12 with the schemas of their requests and responses.
 *
 * <p>The contract is derived from Clerk's published OpenAPI description (MIT, Copyright (c) 2025
 * Clerk).
 *
 * @see <a href="https://github.com/clerk/openapi-specs">Clerk's description</a>
 */
public final class ApiContract {
  private static final String FILE = "/dev/clerkmcp/sandbox/contract.jsonl";

  private final Map<String, ApiOperation> operations = new LinkedHashMap<>();
  private final ObjectNode schemas = Json.object();

  /** Sorted for matching: if two operations match a path, the one with fewer variables wins. */
  private final List<ApiOperation> byVariables;

  private ApiContract(BufferedReader lines) throws IOException {
    for (String text = lines.readLine(); text != null; text = lines.readLine()) {
      JsonNode line = Json.read(text);
      if (line.has("schema")) {
        schemas.set(line.path("schema").asText(), line.path("is"));
      } else {
        ApiOperation operation = operation(line);
        operations.put(operation.route(), operation);
      }
    }
    byVariables = new ArrayList<>(operations.values());
    byVariables.sort(
        Comparator.comparingInt(operation -> ApiOperation.variables(operation.template()).size()));
  }

  /** Reads the contract from the jar. */
  public static ApiContract load() {
    try (InputStream file = ApiContract.class.getResourceAsStream(FILE);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(file), StandardCharsets.UTF_8))) {
      return new ApiContract(lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All operations, in the order of Clerk's description. */
  public Collection<ApiOperation> operations() {
    return Collections.unmodifiableCollection(operations.values());
  }

  /**
   * The operation with a route such as {@code GET /users}.
   *
   * @throws IllegalArgumentException if Clerk has no such operation
   */
  public ApiOperation operation(String route) {
    ApiOperation operation = operations.get(route);
    if (operation == null) {
      throw new IllegalArgumentException("No operation of Clerk's API: " + route);
    }
    return operation;
  }

  /**
   * The operation of a request with the values of its path variables, or null.
   *
   * @param path the segments of the path after the API version
   */
  public @Nullable Match find(String method, List<String> path) {
    for (ApiOperation operation : byVariables) {
      if (operation.method().equals(method)) {
        Map<String, String> variables = operation.variablesOf(path);
        if (variables != null) {
          return new Match(operation, variables);
        }
      }
    }
    return null;
  }

  /** Whether an operation returns an array, rather than an object that contains the rows. */
  public boolean answersArray(ApiOperation operation) {
    JsonNode answer = operation.answer();
    return answer != null && resolve(answer).path("type").asText().equals("array");
  }

  /** Follows the references of a schema. */
  JsonNode resolve(JsonNode schema) {
    return schema.has("$ref")
        ? resolve(schemas.path(schema.path("$ref").asText().substring("#/$defs/".length())))
        : schema;
  }

  /** The schemas that can be referred to, by name. */
  public ObjectNode schemas() {
    return schemas;
  }

  private static ApiOperation operation(JsonNode line) {
    return new ApiOperation(
        line.path("operation").asText(),
        line.path("query"),
        Set.copyOf(texts(line.path("joined_by_commas"))),
        Set.copyOf(texts(line.path("signed"))),
        texts(line.path("orders")),
        line.get("body"),
        line.path("form").asBoolean(),
        line.path("status").asInt(),
        line.get("answer"),
        line.path("deprecated").asBoolean());
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return List.copyOf(texts);
  }

  /** An operation and the values of its path variables. */
  public record Match(ApiOperation operation, Map<String, String> variables) {}
}
