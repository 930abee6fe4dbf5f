package dev.clerkmcp.workflows.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.json.IsoTime;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.TokenEstimate;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.text.TextSanitizer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Writes fields and rows of an overview: leaves out empty values and shortens long ones. */
public final class Rows {
  private static final int FIELD = 80;
  private static final int METADATA_VALUE = 60;

  private Rows() {}

  /** The text, truncated to {@code most} characters. */
  public static String of(String text, int most) {
    int length = text.codePointCount(0, text.length());
    return length <= most ? text : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }

  /** The estimated tokens of the JSON, with invisible characters escaped as in the answer. */
  public static long tokens(JsonNode value) {
    return TokenEstimate.of(TextSanitizer.inJson(value.toString()));
  }

  /** Sets a field to a text or number, unless it is empty. */
  public static void put(ObjectNode row, String name, JsonNode value) {
    if (value.isTextual() && !value.textValue().isBlank()) {
      row.put(name, of(value.textValue().strip(), FIELD));
    } else if (value.isNumber()) {
      row.set(name, value);
    }
  }

  /** Sets a field to the first rows and a second field to the number of rows left out. */
  public static void putRows(
      ObjectNode answer, String name, List<ObjectNode> rows, int most, long total) {
    if (rows.isEmpty()) {
      return;
    }
    ArrayNode shown = answer.putArray(name);
    rows.stream().limit(most).forEach(shown::add);
    if (total > shown.size()) {
      answer.put(name + "_left_out", total - shown.size());
    }
  }

  /** Sets a field to the first rows of a complete list. */
  public static void putRows(ObjectNode answer, String name, List<ObjectNode> rows, int most) {
    putRows(answer, name, rows, most, rows.size());
  }

  /** Sets the metadata of a user or an organization: the first keys, with small values only. */
  public static void putMetadata(ObjectNode answer, JsonNode owner, int most) {
    for (String name : FieldCatalog.USER_METADATA) {
      JsonNode metadata = owner.path(name);
      if (!metadata.isObject() || metadata.isEmpty()) {
        continue;
      }
      ObjectNode shown = answer.putObject(name);
      for (Map.Entry<String, JsonNode> field : metadata.properties()) {
        if (shown.size() == most) {
          answer.put(name + "_left_out", metadata.size() - most);
          break;
        }
        shown.set(of(field.getKey(), METADATA_VALUE), small(field.getValue()));
      }
    }
  }

  /**
   * Adds fields that an overview leaves out because nothing is in them, if the caller asks for
   * fields by their names: then {@code []} is an answer, and a field that is missing is none.
   *
   * @param empty the value of a field with nothing in it
   * @param notRead which parts are missing, and why; a field of that name tells it
   */
  public static void addEmpty(
      ObjectNode answer, List<String> names, JsonNode empty, ObjectNode notRead) {
    names.forEach(name -> addEmpty(answer, name, List.of(name), empty, notRead));
  }

  /** The same for a field that is made from other parts than the one of its name. */
  public static void addEmpty(
      ObjectNode answer, String name, List<String> parts, JsonNode empty, ObjectNode notRead) {
    if (Invocation.current().asksForFields()) {
      JsonNode value =
          parts.stream()
              .map(notRead::path)
              .filter(JsonNode::isTextual)
              .<JsonNode>map(why -> TextNode.valueOf("not read: " + why.textValue()))
              .findFirst()
              .orElse(empty);
      answer.putIfAbsent(name, value);
    }
  }

  /** Adds the metadata of a user or an organization without keys, as {@link #addEmpty} does. */
  public static void addEmptyMetadata(ObjectNode answer, JsonNode owner) {
    List<String> names =
        FieldCatalog.USER_METADATA.stream().filter(name -> owner.path(name).isObject()).toList();
    addEmpty(answer, names, Json.object(), Json.object());
  }

  private static JsonNode small(JsonNode value) {
    if (value.isTextual()) {
      return Json.object().textNode(of(value.textValue(), METADATA_VALUE));
    }
    if (!value.isContainerNode() || value.toString().length() <= METADATA_VALUE) {
      return value;
    }
    return Json.object()
        .textNode("(%s of %s)".formatted(value.isArray() ? "list" : "object", value.size()));
  }

  /**
   * The status, code and reason of a refusal by Clerk. Without an answer from Clerk there is no
   * status.
   */
  public static ObjectNode error(ClerkException e) {
    ObjectNode row = Json.object();
    if (e.status() != 0) {
      row.put("status", e.status());
    }
    return row.put("code", e.code()).put("reason", e.reason());
  }

  /** Adds when to try again, if Clerk said so. */
  public static void addWait(ObjectNode row, ClerkException e) {
    Duration wait = e.retryAfter();
    if (wait != null) {
      Instant back = Instant.now().plus(wait).plusSeconds(1);
      row.put("retry_after_seconds", wait.toSeconds()).put("come_back_at", IsoTime.of(back));
    }
  }
}
