package dev.clerkmcp.interceptor.policy;

import dev.clerkmcp.clerk.model.EmailAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A domain of email addresses, or all its subdomains.
 *
 * @param name in the form of {@link EmailAddress#domainKey}
 */
record EmailDomain(String name, boolean subdomains) {
  private static final String ANY = "*.";
  private static final Pattern NAME = Pattern.compile("[^\\s@*.]+(\\.[^\\s@*.]+)*");

  /** Reads {@code example.com}, or {@code *.example.com} for its subdomains; null for neither. */
  static @Nullable EmailDomain find(String text) {
    boolean subdomains = text.startsWith(ANY);
    String name = subdomains ? text.substring(ANY.length()) : text;
    return NAME.matcher(name).matches()
        ? new EmailDomain(EmailAddress.domainKey(name), subdomains)
        : null;
  }

  /**
   * Whether mail to an address goes to this domain; of a pattern, to all addresses that it means.
   */
  boolean has(String address) {
    String domain = EmailAddress.of(address).mailDomain();
    if (domain.startsWith(ANY)) {
      String parent = domain.substring(ANY.length());
      return subdomains && (parent.equals(name) || isBelow(parent, name));
    }
    return subdomains ? isBelow(domain, name) : domain.equals(name);
  }

  /** Whether mail to an address may go to this domain; of a pattern, to any that it means. */
  boolean touches(String address) {
    String domain = EmailAddress.of(address).mailDomain();
    if (!domain.startsWith(ANY)) {
      return has(address);
    }
    String parent = domain.substring(ANY.length());
    return has(address) || isBelow(name, parent) || (subdomains && name.equals(parent));
  }

  private static boolean isBelow(String domain, String parent) {
    return domain.endsWith("." + parent);
  }
}
