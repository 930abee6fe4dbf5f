package dev.clerkmcp.registry.text;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Texts of strangers, written so that a person who reads them in a sentence cannot take them for
 * the sentence: a name stands in quotation marks and can neither end them nor break the line.
 */
public final class QuotedText {
  private static final int LONGEST_NAME = 80;
  private static final int MOST_LISTED = 10;

  /**
   * What an id, an address, a number or a URL consists of; none of it could end a sentence part.
   */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@.+:/*~%?=&#-]{1,254}");

  /** Controls, marks of direction, what has no width, and spaces of every kind. */
  private static final Pattern INVISIBLE =
      Pattern.compile(
          "[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Z}\\u115F\\u1160\\u3164\\uFE00-\\uFE0F"
              + "\\x{E0000}-\\x{E0FFF}]+");

  private static final Pattern QUOTATION_MARK =
      Pattern.compile("[\"\\u00AB\\u00BB\\u201C-\\u201F\\u2033\\u2036\\u301D-\\u301F\\uFF02]");

  private QuotedText() {}

  /** A name, in quotation marks. */
  public static String name(String name) {
    String visible = INVISIBLE.matcher(name).replaceAll(" ").strip();
    String quotable = QUOTATION_MARK.matcher(visible).replaceAll("'");
    return '"' + shortened(quotable, LONGEST_NAME) + '"';
  }

  /** An id, an address, a number or a URL as it is; what is none of these like a name. */
  public static String plain(String text) {
    return PLAIN.matcher(text).matches() ? text : name(text);
  }

  /** The first ten, and how many more there are. */
  public static String first(List<String> texts) {
    return first(texts, texts.size());
  }

  /** The first ten of more than are known. */
  public static String first(List<String> texts, long total) {
    List<String> listed = texts.subList(0, Math.min(texts.size(), MOST_LISTED));
    long more = total - listed.size();
    return String.join(", ", listed) + (more <= 0 ? "" : " and " + more + " more");
  }

  /** The text, or its beginning and an ellipsis if it has more characters than that. */
  public static String shortened(String text, int most) {
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }
}
