package dev.clerkmcp.interceptor.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the budget's quick upper estimate, which must never accept an answer that is too large. */
final class TokenBudgetTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "-1234567890123456789012345678901234567890.0987654321e-99",
        "[1,-2.50,true,false,null,\"\",{\"a\":{}}]",
        "{\"\\u0000\\u001f\":\"\\u0000\\u0001\\\"\\\\\"}",
        "{\"\\u20ac\":\"\\ud83d\\ude00\\u00e9\\u2028\"}",
        "{\"a\":[[[[]]]],\"b\":{\"c\":{\"d\":[{},{}]}}}",
      })
  void answerFitsItsOwnSizeAndNoSmallerBudget(String json) throws Exception {
    JsonNode answer = Json.read(json);
    long bytes = TokenBudget.size(answer);
    int tokens = (int) TokenBudget.tokensOf(bytes);
    assertThat(new TokenBudget(tokens).holds(answer)).isTrue();
    assertThat(new TokenBudget(tokens - 1).holds(answer)).isFalse();
  }
}
