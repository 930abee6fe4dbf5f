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

  /** Whether mail to an address goes to this domain. */
  boolean has(String address) {
    String domain = EmailAddress.of(address).mailDomain();
    return subdomains ? domain.endsWith("." + name) : domain.equals(name);
  }
}
