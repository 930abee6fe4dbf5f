package dev.clerkmcp.clerk.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An email address in the form in which addresses are compared and sent. {@link #of} trims and
 * lower-cases; equality compares that text. The text need not be a valid address, see {@link
 * #isValid}.
 *
 * @param text in lower case, without blanks and invisible characters around it
 */
public record EmailAddress(String text) {
  private static final int MAX_LENGTH = 254; // RFC 5321

  private static final String NAME = "[^\\s\\p{Z}\\p{C}@,;:<>()\\[\\]\"*.]+";

  private static final Pattern VALID =
      Pattern.compile("[^\\s\\p{Z}\\p{C}@,;:<>()\\[\\]\"*]+@" + NAME + "(\\." + NAME + ")+");

  /** Characters that mail software drops from a domain, or that only surround the domain. */
  private static final Pattern IGNORED_IN_DOMAIN = Pattern.compile("[\\p{Z}\\p{C}\\[\\]<>\"]++");

  /** The at signs that compatibility decomposition turns into the usual one. */
  private static final Pattern AT = Pattern.compile("[\\uFE6B\\uFF20]");

  /** The dots of other scripts separate the labels of a domain as well (RFC 3490). */
  private static final Pattern DOT = Pattern.compile("[\\u3002\\uFF0E\\uFF61]");

  /** Reads an address as a person wrote it. The text need not be a valid address. */
  public static EmailAddress of(String written) {
    return new EmailAddress(trimmed(written).toLowerCase(Locale.ROOT));
  }

  /** The text without blanks and invisible characters around it; its case stays. */
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

  /**
   * Reads the {@code email_address} of one of Clerk's objects; empty if the object has no address.
   */
  public static EmailAddress in(JsonNode object) {
    return of(object.path("email_address").asText(""));
  }

  /**
   * Whether a character is blank or invisible: people copy such characters along with a column of a
   * table.
   */
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

  /** Whether a text has an at sign, of whatever width, so that it is meant as an address. */
  public static boolean hasAtSign(String text) {
    return text.indexOf('@') >= 0 || AT.matcher(text).find();
  }

  /** Whether mail can be sent to this address: it has one at sign, and a dot in the domain. */
  public boolean isValid() {
    return text.length() <= MAX_LENGTH && VALID.matcher(text).matches();
  }

  public boolean isEmpty() {
    return text.isEmpty();
  }

  /** The part before the last at sign; all of the text if there is no at sign. */
  public String local() {
    return text.substring(0, text.indexOf('@') < 0 ? text.length() : text.lastIndexOf('@'));
  }

  /**
   * The part after the last at sign, in lower case, not converted to ASCII; empty if there is no at
   * sign.
   */
  public String domain() {
    return text.indexOf('@') < 0 ? "" : text.substring(text.lastIndexOf('@') + 1);
  }

  /**
   * The domain that mail to this address goes to, in the form of {@link #domainKey}. A text that is
   * not a valid address has a mail domain too, because a mail server may still accept it; a rule
   * about a domain must not be evaded by a blank, a comment or a bracket.
   */
  public String mailDomain() {
    String plain = AT.matcher(text).replaceAll("@");
    String written = plain.substring(plain.lastIndexOf('@') + 1);
    return domainKey(IGNORED_IN_DOMAIN.matcher(withoutComments(written)).replaceAll(""));
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
      return name; // too long or with an empty label: not a domain, but comparable
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
