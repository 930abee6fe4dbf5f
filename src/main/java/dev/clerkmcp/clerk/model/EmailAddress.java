package dev.clerkmcp.clerk.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An email address in the one form in which addresses are compared and sent: two spellings of an
 * address are equal, and a text that is no address can be compared as well.
 *
 * @param text in lower case, without blanks and invisible characters around it
 */
public record EmailAddress(String text) {
  private static final int LONGEST = 254; // RFC 5321

  private static final String NAME = "[^\\s\\p{Z}\\p{C}@,;:<>()\\[\\]\"*.]+";

  private static final Pattern VALID =
      Pattern.compile("[^\\s\\p{Z}\\p{C}@,;:<>()\\[\\]\"*]+@" + NAME + "(\\." + NAME + ")+");

  /** Characters of a domain that mail software drops, or that only surround it. */
  private static final Pattern AROUND_DOMAIN = Pattern.compile("[\\p{Z}\\p{C}\\[\\]<>\"]++");

  /** The dots of other scripts separate the labels of a domain as well (RFC 3490). */
  private static final Pattern DOT = Pattern.compile("[\\u3002\\uFF0E\\uFF61]");

  /** Reads an address as a person wrote it; ask {@link #isValid} whether it is one. */
  public static EmailAddress of(String written) {
    return new EmailAddress(trimmed(written).toLowerCase(Locale.ROOT));
  }

  /** The text without blanks and invisible characters around it, in its own case. */
  public static String trimmed(String written) {
    int start = 0;
    int end = written.length();
    while (start < end && isInvisible(written.codePointAt(start))) {
      start += Character.charCount(written.codePointAt(start));
    }
    while (start < end && isInvisible(written.codePointBefore(end))) {
      end -= Character.charCount(written.codePointBefore(end));
    }
    return written.substring(start, end);
  }

  /** Reads the {@code email_address} of one of Clerk's objects; empty if it has none. */
  public static EmailAddress in(JsonNode object) {
    return of(object.path("email_address").asText(""));
  }

  /** Blanks and invisible characters come along when a column of a table is copied. */
  private static boolean isInvisible(int character) {
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

  /** Whether it is an address that mail can be sent to: one at sign, and a dot in the domain. */
  public boolean isValid() {
    return text.length() <= LONGEST && VALID.matcher(text).matches();
  }

  public boolean isEmpty() {
    return text.isEmpty();
  }

  /** The part before the last at sign; all of the text if there is none. */
  public String local() {
    return text.substring(0, text.indexOf('@') < 0 ? text.length() : text.lastIndexOf('@'));
  }

  /** The part after the last at sign, as it is spelled; empty if there is none. */
  public String domain() {
    return text.indexOf('@') < 0 ? "" : text.substring(text.lastIndexOf('@') + 1);
  }

  /**
   * The domain that mail to this address goes to, in the form of {@link #domainKey}. A text that is
   * no valid address has one too, because a mail server may still accept it; a rule about a domain
   * must not be evaded by a blank, a comment or a bracket.
   */
  public String mailDomain() {
    String written = text.substring(text.lastIndexOf('@') + 1);
    return domainKey(AROUND_DOMAIN.matcher(withoutComments(written)).replaceAll(""));
  }

  /** Comments stand in parentheses (RFC 5322). */
  private static String withoutComments(String domain) {
    if (domain.indexOf('(') < 0) {
      return domain;
    }
    StringBuilder bare = new StringBuilder();
    int depth = 0;
    for (int i = 0; i < domain.length(); i++) {
      char character = domain.charAt(i);
      if (character == '(') {
        depth++;
      } else if (character == ')') {
        depth = Math.max(0, depth - 1);
      } else if (depth == 0) {
        bare.append(character);
      }
    }
    return bare.toString();
  }

  /**
   * The form in which two spellings of a domain are equal: lower case, ASCII, no dot at the end.
   */
  public static String domainKey(String domain) {
    String dotted = DOT.matcher(domain.toLowerCase(Locale.ROOT)).replaceAll(".");
    int end = dotted.length();
    while (end > 0 && dotted.charAt(end - 1) == '.') {
      end--;
    }
    String name = dotted.substring(0, end);
    try {
      return IDN.toASCII(name, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return name; // too long or with an empty label: no domain, but comparable
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
