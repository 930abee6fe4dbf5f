package dev.clerkmcp.clerk;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The place of a request in somebody's distributed trace.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context</a>
 */
record Traceparent(String header) {
  /** Of version 00: trace, parent and flags; IDs of zeros alone mean nothing. */
  private static final Pattern VALID =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  /** Reads one; null if it is not of the form that may be passed on. */
  static @Nullable Traceparent find(String text) {
    return VALID.matcher(text).matches() ? new Traceparent(text) : null;
  }
}
