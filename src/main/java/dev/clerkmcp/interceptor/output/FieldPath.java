package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds a value in one of Clerk's objects by a path such as {@code verification.status}. */
final class FieldPath {
  private final Step[] steps;

  private FieldPath(List<Step> steps) {
    this.steps = steps.toArray(Step[]::new);
  }

  /**
   * One step of a path.
   *
   * @param chosenBy the field of the whole object that holds the ID of the item to take from a
   *     list; null if the field is not a list
   */
  private record Step(String name, @Nullable String chosenBy) {
    static Step parse(String word) {
      int bracket = word.indexOf('[');
      return bracket < 0
          ? new Step(word, null)
          : new Step(word.substring(0, bracket), word.substring(bracket + 1, word.length() - 1));
    }

    JsonNode in(JsonNode value, JsonNode whole) {
      JsonNode found = value.path(name);
      return chosenBy == null ? found : item(found, whole.path(chosenBy).asText());
    }

    private static JsonNode item(JsonNode list, String id) {
      for (JsonNode item : list) {
        if (item.path("id").asText().equals(id)) {
          return item;
        }
      }
      return MissingNode.getInstance();
    }
  }

  static FieldPath parse(String text) {
    List<Step> steps = new ArrayList<>();
    for (String word : text.split("\\.", -1)) {
      steps.add(Step.parse(word));
    }
    return new FieldPath(steps);
  }

  /** The value at the path; a missing node if the object does not have it. */
  JsonNode in(JsonNode whole) {
    JsonNode value = whole;
    for (Step step : steps) {
      value = step.in(value, whole);
    }
    return value;
  }

  /**
   * Whether the object has the first field of the path, so that a missing value is known to be
   * absent.
   */
  boolean hasRootIn(JsonNode whole) {
    return !steps[0].in(whole, whole).isMissingNode();
  }

  /** The first field of the path. */
  String root() {
    return steps[0].name();
  }

  /** All fields of the path. */
  List<String> names() {
    return Arrays.stream(steps).map(Step::name).toList();
  }

  /** The last field of the path. */
  String name() {
    return steps[steps.length - 1].name();
  }

  /** The fields of the whole object that need not be shown beside this value. */
  List<String> covered() {
    List<String> fields = new ArrayList<>();
    if (steps.length == 1 && steps[0].chosenBy() == null) {
      fields.add(name());
    }
    for (Step step : steps) {
      if (step.chosenBy() != null) {
        fields.add(step.chosenBy());
      }
    }
    return fields;
  }
}
