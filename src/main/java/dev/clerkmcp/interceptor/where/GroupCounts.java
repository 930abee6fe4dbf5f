package dev.clerkmcp.interceptor.where;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.registry.CallOptions;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Counts rows by one or more fields. It keeps a number for each group, and no rows. */
final class GroupCounts {
  /** So that no list, however long, fills the memory. */
  private static final int MOST_GROUPS = 20_000;

  /** The most groups of one row, whose lists may have been written by strangers. */
  private static final int MOST_OF_ROW = 1_000;

  private static final int MAX_LENGTH = 200;

  private final List<Grouping> groupings;
  private final Map<List<JsonNode>, Long> counts = new HashMap<>();

  GroupCounts(List<Grouping> groupings) {
    this.groupings = groupings;
  }

  /**
   * Counts a row.
   *
   * @param values finds the value of a field in it
   * @throws InvalidArgumentsException if there are too many groups, in all or of this row
   */
  void add(Function<FieldName, JsonNode> values) {
    List<List<JsonNode>> keys = List.of(List.of());
    for (Grouping grouping : groupings) {
      List<JsonNode> groups = grouping.of(values.apply(grouping.field()));
      if ((long) keys.size() * groups.size() > MOST_OF_ROW) {
        throw InvalidArgumentsException.of(
            CallOptions.BY,
            "puts one row into more than %s groups of %s; count by fewer fields"
                .formatted(MOST_OF_ROW, String.join(", ", names())));
      }
      List<List<JsonNode>> longer = new ArrayList<>();
      for (JsonNode value : groups) {
        for (List<JsonNode> key : keys) {
          List<JsonNode> all = new ArrayList<>(key);
          all.add(shortened(value));
          longer.add(List.copyOf(all));
        }
      }
      keys = longer;
    }
    keys.forEach(key -> counts.merge(key, 1L, Long::sum));
    if (counts.size() > MOST_GROUPS) {
      throw InvalidArgumentsException.of(
          CallOptions.BY,
          "has more than %s different values in %s; count by something coarser"
              .formatted(MOST_GROUPS, String.join(", ", names())));
    }
  }

  private static JsonNode shortened(JsonNode value) {
    return value.isTextual()
        ? TextNode.valueOf(QuotedText.shortened(value.textValue(), MAX_LENGTH))
        : value;
  }

  private List<String> names() {
    return groupings.stream().map(Grouping::toString).toList();
  }

  /**
   * Adds the groups to an answer: in order of time if they are of a time, else the largest first.
   *
   * @param most how many are shown; the others are added up
   */
  void addTo(ObjectNode answer, int most) {
    List<Map.Entry<List<JsonNode>, Long>> sorted = new ArrayList<>(counts.entrySet());
    Comparator<Map.Entry<List<JsonNode>, Long>> byKey =
        Comparator.comparing(entry -> entry.getKey().toString());
    sorted.sort(
        groupings.get(0).unit() != null
            ? byKey
            : Map.Entry.<List<JsonNode>, Long>comparingByValue().reversed().thenComparing(byKey));
    ArrayNode groups = answer.putArray("groups");
    long others = 0;
    for (int i = 0; i < sorted.size(); i++) {
      if (i >= most) {
        others += sorted.get(i).getValue();
        continue;
      }
      ObjectNode row = groups.addObject();
      for (int k = 0; k < groupings.size(); k++) {
        row.set(groupings.get(k).toString(), sorted.get(i).getKey().get(k));
      }
      row.put("count", sorted.get(i).getValue());
    }
    if (others > 0) {
      answer.putObject("other").put("groups", sorted.size() - most).put("count", others);
    }
  }
}
