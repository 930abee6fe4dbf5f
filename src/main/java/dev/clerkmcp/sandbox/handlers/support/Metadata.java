package dev.clerkmcp.sandbox.handlers.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.DeepMerge;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Merges, replaces and limits the metadata of objects: free JSON of at most 8 KB in each field
 * whose name ends in {@code _metadata}.
 */
public final class Metadata {
  private static final int MAX_BYTES = 8 * 1024;

  private Metadata() {}

  /**
   * Sets the public and private metadata of a new object, empty if the request has none.
   *
   * @throws ApiError with status 422 if one is too large
   */
  public static void create(ObjectNode row, JsonNode given) {
    for (String name : List.of("public_metadata", "private_metadata")) {
      row.set(name, given.path(name) instanceof ObjectNode object ? object : Json.object());
    }
    checkSize(row);
  }

  /**
   * Merges given metadata into that of an object, as {@link DeepMerge} does.
   *
   * @throws ApiError with status 422 if one becomes too large
   */
  public static void merge(ObjectNode row, JsonNode given) {
    for (Map.Entry<String, JsonNode> field : given.properties()) {
      if (isMetadata(field.getKey()) && field.getValue().isObject()) {
        row.set(field.getKey(), DeepMerge.of(row.path(field.getKey()), field.getValue()));
      }
    }
    checkSize(row);
  }

  /**
   * Replaces each given field; other metadata stays.
   *
   * @throws ApiError with status 422 if one is too large
   */
  public static void replace(ObjectNode row, JsonNode given) {
    for (Map.Entry<String, JsonNode> field : given.properties()) {
      if (isMetadata(field.getKey())) {
        JsonNode value = field.getValue();
        row.set(field.getKey(), value.isObject() ? value : Json.object());
      }
    }
    checkSize(row);
  }

  /**
   * Checks the size of an object's metadata.
   *
   * @throws ApiError with status 422 if one is larger than 8 KB
   */
  public static void checkSize(ObjectNode row) {
    for (Map.Entry<String, JsonNode> field : row.properties()) {
      if (isMetadata(field.getKey())
          && field.getValue().toString().getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
        throw ApiError.invalid(
            "form_param_exceeds_allowed_size",
            field.getKey(),
            "%s must be at most %s bytes of JSON.",
            field.getKey(),
            MAX_BYTES);
      }
    }
  }

  private static boolean isMetadata(String field) {
    return field.endsWith("_metadata");
  }
}
