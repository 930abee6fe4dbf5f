package dev.clerkmcp.clerk;

import java.util.regex.Pattern;

/**
 * A Clerk secret key: {@code sk_test_...} for a development instance, {@code sk_live_...} for
 * production. Its text leaves this class for the Authorization header alone.
 */
public final class SecretKey {
  private static final Pattern FORM = Pattern.compile("sk_(test|live)_[A-Za-z0-9_-]{8,256}");

  /** What every key of the sandbox begins with. */
  public static final String SANDBOX = "sk_test_sandbox";

  private final String text;

  private SecretKey(String text) {
    this.text = text;
  }

  /**
   * Takes a key as a person pasted it, without the white space around it.
   *
   * @throws IllegalArgumentException if it is no secret key; the message tells what it looks like,
   *     never what it says, and completes the sentence "CLERK_SECRET_KEY ..."
   */
  public static SecretKey of(String pasted) {
    String text = pasted.strip();
    if (FORM.matcher(text).matches()) {
      return new SecretKey(text);
    }
    if (text.startsWith("pk_")) {
      throw new IllegalArgumentException(
          "is a publishable key (pk_...); the secret key beside it (sk_...) is needed");
    }
    if (text.startsWith("\"") || text.startsWith("'")) {
      throw new IllegalArgumentException("has quotation marks around it; remove them");
    }
    throw new IllegalArgumentException(
        "is not a Clerk secret key: that is sk_test_ or sk_live_ followed by letters and digits");
  }

  /** Whether it opens a production instance. */
  public boolean isLive() {
    return text.startsWith("sk_live_");
  }

  /** Whether it opens nothing but the sandbox. */
  public boolean isSandbox() {
    return text.startsWith(SANDBOX);
  }

  String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return isLive() ? "sk_live_..." : "sk_test_...";
  }
}
