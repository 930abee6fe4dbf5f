package dev.clerkmcp.workflows.support;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A list of email addresses as people paste it, normalized and without duplicates.
 *
 * @param valid the addresses, in lower case
 * @param invalid entries that are no email address, as given
 * @param repeated how many entries repeat an earlier one
 */
public record EmailList(List<String> valid, List<String> invalid, int repeated) {
  private static final int LONGEST = 254; // RFC 5321

  private static final Pattern ADDRESS =
      Pattern.compile("[^\\s@,;:<>()\"*]+@[^\\s@,;:<>()\"*.]+(\\.[^\\s@,;:<>()\"*.]+)+");

  public EmailList {
    valid = List.copyOf(valid);
    invalid = List.copyOf(invalid);
  }

  public static EmailList of(List<String> given) {
    Set<String> seen = new LinkedHashSet<>();
    List<String> valid = new ArrayList<>();
    List<String> invalid = new ArrayList<>();
    for (String text : given) {
      String address = normal(text);
      if (seen.add(address)) {
        boolean isAddress = address.length() <= LONGEST && ADDRESS.matcher(address).matches();
        (isAddress ? valid : invalid).add(isAddress ? address : text);
      }
    }
    return new EmailList(valid, invalid, given.size() - seen.size());
  }

  /** The form in which two spellings of an address are the same. */
  public static String normal(String address) {
    int start = 0;
    int end = address.length();
    while (start < end && isUnseen(address.codePointAt(start))) {
      start += Character.charCount(address.codePointAt(start));
    }
    while (start < end && isUnseen(address.codePointBefore(end))) {
      end -= Character.charCount(address.codePointBefore(end));
    }
    return address.substring(start, end).toLowerCase(Locale.ROOT);
  }

  /** Blanks and invisible characters come along when a column of a table is copied. */
  private static boolean isUnseen(int character) {
    return switch (Character.getType(character)) {
      case Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  public int given() {
    return valid.size() + invalid.size() + repeated;
  }
}
