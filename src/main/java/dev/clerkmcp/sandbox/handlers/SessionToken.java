package dev.clerkmcp.sandbox.handlers;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A session token of the sandbox: it has three parts like a JWT, but nobody can take it for one.
 *
 * @param expiresAt in seconds since 1970, as a JWT has it
 */
record SessionToken(String sessionId, long expiresAt) {
  private static final String START = "sandbox.session_token.";

  private static final Pattern FORM = Pattern.compile(Pattern.quote(START) + "(\\w+)-(\\d{1,18})");

  /** Reads a token; null if it is none of the sandbox's. */
  static @Nullable SessionToken find(String text) {
    Matcher token = FORM.matcher(text.strip());
    return token.matches()
        ? new SessionToken(token.group(1), Long.parseLong(token.group(2)))
        : null;
  }

  /** The token as it is handed out. */
  String text() {
    return START + sessionId + "-" + expiresAt;
  }
}
