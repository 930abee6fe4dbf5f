package dev.clerkmcp.transport.protocol;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How grave a message is, from the least to the most, as in RFC 5424. */
enum LogLevel {
  DEBUG,
  INFO,
  NOTICE,
  WARNING,
  ERROR,
  CRITICAL,
  ALERT,
  EMERGENCY;

  /** The level of that name in MCP; null if there is none. */
  static @Nullable LogLevel find(@Nullable String name) {
    for (LogLevel level : values()) {
      if (level.wire().equals(name)) {
        return level;
      }
    }
    return null;
  }

  /** Its name in MCP. */
  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
