package dev.clerkmcp;

/** The configuration cannot be used. The message is one sentence for the person who wrote it. */
final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  ConfigException(String message) {
    super(message);
  }
}
