package dev.clerkmcp.workflows.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.workflows.support.Mailbox;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Scores how likely two users are the same person, by the data that they share. What is not proven
 * to be the user's is weak evidence, since anyone can claim it.
 */
final class DuplicateScore {
  private static final String ACCOUNTS = "external_accounts";
  private static final String EMAILS = "email_addresses";
  private static final String PROVIDER = "provider";
  private static final String PROVIDER_USER_ID = "provider_user_id";

  private final ClerkUser own;
  private final ClerkUser theirs;
  private final List<ObjectNode> reasons = new ArrayList<>();
  private Strength strength = Strength.NONE;

  private DuplicateScore(ClerkUser own, ClerkUser theirs) {
    this.own = own;
    this.theirs = theirs;
  }

  /** How strong the evidence is, the strongest first. */
  enum Strength {
    /** The same account, phone number or mailbox, proven by both users: one person's. */
    STRONG,
    /** A match that two people of the same name could share. */
    MEDIUM,
    /** The same name, which many people share, or a match that a user has not proven. */
    WEAK,
    NONE
  }

  static DuplicateScore of(JsonNode own, JsonNode theirs) {
    DuplicateScore score = new DuplicateScore(new ClerkUser(own), new ClerkUser(theirs));
    score.accounts();
    score.values("same_wallet", Identifier.WEB3_WALLET);
    score.values("same_phone", Identifier.PHONE_NUMBER);
    score.emails();
    score.names();
    return score;
  }

  Strength strength() {
    return strength;
  }

  /** The reasons as they appear in answers. */
  List<ObjectNode> reasons() {
    return List.copyOf(reasons);
  }

  /** Compares external accounts by the provider's user ID, which is unique there. */
  private void accounts() {
    for (JsonNode account : own.json().path(ACCOUNTS)) {
      for (JsonNode other : theirs.json().path(ACCOUNTS)) {
        boolean same =
            account.path(PROVIDER).equals(other.path(PROVIDER))
                && !text(account, PROVIDER_USER_ID).isEmpty()
                && text(account, PROVIDER_USER_ID).equals(text(other, PROVIDER_USER_ID));
        if (same) {
          boolean proven = ClerkUser.isVerified(account) && ClerkUser.isVerified(other);
          add(Strength.STRONG, proven, "same_external_account")
              .put(PROVIDER, text(other, PROVIDER));
        }
      }
    }
  }

  private void values(String reason, Identifier kind) {
    for (Contact contact : theirs.contacts(kind)) {
      String value = contact.value();
      if (!value.isEmpty() && own.has(kind, value)) {
        boolean proven = contact.isProven() && own.isNamedBy(kind, value);
        add(Strength.STRONG, proven, reason).put(kind.field(), value);
      }
    }
  }

  /**
   * An email address of a user or of an external account.
   *
   * @param proven whether it is proven to be the user's
   */
  private record Address(EmailAddress email, boolean proven) {
    boolean isSameEmail(Address other) {
      return email.equals(other.email);
    }

    boolean isSameMailbox(Address other) {
      return Mailbox.of(email).equals(Mailbox.of(other.email));
    }
  }

  private void emails() {
    List<Address> addresses = addresses(own, EMAILS);
    List<Address> accounts = addresses(own, ACCOUNTS);
    List<Address> others = addresses(theirs, EMAILS);
    for (Address other : others) {
      boolean told =
          email(Strength.STRONG, "same_email", other, addresses, other::isSameEmail)
              || email(Strength.STRONG, "same_mailbox", other, addresses, other::isSameMailbox);
      if (!told) {
        email(Strength.STRONG, "email_of_external_account", other, accounts, other::isSameMailbox);
      }
    }
    List<Address> both = new ArrayList<>(addresses);
    both.addAll(accounts);
    for (Address other : addresses(theirs, ACCOUNTS)) {
      boolean told =
          others.stream()
              .anyMatch(
                  address -> address.isSameMailbox(other) && (address.proven() || !other.proven()));
      if (!told) {
        email(Strength.STRONG, "email_of_external_account", other, both, other::isSameMailbox);
      }
    }
  }

  /** Adds the reason if any of the own addresses is the same; proven ones count more. */
  private boolean email(
      Strength ifProven,
      String reason,
      Address other,
      List<Address> addresses,
      Predicate<Address> isSame) {
    List<Address> same = addresses.stream().filter(isSame).toList();
    if (same.isEmpty()) {
      return false;
    }
    boolean proven = other.proven() && same.stream().anyMatch(Address::proven);
    add(ifProven, proven, reason).put("email", other.email().text());
    return true;
  }

  /** The name is not told again: it stands in the rows of both users. */
  private void names() {
    if (name(own).isEmpty() || !name(own).equals(name(theirs))) {
      return;
    }
    List<Address> addresses = addresses(own, EMAILS);
    Set<String> domains = new LinkedHashSet<>();
    addresses.forEach(address -> domains.add(Mailbox.of(address.email()).domain()));
    for (Address other : addresses(theirs, EMAILS)) {
      Mailbox mailbox = Mailbox.of(other.email());
      if (!domains.contains(mailbox.domain())) {
        email(
            Strength.MEDIUM,
            "same_local_part_and_name",
            other,
            addresses,
            address -> Mailbox.of(address.email()).local().equals(mailbox.local()));
      }
    }
    add(Strength.WEAK, true, "same_name");
  }

  /** The full name without accents, its parts sorted; empty if first or last name is missing. */
  private static String name(ClerkUser user) {
    String first = plain(text(user.json(), "first_name"));
    String last = plain(text(user.json(), "last_name"));
    if (first.isEmpty() || last.isEmpty()) {
      return "";
    }
    return first.compareTo(last) < 0 ? first + " " + last : last + " " + first;
  }

  private static String plain(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFD)
        .replaceAll("\\p{M}", "")
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  /**
   * The addresses in a list. A verified account proves its address unless the user has that address
   * unverified: then the provider has not vouched for it.
   */
  private static List<Address> addresses(ClerkUser user, String list) {
    Set<Address> addresses = new LinkedHashSet<>();
    for (JsonNode item : user.json().path(list)) {
      EmailAddress email = EmailAddress.in(item);
      if (!email.domain().isEmpty()) {
        Contact own = user.findEmail(email);
        boolean proven = ClerkUser.isProven(item) && (own == null || own.isProven());
        addresses.add(new Address(email, proven));
      }
    }
    return List.copyOf(addresses);
  }

  /**
   * Adds a reason.
   *
   * @param ifProven the strength of the evidence if both users have proven it; otherwise it is weak
   */
  private ObjectNode add(Strength ifProven, boolean proven, String reason) {
    Strength found = proven ? ifProven : Strength.WEAK;
    if (found.compareTo(strength) < 0) {
      strength = found;
    }
    ObjectNode row = Json.object().put("reason", reason);
    reasons.add(proven ? row : row.put("unverified", true));
    return row;
  }

  private static String text(JsonNode object, String field) {
    return object.path(field).asText("").strip();
  }
}
