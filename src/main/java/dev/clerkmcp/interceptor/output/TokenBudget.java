package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.TokenEstimate;
import java.util.List;

/**
 * Measures answers against the token limit.
 *
 * @param tokens tokens of o200k, the vocabulary of OpenAI's newer models
 */
record TokenBudget(int tokens) {
  boolean holds(JsonNode answer) {
    return size(answer) <= tokens;
  }

  /** What the answer may cost beside its notes. */
  TokenBudget beside(List<String> notes) {
    ArrayNode sentences = Json.array();
    notes.forEach(sentences::add);
    return notes.isEmpty() ? this : new TokenBudget((int) Math.max(0, tokens - size(sentences)));
  }

  /** The estimated tokens of a value in JSON. */
  static long size(JsonNode value) {
    return TokenEstimate.charged(value.toString());
  }
}
