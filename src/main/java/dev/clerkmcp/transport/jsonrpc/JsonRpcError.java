package dev.clerkmcp.transport.jsonrpc;

import dev.clerkmcp.registry.text.TextSanitizer;
import org.jspecify.annotations.Nullable;

/** The error codes of JSON-RPC and MCP that this server uses, and the text of error responses. */
public final class JsonRpcError {
  static final int PARSE_ERROR = -32700;
  public static final int INVALID_REQUEST = -32600;
  public static final int METHOD_NOT_FOUND = -32601;
  public static final int INVALID_PARAMS = -32602;
  public static final int INTERNAL_ERROR = -32603;

  /** Of MCP until 2025-11-25; later versions use {@link #INVALID_PARAMS}. */
  public static final int RESOURCE_NOT_FOUND = -32_002;

  /** Of MCP since 2026-07-28. */
  public static final int MISSING_CLIENT_CAPABILITY = -32_021;

  /** Of MCP since 2026-07-28. */
  public static final int UNSUPPORTED_VERSION = -32_022;

  private JsonRpcError() {}

  /**
   * Writes an error response without data.
   *
   * @param id the request's id as JSON; null if the request could not be identified
   */
  public static String response(@Nullable String id, int code, String message) {
    return response(id, code, message, null);
  }

  /**
   * Writes an error response.
   *
   * @param id the request's id as JSON; null if the request could not be identified
   * @param data further information as JSON; null for none
   */
  static String response(@Nullable String id, int code, String message, @Nullable String data) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":%s,\"message\":%s%s}}"
        .formatted(
            id,
            code,
            RawJson.quote(TextSanitizer.of(message)),
            data == null ? "" : ",\"data\":" + TextSanitizer.inJson(data));
  }

  /** Reports invalid parameters of a request; the message says what to send instead. */
  public static final class InvalidParamsException extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidParamsException(String message) {
      super(message);
    }
  }
}
