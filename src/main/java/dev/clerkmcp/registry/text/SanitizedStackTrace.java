package dev.clerkmcp.registry.text;

/**
 * Formats an unexpected exception for the log: its classes and frames without its messages, which
 * may quote the caller's values, secrets included.
 */
public final class SanitizedStackTrace {
  private static final int MAX_FRAMES = 40;

  private SanitizedStackTrace() {}

  /** The exception and its causes, one frame a line; at most 40 frames. */
  public static String of(Throwable failure) {
    StringBuilder text = new StringBuilder();
    int frames = 0;
    for (Throwable cause = failure;
        cause != null && frames < MAX_FRAMES;
        cause = cause.getCause()) {
      text.append(text.isEmpty() ? "" : "\ncaused by ").append(cause.getClass().getName());
      for (StackTraceElement frame : cause.getStackTrace()) {
        if (frames++ < MAX_FRAMES) {
          text.append("\n    at ").append(frame);
        }
      }
    }
    return text.toString();
  }
}
