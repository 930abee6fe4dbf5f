package dev.clerkmcp.interceptor.policy;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A domain of email addresses, or all its subdomains.
 *
 * @param name in lower case and ASCII (IDNA), so that each domain has one spelling
 */
record EmailDomain(String name, boolean subdomains) {
  private static final String ANY = "*.";
  private static final Pattern UNSEEN = Pattern.compile("[\\p{Z}\\p{C}]++");
  private static final Pattern NAME = Pattern.compile("[^\\s@*.]+(\\.[^\\s@*.]+)*");

  /** Reads {@code example.com}, or {@code *.example.com} for its subdomains; null for neither. */
  static @Nullable EmailDomain find(String text) {
    boolean subdomains = text.startsWith(ANY);
    String name = subdomains ? text.substring(ANY.length()) : text;
    return NAME.matcher(name).matches() ? new EmailDomain(plain(name), subdomains) : null;
  }

  /** Whether an address belongs to it. */
  boolean has(String address) {
    // Invisible characters and a final dot or bracket do not change where mail is delivered.
    String after = UNSEEN.matcher(address.substring(address.lastIndexOf('@') + 1)).replaceAll("");
    int end = after.length();
    while (end > 0 && (after.charAt(end - 1) == '.' || after.charAt(end - 1) == '>')) {
      end--;
    }
    String domain = plain(after.substring(0, end));
    return subdomains ? domain.endsWith("." + name) : domain.equals(name);
  }

  private static String plain(String domain) {
    String lower = domain.toLowerCase(Locale.ROOT);
    try {
      return IDN.toASCII(lower, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return lower;
    }
  }
}
