package dev.clerkmcp.registry.text;

import java.lang.Character.UnicodeScript;
import java.net.IDN;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells the ASCII form of addresses, domains and URLs with other letters: {@code exаmple.com} with
 * a Cyrillic letter looks like another domain.
 */
public final class NonAsciiAddress {
  /**
   * What stands before a domain (a scheme and what ends in an at sign), the domain, and the port.
   */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "((?:[a-z][a-z0-9+.-]*://)?(?:[^\\s@/?#]*@)?|\\*\\.)"
              + "((?:[\\p{L}\\p{M}\\p{N}_-]++[.。．｡]){1,126}[\\p{L}\\p{M}\\p{N}-]++\\.?)"
              + "((?::\\d+)?)(?:[/?#]\\S*)?",
          Pattern.CASE_INSENSITIVE);

  private NonAsciiAddress() {}

  /**
   * The ASCII form without the path, in parentheses after a space, if the text is an address,
   * domain or URL whose domain has letters other than ASCII, or whose name before the at sign mixes
   * scripts; otherwise empty.
   */
  public static String note(String text) {
    Matcher address = ADDRESS.matcher(text);
    if (!address.matches()) {
      return "";
    }
    String name = address.group(1);
    String domain = address.group(2);
    if (isAscii(domain) && !mixesScripts(name)) {
      return "";
    }
    return " (not ASCII: %s)".formatted(escaped(name) + ascii(domain) + address.group(3));
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static boolean mixesScripts(String text) {
    Set<UnicodeScript> scripts = new HashSet<>();
    text.codePoints().mapToObj(UnicodeScript::of).forEach(scripts::add);
    scripts.remove(UnicodeScript.COMMON);
    scripts.remove(UnicodeScript.INHERITED);
    return scripts.size() > 1;
  }

  private static String ascii(String domain) {
    try {
      return IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED);
    } catch (IllegalArgumentException e) { // no domain can be so, such as one that is too long
      return escaped(domain);
    }
  }

  /** The text with escapes for all characters that are not ASCII: {@code \}{@code u0435}. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit < 0x80) {
        escaped.append(unit);
      } else {
        escaped.append("\\u").append(HexFormat.of().toHexDigits(unit));
      }
    }
    return escaped.toString();
  }
}
