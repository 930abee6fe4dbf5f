package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.TokenEstimate;

/**
 * Measures answers against the token limit.
 *
 * @param tokens tokens of o200k, the vocabulary of OpenAI's newer models
 */
record TokenBudget(int tokens) {
  boolean holds(JsonNode answer) {
    return size(answer) <= tokens;
  }

  /** The estimated tokens of a value in JSON. */
  static long size(JsonNode value) {
    return TokenEstimate.charged(value.toString());
  }
}
