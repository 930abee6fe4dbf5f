package dev.clerkmcp.workflows.support;

import dev.clerkmcp.clerk.model.EmailAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Sorts a given list of email addresses into valid, invalid and repeated ones.
 *
 * @param valid the addresses, in the form of {@link EmailAddress}
 * @param invalid the texts that are not addresses, as they were given
 * @param repeated the number of duplicates
 */
public record EmailList(List<String> valid, List<String> invalid, int repeated) {
  public EmailList {
    valid = List.copyOf(valid);
    invalid = List.copyOf(invalid);
  }

  /** Reads the addresses that a person gave, in their order. */
  public static EmailList of(List<String> given) {
    Set<EmailAddress> seen = new LinkedHashSet<>();
    List<String> valid = new ArrayList<>();
    List<String> invalid = new ArrayList<>();
    for (String text : given) {
      EmailAddress address = EmailAddress.of(text);
      if (seen.add(address)) {
        (address.isValid() ? valid : invalid).add(address.isValid() ? address.text() : text);
      }
    }
    return new EmailList(valid, invalid, given.size() - seen.size());
  }

  /** The number of given texts. */
  public int given() {
    return valid.size() + invalid.size() + repeated;
  }
}
