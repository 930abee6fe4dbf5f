package dev.clerkmcp.transport.jsonrpc;

/** A request whose parameters mean nothing here; the message says what to send instead. */
public final class InvalidParamsException extends Exception {
  private static final long serialVersionUID = 1L;

  public InvalidParamsException(String message) {
    super(message);
  }
}
