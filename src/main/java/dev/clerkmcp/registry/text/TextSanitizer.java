package dev.clerkmcp.registry.text;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;

/**
 * Escapes invisible characters and terminal controls. Names and metadata are untrusted, and can
 * hide instructions in characters that a model reads and a person does not see. In JSON the
 * backslash is escaped as well, so that the character does not come back when a host parses it.
 * Joiners stay where writing needs them: between letters of scripts that use them, such as Persian,
 * and within emoji.
 *
 * @see <a href="https://www.unicode.org/reports/tr36/">Unicode's security considerations</a>
 */
public final class TextSanitizer {
  private static final char FIRST_DOUBTFUL = 0x7F;
  private static final int LENGTH_OF_UNIT = "\\u0000".length();
  private static final int FIRST_TAG = 0xE0000;
  private static final int LAST_TAG = 0xE0FFF;

  private static final char NON_JOINER = 0x200C;
  private static final char JOINER = 0x200D;

  /** Follows a symbol that is shown as an emoji. */
  private static final char AS_EMOJI = 0xFE0F;

  private TextSanitizer() {}

  /**
   * Escapes the invisible characters in the strings of JSON, including those that are written as
   * JSON escapes. Tabs and line breaks stay.
   */
  public static String inJson(String json) {
    StringBuilder visible = new StringBuilder(0);
    int copied = 0;
    for (int i = 0; i < json.length(); ) {
      char unit = json.charAt(i);
      if (unit < FIRST_DOUBTFUL && unit != '\\') {
        i++; // fast path: nearly all characters are ASCII
        continue;
      }
      boolean escaped = unit == '\\';
      int character = escaped ? unescaped(json, i) : json.codePointAt(i);
      int length = escaped ? lengthOfEscape(json, i) : Character.charCount(character);
      if (isHidden(character) && (escaped || !isNeededJoiner(json, i))) {
        visible.append(json, copied, i);
        append(visible, "\\\\u", character);
        copied = i + length;
      }
      i += length;
    }
    return copied == 0 ? json : visible.append(json, copied, json.length()).toString();
  }

  /** Escapes the invisible characters in a text as JSON does. Tabs and line breaks stay. */
  public static String of(String text) {
    StringBuilder visible = new StringBuilder(0);
    int copied = 0;
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      int length = Character.charCount(character);
      if (isHidden(character) && !isNeededJoiner(text, i)) {
        append(visible.append(text, copied, i), "\\u", character);
        copied = i + length;
      }
      i += length;
    }
    return copied == 0 ? text : visible.append(text, copied, text.length()).toString();
  }

  /** Removes the invisible characters from a text and puts it on one line. */
  public static String stripped(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    text.codePoints()
        .map(character -> isSpace(character) ? ' ' : character)
        .filter(character -> !isHidden(character))
        .forEach(visible::appendCodePoint);
    return visible.toString().strip();
  }

  private static boolean isSpace(int character) {
    return Character.isWhitespace(character) || Character.isSpaceChar(character);
  }

  /** The character that an escape in JSON stands for. */
  private static int unescaped(String json, int at) {
    char kind = json.charAt(at + 1);
    return switch (kind) {
      case 'u' -> Integer.parseInt(json, at + 2, at + LENGTH_OF_UNIT, 16);
      case 'b' -> '\b';
      case 'f' -> '\f';
      default -> ' '; // any other escape is visible
    };
  }

  private static int lengthOfEscape(String json, int at) {
    return json.charAt(at + 1) == 'u' ? LENGTH_OF_UNIT : 2;
  }

  private static void append(StringBuilder visible, String escape, int character) {
    for (char unit : Character.toChars(character)) {
      visible.append(escape).append(hex(unit));
    }
  }

  /** Control, direction, zero-width and tag characters, and lone surrogates. */
  private static boolean isHidden(int character) {
    if (character < FIRST_DOUBTFUL) {
      return character < ' ' && character != '\n' && character != '\t' && character != '\r';
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
    boolean selector =
        (character >= 0xFE00 && character <= 0xFE0E) // the 16th makes emoji
            || (character >= 0x180B && character <= 0x180F);
    boolean reserved = character == 0x2065 || (character >= 0xFFF0 && character <= 0xFFF8);
    return invisible || tag || selector || reserved || isFiller(character);
  }

  /** Letters and symbols that have no shape. */
  private static boolean isFiller(int character) {
    return switch (character) {
      case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0xFFFC -> true;
      case 0x16FE4, 0x1D159 -> true;
      default -> false;
    };
  }

  /**
   * Whether a character of a text is a joiner or non-joiner that its neighbours need: letters of a
   * script that uses them, or the parts of an emoji.
   */
  static boolean isNeededJoiner(String text, int at) {
    char joiner = text.charAt(at);
    if ((joiner != NON_JOINER && joiner != JOINER) || at == 0 || at + 1 == text.length()) {
      return false;
    }
    int before = text.codePointBefore(at);
    int after = text.codePointAt(at + 1);
    return (isJoining(before) && isJoining(after))
        || (joiner == JOINER && (isEmoji(before) || before == AS_EMOJI) && isEmoji(after));
  }

  private static boolean isJoining(int character) {
    int type = Character.getType(character);
    boolean isMark = type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    return (isMark || Character.isLetterOrDigit(character))
        && (JoiningScripts.ALL.contains(UnicodeScript.of(character)) || isArabicVowel(character));
  }

  /** Arabic vowel signs belong to no single script. */
  private static boolean isArabicVowel(int character) {
    return character >= 0x064B && character <= 0x0655;
  }

  private static boolean isEmoji(int character) {
    boolean isArrow = character == 0x2194 || character == 0x2195;
    boolean isPictograph = character >= 0x1F000 && character <= 0x1FAFF;
    return isArrow || isPictograph || Character.getType(character) == Character.OTHER_SYMBOL;
  }

  private static String hex(char unit) {
    String hex = Integer.toHexString(unit);
    return "0000".substring(hex.length()) + hex;
  }

  /** Loaded at the first joiner, since most texts have none. */
  private static final class JoiningScripts {
    /** Scripts whose writing distinguishes joined and separate letters. */
    static final Set<UnicodeScript> ALL =
        EnumSet.of(
            UnicodeScript.ARABIC,
            UnicodeScript.BALINESE,
            UnicodeScript.BENGALI,
            UnicodeScript.DEVANAGARI,
            UnicodeScript.GUJARATI,
            UnicodeScript.GURMUKHI,
            UnicodeScript.JAVANESE,
            UnicodeScript.KANNADA,
            UnicodeScript.KHMER,
            UnicodeScript.MALAYALAM,
            UnicodeScript.MANDAIC,
            UnicodeScript.MONGOLIAN,
            UnicodeScript.MYANMAR,
            UnicodeScript.NKO,
            UnicodeScript.ORIYA,
            UnicodeScript.SINHALA,
            UnicodeScript.SYRIAC,
            UnicodeScript.TAMIL,
            UnicodeScript.TELUGU,
            UnicodeScript.TIBETAN);
  }
}
