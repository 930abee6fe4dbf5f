package dev.clerkmcp.registry;

/**
 * Writes out the characters that a person would not see and a model would read: names, metadata and
 * other texts come from strangers, and orders can hide in them. In JSON such a character stands as
 * the text of its escape, so that nothing is lost, nor comes back where a host reads the JSON.
 *
 * @see <a href="https://www.unicode.org/reports/tr36/">Unicode's security considerations</a>
 */
public final class VisibleText {
  private static final char FIRST_DOUBTFUL = 0x7F;
  private static final int FIRST_TAG = 0xE0000;
  private static final int LAST_TAG = 0xE0FFF;

  private VisibleText() {}

  /** The same JSON, every invisible character in it written out. */
  public static String inJson(String json) {
    int i = 0;
    while (i < json.length() && json.charAt(i) < FIRST_DOUBTFUL) {
      i++; // nearly all of nearly every answer
    }
    while (i < json.length() && !isHidden(json.codePointAt(i))) {
      i += Character.charCount(json.codePointAt(i));
    }
    if (i == json.length()) {
      return json;
    }
    StringBuilder visible = new StringBuilder(json.length() + 64).append(json, 0, i);
    for (; i < json.length(); i += Character.charCount(json.codePointAt(i))) {
      int character = json.codePointAt(i);
      if (isHidden(character)) {
        for (char unit : Character.toChars(character)) {
          visible.append("\\\\u").append(hex(unit));
        }
      } else {
        visible.appendCodePoint(character);
      }
    }
    return visible.toString();
  }

  /** The text on one line, every invisible character left out. */
  public static String stripped(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    text.codePoints()
        .map(character -> isSpace(character) ? ' ' : character)
        .filter(character -> character >= ' ' && character != 0x7F && !isHidden(character))
        .forEach(visible::appendCodePoint);
    return visible.toString().strip();
  }

  private static boolean isSpace(int character) {
    return Character.isWhitespace(character) || Character.isSpaceChar(character);
  }

  /**
   * Controls, marks of direction, what has no width, tags, and halves of pairs. JSON has escaped
   * the controls below the space already.
   */
  private static boolean isHidden(int character) {
    if (character < FIRST_DOUBTFUL) {
      return false;
    }
    int type = Character.getType(character);
    boolean invisible =
        type == Character.CONTROL
            || type == Character.FORMAT
            || type == Character.SURROGATE
            || type == Character.LINE_SEPARATOR
            || type == Character.PARAGRAPH_SEPARATOR
            || type == Character.PRIVATE_USE;
    boolean tag = character >= FIRST_TAG && character <= LAST_TAG;
    boolean selector = character >= 0xFE00 && character <= 0xFE0E; // the 16th makes emoji
    boolean filler = character == 0x115F || character == 0x1160 || character == 0x3164;
    return invisible || tag || selector || filler;
  }

  private static String hex(char unit) {
    String hex = Integer.toHexString(unit);
    return "0000".substring(hex.length()) + hex;
  }
}
