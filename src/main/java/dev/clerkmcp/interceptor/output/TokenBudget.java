package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/**
 * What an answer may cost.
 *
 * @param tokens four bytes of JSON each, as hosts reckon
 */
record TokenBudget(int tokens) {
  private static final int BYTES_PER_TOKEN = 4;

  boolean holds(JsonNode answer) {
    return atMost(answer) <= bytes() || size(answer) <= bytes();
  }

  /** No fewer bytes than the value has as JSON, which would take longer to write out. */
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
    return 2 + 6L * text.length(); // were every character written as its escape
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
