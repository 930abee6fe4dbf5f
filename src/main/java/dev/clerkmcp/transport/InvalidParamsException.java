package dev.clerkmcp.transport;

/** A request whose parameters mean nothing here; the message says what to send instead. */
final class InvalidParamsException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidParamsException(String message) {
    super(message);
  }
}
