package dev.clerkmcp.transport.jsonrpc;

import dev.clerkmcp.registry.text.SanitizedStackTrace;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs unexpected failures, the same one once: a broken installation fails with every request. A
 * class of its own, so that the logging library is loaded only when there is something to log.
 */
public final class FailureLog {
  /** Beyond so many different failures, the log would tell nothing new. */
  private static final int MAX_FAILURES = 100;

  private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);
  private static final Set<String> LOGGED = new HashSet<>();

  private FailureLog() {}

  /** Logs a failure with its classes and frames, without its messages, which may hold secrets. */
  public static void log(String what, Throwable failure) {
    String origin = SanitizedStackTrace.of(failure);
    boolean isNew;
    synchronized (LOGGED) {
      isNew = LOGGED.size() < MAX_FAILURES && LOGGED.add(origin);
    }
    if (isNew) {
      LOG.error("{}: {}", what, origin);
    }
  }
}
