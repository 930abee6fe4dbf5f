package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.transport.jsonrpc.MessageWriter;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Tells a client how a tool call goes, if it asked for that with the call, and until the call is
 * answered. What is told names tools and what is waited for, never data.
 *
 * @see <a
 *     href="https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/logging">MCP
 *     on logging</a>
 */
final class LogNotifier {
  private final MessageWriter writer;
  private final @Nullable LogLevel least;
  private boolean ended;

  /**
   * Begins to tell of a call.
   *
   * @param least what is below is not told; null tells nothing
   */
  LogNotifier(MessageWriter writer, @Nullable LogLevel least, PendingResponse response) {
    this.writer = writer;
    this.least = least;
    response.beforeEnd(this::end);
  }

  /** Tells a sentence about a tool, if somebody wants to know. */
  synchronized void tell(LogLevel level, ToolDefinition tool, String sentence) {
    if (ended || least == null || level.compareTo(least) < 0) {
      return;
    }
    writer.notify(
        "notifications/message",
        "{\"level\":\"%s\",\"logger\":\"clerk-mcp\",\"data\":{\"tool\":%s,\"message\":%s}}"
            .formatted(level.wire(), RawJson.quote(tool.name()), RawJson.quote(sentence)));
  }

  /** Once this has returned, nothing more is sent. */
  private synchronized void end() {
    ended = true;
  }
}
