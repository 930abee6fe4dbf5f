package dev.clerkmcp.json;

/**
 * Escapes lone surrogates, that is, halves of surrogate pairs without the other half. JSON text can
 * contain them as an escape, {@code "\ud83d"}, but UTF-8 cannot: encoders fail or write a question
 * mark.
 */
public final class LoneSurrogates {
  private LoneSurrogates() {}

  /** The JSON text with each lone surrogate escaped, as {@code \ud83d}; the same JSON. */
  public static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(0);
    int copied = 0;
    for (int i = 0; i < text.length(); i++) {
      if (!Character.isSurrogate(text.charAt(i))) {
        continue;
      }
      if (Character.isSupplementaryCodePoint(text.codePointAt(i))) {
        i++; // a whole pair
        continue;
      }
      escaped.append(text, copied, i).append("\\u").append(Integer.toHexString(text.charAt(i)));
      copied = i + 1;
    }
    return copied == 0 ? text : escaped.append(text, copied, text.length()).toString();
  }
}
