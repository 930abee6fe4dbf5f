package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.clerkmcp.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

/**
 * Measures answers against the token limit.
 *
 * @param tokens four bytes of JSON each, as hosts count them
 */
record TokenBudget(int tokens) {
  private static final int BYTES_PER_TOKEN = 4;

  boolean holds(JsonNode answer) {
    return atMost(answer) <= bytes() || size(answer) <= bytes();
  }

  /** What the answer may cost beside its notes. */
  TokenBudget beside(List<String> notes) {
    ArrayNode sentences = Json.array();
    notes.forEach(sentences::add);
    return notes.isEmpty()
        ? this
        : new TokenBudget((int) Math.max(0, tokens - tokensOf(size(sentences))));
  }

  /** An upper bound of the bytes of the JSON, which is faster than writing the JSON. */
  private static long atMost(JsonNode value) {
    if (value.isTextual()) {
      return atMost(value.textValue());
    }
    if (!value.isContainerNode()) {
      return value.asText().length();
    }
    long bytes = 2;
    for (JsonNode item : value) {
      bytes += atMost(item) + 1;
    }
    for (Iterator<String> names = value.fieldNames(); names.hasNext(); ) {
      bytes += atMost(names.next()) + 1;
    }
    return bytes;
  }

  private static long atMost(String text) {
    return 2 + 6L * text.length(); // if every character were written as an escape
  }

  long bytes() {
    return (long) tokens * BYTES_PER_TOKEN;
  }

  static long size(JsonNode value) {
    return value.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  static long tokensOf(long bytes) {
    return (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
  }
}
