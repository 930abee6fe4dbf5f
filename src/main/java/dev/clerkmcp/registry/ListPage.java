package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list, in the same form for all list tools, whatever the form of Clerk's answer is.
 *
 * @param data the rows
 * @param totalCount the number of rows on all pages, or null if Clerk does not tell it
 * @param next the arguments to add for the next page, or null if this is the last
 */
public record ListPage(ArrayNode data, @Nullable Long totalCount, @Nullable ObjectNode next) {
  /** The number of rows on a page without an explicit limit. */
  public static final int DEFAULT_LIMIT = 10;

  /** Parses Clerk's answer: an array, or an object with one array and a total. */
  static ListPage of(JsonNode answer, ObjectNode arguments, boolean paged) {
    ArrayNode data = rows(answer);
    Long totalCount = totalCount(answer);
    return new ListPage(data, totalCount, paged ? next(data, totalCount, arguments) : null);
  }

  /** Reads a page that {@link #toJson} wrote. */
  public static ListPage ofJson(JsonNode json) {
    ObjectNode next = json.path("next") instanceof ObjectNode object ? object : null;
    return new ListPage(rows(json), totalCount(json), next);
  }

  /** A page of a list with a known total. */
  public static ListPage of(ArrayNode data, long totalCount, long offset) {
    long end = offset + data.size();
    return new ListPage(data, totalCount, end < totalCount && !data.isEmpty() ? offset(end) : null);
  }

  /** The rows of an answer of Clerk's: it is an array of them, or has one in the field data. */
  public static JsonNode rowsOf(JsonNode answer) {
    return answer.isArray() ? answer : answer.path("data");
  }

  /** The rows of this page. */
  public List<JsonNode> rows() {
    return data.valueStream().toList();
  }

  /** How many rows there are over all pages; the rows of this page if Clerk does not say. */
  public long total() {
    return totalCount == null ? data.size() : totalCount;
  }

  /** Whether rows follow this page. */
  public boolean hasMore() {
    return next != null;
  }

  JsonNode toJson() {
    ObjectNode json = Json.object();
    json.set("data", data);
    if (totalCount != null) {
      json.put("total_count", totalCount);
    }
    json.put("has_more", hasMore());
    if (next != null) {
      json.set("next", next);
    }
    return json;
  }

  private static @Nullable Long totalCount(JsonNode answer) {
    JsonNode total = answer.path("total_count");
    return total.isIntegralNumber() ? Long.valueOf(total.asLong()) : null;
  }

  private static ArrayNode rows(JsonNode answer) {
    if (answer instanceof ArrayNode array) {
      return array;
    }
    if (answer.path("data") instanceof ArrayNode data) {
      return data;
    }
    for (JsonNode field : answer) {
      if (field instanceof ArrayNode array) {
        return array;
      }
    }
    return Json.array();
  }

  private static @Nullable ObjectNode next(
      ArrayNode data, @Nullable Long totalCount, ObjectNode arguments) {
    long end = arguments.path("offset").asLong(0) + data.size();
    boolean more =
        totalCount == null
            ? data.size() >= arguments.path("limit").asInt(DEFAULT_LIMIT)
            : end < totalCount;
    return more && !data.isEmpty() ? offset(end) : null;
  }

  private static ObjectNode offset(long offset) {
    return Json.object().put("offset", offset);
  }
}
