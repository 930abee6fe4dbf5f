package dev.clerkmcp.registry.text;

import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Quotes untrusted text in sentences, so that it cannot be mistaken for the sentence: a name is in
 * quotation marks, and can neither end the quotation nor break the line.
 */
public final class QuotedText {
  private static final int MAX_NAME_LENGTH = 80;

  /** The most texts that {@link #first} lists. */
  public static final int MAX_LISTED = 10;

  /** The characters of IDs, addresses, numbers and URLs; none of them can end a quotation. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@.+:/*~%?=&#-]{1,254}");

  /** Control, direction and zero-width characters, and white space. */
  private static final Pattern INVISIBLE =
      Pattern.compile(
          "[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Z}\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F"
              + "\\u2065\\u2800\\u3164\\uFE00-\\uFE0F\\uFFA0\\uFFF0-\\uFFF8\\x{E0000}-\\x{E0FFF}]+");

  private static final Pattern OTHER_QUOTATION_MARK =
      Pattern.compile("[\\u00AB\\u00BB\\u201C-\\u201F\\u2033\\u2036\\u301D-\\u301F\\uFF02]");

  private QuotedText() {}

  /** A name in quotation marks. */
  public static String name(String name) {
    return '"' + shortened(quotable(name), MAX_NAME_LENGTH) + '"';
  }

  /**
   * The text with apostrophes for all quotation marks but the ASCII one, since a model may take
   * them for the end of a quotation.
   */
  public static String withoutOtherQuotationMarks(String text) {
    return OTHER_QUOTATION_MARK.matcher(text).replaceAll("'");
  }

  /**
   * An ID, address, number or URL as it is; any other text in quotation marks, with the ASCII form
   * of an address that may look like another.
   */
  public static String plain(String text) {
    return PLAIN.matcher(text).matches() ? text : name(text) + NonAsciiAddress.note(text);
  }

  /**
   * A text of any length in quotation marks, for values that a person must see whole: what cannot
   * be seen is written as an escape, {@code \n} or {@code \u200b}.
   */
  public static String whole(String text) {
    String visible =
        INVISIBLE
            .matcher(text)
            .replaceAll(
                found -> Matcher.quoteReplacement(escaped(text, found.start(), found.end())));
    return '"' + withoutOtherQuotationMarks(visible).replace('"', '\'') + '"';
  }

  private static String escaped(String text, int start, int end) {
    StringBuilder escaped = new StringBuilder();
    for (int i = start; i < end; i++) {
      char unit = text.charAt(i);
      switch (unit) {
        case ' ' -> escaped.append(unit);
        case '\n' -> escaped.append("\\n");
        case '\t' -> escaped.append("\\t");
        default -> {
          if (TextSanitizer.isNeededJoiner(text, i)) {
            escaped.append(unit);
          } else {
            escaped.append("\\u").append(HexFormat.of().toHexDigits(unit));
          }
        }
      }
    }
    return escaped.toString();
  }

  private static String quotable(String name) {
    String visible =
        INVISIBLE
            .matcher(name)
            .replaceAll(
                found ->
                    found.group().length() == 1 && TextSanitizer.isNeededJoiner(name, found.start())
                        ? found.group()
                        : " ")
            .strip();
    return withoutOtherQuotationMarks(visible).replace('"', '\'');
  }

  /** The first ten, and the number of the others. */
  public static String first(List<String> texts) {
    return first(texts, texts.size());
  }

  /** The first ten, and the number of the others up to a total. */
  public static String first(List<String> texts, long total) {
    List<String> listed = texts.subList(0, Math.min(texts.size(), MAX_LISTED));
    long more = total - listed.size();
    return String.join(", ", listed) + (more <= 0 ? "" : " and " + more + " more");
  }

  /** The text; if it has too many characters, its beginning and an ellipsis. */
  public static String shortened(String text, int most) {
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }

  /** The text; if it has too many characters, its beginning and how many it has. */
  public static String withSize(String text, int most) {
    return text.length() <= most
        ? text
        : "%s (%s characters)".formatted(shortened(text, most), text.length());
  }
}
