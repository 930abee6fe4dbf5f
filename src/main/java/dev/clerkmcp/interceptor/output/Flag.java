package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A word that a view shows where something remarkable holds.
 *
 * @param negated whether it is remarkable that the value is not so
 * @param expected the value that it must have; null if anything will do but false, nothing and zero
 */
record Flag(String word, FieldPath path, boolean negated, @Nullable String expected) {
  /** Reads {@code path}, {@code word = path}, {@code word = !path} or {@code word = path:value}. */
  static Flag parse(String text) {
    int equals = text.indexOf('=');
    String condition = text.substring(equals + 1).strip();
    boolean negated = condition.startsWith("!");
    int colon = condition.indexOf(':');
    FieldPath path =
        FieldPath.parse(
            condition.substring(negated ? 1 : 0, colon < 0 ? condition.length() : colon));
    return new Flag(
        equals < 0 ? path.name() : text.substring(0, equals).strip(),
        path,
        negated,
        colon < 0 ? null : condition.substring(colon + 1));
  }

  /** Of what is not there nothing is said. */
  boolean holds(JsonNode object) {
    return path.isAbout(object) && negated != isSo(path.in(object));
  }

  private boolean isSo(JsonNode value) {
    return expected == null
        ? value.isContainerNode() ? !value.isEmpty() : value.asBoolean(value.isTextual())
        : value.asText().equals(expected);
  }
}
