package dev.clerkmcp.clerk;

/**
 * Holds a Clerk secret key: {@code sk_test_...} for a development instance, {@code sk_live_...} for
 * production. Its text is readable only within this package, for the Authorization header.
 */
public final class SecretKey {
  private static final String TEST = "sk_test_";
  private static final String LIVE = "sk_live_";

  private static final String SANDBOX = "sandbox";

  /** The fewest and most characters after the prefix; Clerk's keys have about 40. */
  private static final int MIN_LENGTH = 8;

  private static final int MAX_LENGTH = 256;

  /** The key in the configurations that this project shows as examples. */
  public static final String PLACEHOLDER = TEST + "replace_with_your_own_key";

  /** The prefix of keys for the sandbox as a development instance. */
  public static final String SANDBOX_TEST = TEST + SANDBOX;

  /** The prefix of keys for the sandbox as a live instance. */
  public static final String SANDBOX_LIVE = LIVE + SANDBOX;

  private final String text;

  private SecretKey(String text) {
    this.text = text;
  }

  /**
   * Parses a key; white space around it is ignored.
   *
   * @throws IllegalArgumentException if it is not a secret key; the message completes a sentence
   *     that begins with the name of {@link dev.clerkmcp.Setting#SECRET_KEY}, and does not quote
   *     the key
   */
  public static SecretKey of(String pasted) {
    String text = pasted.strip();
    if (isKey(text) && !text.equals(PLACEHOLDER)) {
      return new SecretKey(text);
    }
    throw new IllegalArgumentException(mistake(text));
  }

  private static String mistake(String text) {
    if (text.equals(PLACEHOLDER) || text.equals(TEST + "...") || text.equals(LIVE + "...")) {
      return "is still the placeholder of the example; replace it with your own secret key, or"
          + " remove it and use the sandbox";
    }
    if (text.contains("${")) {
      return "has ${...} in it, which was not replaced; write the key itself, or name a file that"
          + " holds it";
    }
    if (text.startsWith("pk_")) {
      return "is a publishable key (pk_...); the secret key beside it (sk_...) is needed";
    }
    if (text.startsWith("\"") || text.startsWith("'")) {
      return "has quotation marks around it; remove them";
    }
    if (text.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return "begins with Bearer; remove that word";
    }
    if (text.startsWith(TEST) || text.startsWith(LIVE)) {
      if (text.chars().anyMatch(Character::isWhitespace)) {
        return "has white space in it; remove that, or copy the key again";
      }
      int length = text.length() - TEST.length();
      if (length < MIN_LENGTH || length > MAX_LENGTH) {
        return "is too %s to be a Clerk secret key; copy it again, as a whole"
            .formatted(length < MIN_LENGTH ? "short" : "long");
      }
    }
    return "is not a Clerk secret key: that is sk_test_ or sk_live_ followed by letters and digits";
  }

  /** Uses no regular expression, since it runs before the handshake. */
  private static boolean isKey(String text) {
    int length = text.length() - TEST.length();
    boolean key =
        (text.startsWith(TEST) || text.startsWith(LIVE))
            && length >= MIN_LENGTH
            && length <= MAX_LENGTH;
    for (int i = TEST.length(); key && i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      key = letter || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }
    return key;
  }

  /** Whether the key is for a production instance. */
  public boolean isLive() {
    return text.startsWith(LIVE);
  }

  /** Whether the key is only for the sandbox. */
  public boolean isSandbox() {
    return text.startsWith(SANDBOX_TEST) || text.startsWith(SANDBOX_LIVE);
  }

  String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return isLive() ? "sk_live_..." : "sk_test_...";
  }
}
