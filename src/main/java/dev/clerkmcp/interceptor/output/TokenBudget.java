package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

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
