package dev.clerkmcp.transport.jsonrpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import org.jspecify.annotations.Nullable;

/** The parameters of a request, bound to JSON once something is to be done with them. */
public final class Params {
  private Params() {}

  /** The parameters; an empty object if none were given. */
  public static JsonNode of(@Nullable String params) throws JsonProcessingException {
    return params == null ? Json.object() : Json.read(params);
  }
}
