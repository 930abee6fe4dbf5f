package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.json.DeepMerge;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.JsonDiff;
import dev.clerkmcp.json.KeyPath;
import dev.clerkmcp.registry.OperationFacts;
import dev.clerkmcp.registry.argument.ArgumentSchema;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Compares an object with what a request would make of it, field by field. */
public final class FieldChanges {
  /** The maximum length of a value, in characters of JSON. */
  static final int MAX_CHARACTERS = 500;

  /** Objects that a PATCH replaces; it merges all others. */
  private static final Set<String> REPLACED = Set.of("claims");

  private static final String CUT = "…";

  private final SortedMap<String, ObjectNode> rows = new TreeMap<>();

  private FieldChanges() {}

  /**
   * The changes that a request would make: {@code [{field, before, after}]}, sorted by field; empty
   * without changes or if they are unknown. A row has no {@code before} if the value is unknown or
   * absent, and has {@code cut} if a value was truncated. The field is a {@link KeyPath}.
   *
   * @param state the object now, or a list of objects if the request changes several
   */
  public static ArrayNode of(
      OperationFacts operation, ObjectNode arguments, @Nullable JsonNode state) {
    ArrayNode changes = Json.array();
    whole(operation, arguments, state).forEach(row -> changes.add(truncated((ObjectNode) row)));
    return changes;
  }

  /** The field of Clerk's answer that has the value of an argument. */
  public static String answeredAs(String argument) {
    return CurrentValue.answeredAs(argument);
  }

  /** The same changes with all values whole. */
  public static ArrayNode whole(
      OperationFacts operation, ObjectNode arguments, @Nullable JsonNode state) {
    FieldChanges changes = new FieldChanges();
    Endpoint endpoint = operation.endpoint();
    changes.addSet(operation, state == null ? MissingNode.getInstance() : state);
    if (namesFields(endpoint)) {
      changes.addNamed(endpoint, arguments, state == null ? Json.object() : state);
    }
    return Json.array().addAll(changes.rows.values());
  }

  /**
   * Whether the arguments are fields of the object in the path. The body of a POST below an object
   * describes that object, unless the path ends in a collection, where it creates a new one.
   */
  private static boolean namesFields(Endpoint endpoint) {
    List<String> segments = endpoint.segments();
    String last = segments.get(segments.size() - 1);
    return switch (endpoint.method()) {
      case "PATCH", "PUT" -> true;
      case "POST" ->
          !endpoint.variables().isEmpty()
              && !last.startsWith("{")
              && !last.endsWith("s")
              && !last.equals("bulk");
      default -> false;
    };
  }

  /** Whether a request sets fields of the object in its path, rather than options of the call. */
  public static boolean setsFields(OperationFacts operation, Change change) {
    return !operation.sets().isEmpty()
        || (namesFields(operation.endpoint())
            && change.body().properties().stream()
                .anyMatch(field -> isField(operation.endpoint(), field.getKey(), change.before())));
  }

  private static boolean isField(Endpoint endpoint, String name, @Nullable JsonNode before) {
    JsonNode value = CurrentValue.find(name, before == null ? Json.object() : before);
    return !CurrentValue.isOption(name) && (!endpoint.method().equals("POST") || value != null);
  }

  private void addSet(OperationFacts operation, JsonNode state) {
    for (Map.Entry<String, JsonNode> field : operation.sets().entrySet()) {
      String name = field.getKey();
      if (!state.isArray()) {
        add(name, state.get(name), field.getValue());
      }
      for (JsonNode one : state.isArray() ? state : Json.array()) {
        add(one.path("id").asText() + "." + name, one.get(name), field.getValue());
      }
    }
  }

  private void addNamed(Endpoint endpoint, ObjectNode arguments, JsonNode state) {
    List<String> variables = endpoint.variables();
    for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
      String name = argument.getKey();
      JsonNode before = CurrentValue.find(name, state);
      boolean named = !endpoint.method().equals("POST") || before != null;
      if (named
          && !variables.contains(name)
          && !CurrentValue.isOption(name)
          && !isEmptyAlready(before, argument.getValue())) {
        boolean replaces = endpoint.method().equals("PUT") || REPLACED.contains(name);
        addField(name, before, argument.getValue(), replaces);
      }
    }
  }

  /** Whether a value is emptied that was empty; Clerk writes that as null or as an empty text. */
  static boolean isEmptyAlready(@Nullable JsonNode before, JsonNode given) {
    return before != null && ArgumentSchema.isEmpty(before) && ArgumentSchema.isEmpty(given);
  }

  private void addField(String name, @Nullable JsonNode before, JsonNode given, boolean replaces) {
    if (before instanceof ObjectNode object && given.isObject() && !replaces) {
      addLeaves(name, before, DeepMerge.of(object, given));
    } else if (before == null && given instanceof ObjectNode object && !replaces) {
      addGiven(name, object);
    } else if (before instanceof ArrayNode && !given.isArray()) {
      addLeaves(name, before, Json.array().add(given));
    } else {
      addLeaves(name, before, given);
    }
  }

  /** Adds what is merged into an unknown object, nulls included: a null may delete a key. */
  private void addGiven(String path, ObjectNode given) {
    for (Map.Entry<String, JsonNode> entry : given.properties()) {
      String name = KeyPath.below(path, KeyPath.of(List.of(entry.getKey())));
      if (entry.getValue() instanceof ObjectNode inner && !inner.isEmpty()) {
        addGiven(name, inner);
      } else {
        add(name, null, entry.getValue());
      }
    }
  }

  private void addLeaves(String path, @Nullable JsonNode before, @Nullable JsonNode after) {
    for (JsonDiff.Difference difference :
        JsonDiff.of(before, after, JsonDiff.Missing.FIELD_BY_FIELD)) {
      add(KeyPath.below(path, difference.field()), difference.before(), difference.after());
    }
  }

  private void add(String field, @Nullable JsonNode before, @Nullable JsonNode after) {
    if (before != null && after != null && JsonDiff.same(before, after)) {
      return;
    }
    ObjectNode row = Json.object().put("field", field);
    if (before != null) {
      row.set("before", before);
    }
    rows.put(field, row.set("after", after == null ? NullNode.getInstance() : after));
  }

  /** The row with long values truncated. */
  public static ObjectNode truncated(ObjectNode row) {
    ObjectNode shown = Json.object();
    for (Map.Entry<String, JsonNode> member : row.properties()) {
      JsonNode value = member.getValue();
      if (member.getKey().equals("field") || value.toString().length() <= MAX_CHARACTERS) {
        shown.set(member.getKey(), value);
      } else {
        shown.set(member.getKey(), cut(value.isTextual() ? value.textValue() : value.toString()));
        shown.put("cut", true);
      }
    }
    return shown;
  }

  /** Truncates a text and marks the end; its length is counted as JSON, with escapes. */
  private static TextNode cut(String text) {
    int end = Math.min(text.length(), MAX_CHARACTERS);
    TextNode shown = TextNode.valueOf(text);
    while (shown.toString().length() > MAX_CHARACTERS) {
      end = text.offsetByCodePoints(end, -1);
      shown = TextNode.valueOf(text.substring(0, end) + CUT);
    }
    return shown;
  }
}
