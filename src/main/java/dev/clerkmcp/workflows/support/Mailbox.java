package dev.clerkmcp.workflows.support;

import dev.clerkmcp.clerk.model.EmailAddress;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The mailbox that mail to an address arrives in: addresses that differ in case or in the tag after
 * a plus, and at Gmail in dots, have one mailbox.
 *
 * @param local the part before the at sign, without tag
 * @param domain in lower case; Gmail's two domains are one
 */
public record Mailbox(String local, String domain) {
  private static final String GMAIL = "gmail.com";
  private static final Set<String> OF_GMAIL = Set.of(GMAIL, "googlemail.com");

  /** The mailbox of an address; a text without an at sign gets the empty domain. */
  public static Mailbox of(EmailAddress address) {
    String tagged = address.local();
    int plus = tagged.indexOf('+');
    String local = plus > 0 ? tagged.substring(0, plus) : tagged;
    return OF_GMAIL.contains(address.domain())
        ? new Mailbox(local.replace(".", ""), GMAIL)
        : new Mailbox(local, address.domain());
  }

  /** Addresses of this mailbox that people write: at Gmail with up to two dots. */
  public Set<String> spellings() {
    Set<String> spellings = new LinkedHashSet<>();
    spellings.add(local + "@" + domain);
    if (domain.equals(GMAIL)) {
      spellings.add(local + "@googlemail.com");
      dotted(local, 1).forEach(first -> spellings.add(first + "@" + domain));
      for (String first : dotted(local, 1)) {
        dotted(first, first.indexOf('.') + 2).forEach(both -> spellings.add(both + "@" + domain));
      }
    }
    return spellings;
  }

  private static Set<String> dotted(String text, int from) {
    Set<String> dotted = new LinkedHashSet<>();
    for (int i = from; i < text.length(); i++) {
      dotted.add(text.substring(0, i) + "." + text.substring(i));
    }
    return dotted;
  }
}
