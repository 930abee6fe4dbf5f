package dev.clerkmcp.json;

/**
 * Escapes the halves of surrogate pairs that stand alone. Java and JSON can hold one, as in {@code
 * "\ud83d"}, and UTF-8 cannot: a strict encoder fails on it, and others write a question mark.
 */
public final class LoneSurrogates {
  private LoneSurrogates() {}

  /**
   * The text with {@code \ud83d} in place of such a character; the text itself if it has none. JSON
   * stays the same JSON.
   */
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
