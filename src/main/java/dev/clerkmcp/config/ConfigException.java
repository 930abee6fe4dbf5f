package dev.clerkmcp.config;

import dev.clerkmcp.registry.text.TextSanitizer;

/** The configuration cannot be used. The message is one sentence for the person who wrote it. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(TextSanitizer.of(message));
  }
}
