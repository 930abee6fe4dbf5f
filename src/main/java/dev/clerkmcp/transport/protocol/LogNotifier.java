package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.transport.jsonrpc.MessageWriter;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Sends log notifications about one tool call, if the client asked for them, until the call is
 * responded to. They name tools and what a call waits for, but contain no data.
 *
 * @see <a
 *     href="https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/logging">MCP
 *     on logging</a>
 */
final class LogNotifier {
  private final MessageWriter writer;
  private final @Nullable Level threshold;
  private boolean ended;

  /**
   * Creates a notifier for a call.
   *
   * @param threshold the lowest level that is sent; null sends nothing
   */
  LogNotifier(MessageWriter writer, @Nullable Level threshold, PendingResponse response) {
    this.writer = writer;
    this.threshold = threshold;
    response.beforeEnd(this::end);
  }

  /** The log levels of MCP, which are those of RFC 5424, lowest first. */
  enum Level {
    DEBUG,
    INFO,
    NOTICE,
    WARNING,
    ERROR,
    CRITICAL,
    ALERT,
    EMERGENCY;

    /** The level with that name in MCP; null if no level has it. */
    static @Nullable Level find(@Nullable String name) {
      for (Level level : values()) {
        if (level.wireName().equals(name)) {
          return level;
        }
      }
      return null;
    }

    /** The name in MCP. */
    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Sends a message about a tool, if its level reaches the threshold. */
  synchronized void log(Level level, ToolDefinition tool, String message) {
    if (ended || threshold == null || level.compareTo(threshold) < 0) {
      return;
    }
    writer.notify(
        "notifications/message",
        "{\"level\":\"%s\",\"logger\":\"clerk-mcp\",\"data\":{\"tool\":%s,\"message\":%s}}"
            .formatted(level.wireName(), RawJson.quote(tool.name()), RawJson.quote(message)));
  }

  /** Stops the notifications: nothing is sent after this has returned. */
  private synchronized void end() {
    ended = true;
  }
}
