package dev.clerkmcp.registry.text;

/**
 * Where an unexpected failure came from, for the log: its classes and frames without its messages,
 * which may quote what a caller gave, secrets included.
 */
public final class SanitizedStackTrace {
  private static final int MOST_FRAMES = 40;

  private SanitizedStackTrace() {}

  /** The failure and its causes, a frame to the line. */
  public static String of(Throwable failure) {
    StringBuilder text = new StringBuilder();
    int frames = 0;
    for (Throwable cause = failure;
        cause != null && frames < MOST_FRAMES;
        cause = cause.getCause()) {
      text.append(text.isEmpty() ? "" : "\ncaused by ").append(cause.getClass().getName());
      for (StackTraceElement frame : cause.getStackTrace()) {
        if (frames++ < MOST_FRAMES) {
          text.append("\n    at ").append(frame);
        }
      }
    }
    return text.toString();
  }
}
