package dev.clerkmcp.workflows.support;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Where mail to an address arrives: spellings that differ in case or in a tag behind a plus, and at
 * Gmail in dots, are one mailbox.
 *
 * @param local what stands before the at sign, without tag
 * @param domain in lower case; Gmail's is one, whatever it is called
 */
public record Mailbox(String local, String domain) {
  private static final String GMAIL = "gmail.com";
  private static final Set<String> OF_GMAIL = Set.of(GMAIL, "googlemail.com");

  /** Reads an address; one without an at sign has no domain. */
  public static Mailbox of(String address) {
    String text = EmailList.normal(address);
    int at = text.lastIndexOf('@');
    String domain = at < 0 ? "" : text.substring(at + 1);
    String local = at < 0 ? text : text.substring(0, at);
    int plus = local.indexOf('+');
    local = plus > 0 ? local.substring(0, plus) : local;
    return OF_GMAIL.contains(domain)
        ? new Mailbox(local.replace(".", ""), GMAIL)
        : new Mailbox(local, domain);
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
