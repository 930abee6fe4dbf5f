package dev.clerkmcp.transport.jsonrpc;

import dev.clerkmcp.registry.text.SanitizedStackTrace;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs unexpected failures. Equal failures are logged once, since a broken installation fails with
 * every request. It is a separate class, so that the logging library is loaded only when needed.
 */
public final class FailureLog {
  /** The most different failures that are logged. */
  private static final int MAX_FAILURES = 100;

  private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);
  private static final Set<String> LOGGED = new HashSet<>();

  private FailureLog() {}

  /** Logs the classes and stack frames of a failure, but no messages: they may contain secrets. */
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
