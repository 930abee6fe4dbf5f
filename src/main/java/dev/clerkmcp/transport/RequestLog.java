package dev.clerkmcp.transport;

import dev.clerkmcp.registry.ToolDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Tells a client how a tool call goes, if it asked for that with the call, and until the call is
 * answered. What is told names tools and what is waited for, never data.
 *
 * @see <a
 *     href="https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/logging">MCP
 *     on logging</a>
 */
final class RequestLog {
  private final Outlet outlet;
  private final @Nullable LogLevel least;
  private boolean ended;

  /**
   * Begins to tell of a call.
   *
   * @param least what is below is not told; null tells nothing
   */
  RequestLog(Outlet outlet, @Nullable LogLevel least, Reply reply) {
    this.outlet = outlet;
    this.least = least;
    reply.beforeEnd(this::end);
  }

  /** Tells a sentence about a tool, if somebody wants to know. */
  synchronized void tell(LogLevel level, ToolDefinition tool, String sentence) {
    if (ended || least == null || level.compareTo(least) < 0) {
      return;
    }
    outlet.notify(
        "notifications/message",
        "{\"level\":\"%s\",\"logger\":\"clerk-mcp\",\"data\":{\"tool\":%s,\"message\":%s}}"
            .formatted(level.wire(), JsonText.quote(tool.name()), JsonText.quote(sentence)));
  }

  /** Once this has returned, nothing more is sent. */
  private synchronized void end() {
    ended = true;
  }
}
