package dev.clerkmcp.shape;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;

/**
 * What an answer may cost.
 *
 * @param tokens four bytes of JSON each, as hosts reckon
 */
record Budget(int tokens) {
  private static final int BYTES_PER_TOKEN = 4;

  boolean holds(JsonNode answer) {
    return size(answer) <= bytes();
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
