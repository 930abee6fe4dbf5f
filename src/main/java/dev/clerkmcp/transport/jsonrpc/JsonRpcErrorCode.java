package dev.clerkmcp.transport.jsonrpc;

/** The error codes of JSON-RPC and MCP that this server uses. */
public final class JsonRpcErrorCode {
  static final int PARSE_ERROR = -32700;
  public static final int INVALID_REQUEST = -32600;
  public static final int METHOD_NOT_FOUND = -32601;
  public static final int INVALID_PARAMS = -32602;
  public static final int INTERNAL_ERROR = -32603;

  private JsonRpcErrorCode() {}

  /** Of MCP's legacy era. */
  public static final int RESOURCE_NOT_FOUND = -32_002;

  /** Of MCP's modern era. */
  public static final int MISSING_CLIENT_CAPABILITY = -32_021;

  /** Of MCP's modern era. */
  public static final int UNSUPPORTED_VERSION = -32_022;
}
