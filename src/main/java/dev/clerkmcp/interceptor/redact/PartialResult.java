package dev.clerkmcp.interceptor.redact;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolResult;
import java.util.function.UnaryOperator;

/** Changes the partial result that the error of a failed composed tool contains. */
final class PartialResult {
  private static final String FIELD = "done";

  private PartialResult() {}

  /** The JSON of a result with its partial result, if it has one, changed. */
  static String in(ToolResult result, UnaryOperator<JsonNode> change) {
    if (!result.isError() || !result.json().contains("\"" + FIELD + "\"")) {
      return result.json();
    }
    try {
      JsonNode whole = Json.read(result.json());
      if (whole instanceof ObjectNode fields && fields.has(FIELD)) {
        fields.set(FIELD, change.apply(fields.path(FIELD)));
        return fields.toString();
      }
      return result.json();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // a result is JSON
    }
  }
}
