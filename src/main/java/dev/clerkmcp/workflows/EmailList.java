package dev.clerkmcp.workflows;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Email addresses as people hand them over, brought into one form and each there once.
 *
 * @param valid those that can be asked about, in lower case
 * @param invalid what is no address, as it was given
 * @param repeated how many were there before in the list
 */
record EmailList(List<String> valid, List<String> invalid, int repeated) {
  private static final int LONGEST = 254; // RFC 5321

  private static final Pattern ADDRESS =
      Pattern.compile("[^\\s@,;:<>()\"*]+@[^\\s@,;:<>()\"*.]+(\\.[^\\s@,;:<>()\"*.]+)+");

  /** Blanks and invisible characters that come along when a column of a table is copied. */
  private static final Pattern AROUND = Pattern.compile("^[\\s\\p{Z}\\p{C}]+|[\\s\\p{Z}\\p{C}]+$");

  EmailList {
    valid = List.copyOf(valid);
    invalid = List.copyOf(invalid);
  }

  static EmailList of(List<String> given) {
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
  static String normal(String address) {
    return AROUND.matcher(address).replaceAll("").toLowerCase(Locale.ROOT);
  }

  int given() {
    return valid.size() + invalid.size() + repeated;
  }
}
