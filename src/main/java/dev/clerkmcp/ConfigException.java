package dev.clerkmcp;

import dev.clerkmcp.registry.TextSanitizer;

/** The configuration cannot be used. The message is one sentence for the person who wrote it. */
final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  ConfigException(String message) {
    super(TextSanitizer.of(message));
  }
}
