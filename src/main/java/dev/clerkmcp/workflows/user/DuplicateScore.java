package dev.clerkmcp.workflows.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.workflows.support.Mailbox;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Scores how likely two users are the same person, by the data that they share. */
final class DuplicateScore {
  private static final String PROVIDER = "provider";
  private static final String PROVIDER_USER_ID = "provider_user_id";

  private final JsonNode own;
  private final JsonNode theirs;
  private final List<ObjectNode> reasons = new ArrayList<>();
  private Strength strength = Strength.NONE;

  private DuplicateScore(JsonNode own, JsonNode theirs) {
    this.own = own;
    this.theirs = theirs;
  }

  /** How strong the evidence is, the strongest first. */
  enum Strength {
    /** The same account, phone number or mailbox, which belongs to one person. */
    STRONG,
    /** A match that two people of the same name could share. */
    MEDIUM,
    /** The same name, which many people share. */
    WEAK,
    NONE
  }

  static DuplicateScore of(JsonNode own, JsonNode theirs) {
    DuplicateScore score = new DuplicateScore(own, theirs);
    score.accounts();
    score.values("same_wallet", "web3_wallets", "web3_wallet");
    score.values("same_phone", "phone_numbers", "phone_number");
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
    for (JsonNode account : own.path("external_accounts")) {
      for (JsonNode other : theirs.path("external_accounts")) {
        boolean same =
            account.path(PROVIDER).equals(other.path(PROVIDER))
                && !text(account, PROVIDER_USER_ID).isEmpty()
                && text(account, PROVIDER_USER_ID).equals(text(other, PROVIDER_USER_ID));
        if (same) {
          add(Strength.STRONG, "same_external_account").put(PROVIDER, text(other, PROVIDER));
        }
      }
    }
  }

  private void values(String reason, String list, String field) {
    Set<String> known = new LinkedHashSet<>();
    own.path(list).forEach(item -> known.add(text(item, field).toLowerCase(Locale.ROOT)));
    for (JsonNode item : theirs.path(list)) {
      String value = text(item, field);
      if (!value.isEmpty() && known.contains(value.toLowerCase(Locale.ROOT))) {
        add(Strength.STRONG, reason).put(field, value);
      }
    }
  }

  private void emails() {
    List<EmailAddress> addresses = addresses(own, "email_addresses");
    List<EmailAddress> others = addresses(theirs, "email_addresses");
    List<EmailAddress> accounts = addresses(own, "external_accounts");
    List<EmailAddress> otherAccounts = addresses(theirs, "external_accounts");
    for (EmailAddress other : others) {
      if (addresses.contains(other)) {
        add(Strength.STRONG, "same_email").put("email", other.text());
      } else if (addresses.stream().anyMatch(address -> isSameMailbox(address, other))) {
        add(Strength.STRONG, "same_mailbox").put("email", other.text());
      } else if (accounts.stream().anyMatch(address -> isSameMailbox(address, other))) {
        add(Strength.STRONG, "email_of_external_account").put("email", other.text());
      }
    }
    for (EmailAddress other : otherAccounts) {
      boolean told = others.stream().anyMatch(address -> isSameMailbox(address, other));
      boolean same =
          addresses.stream().anyMatch(address -> isSameMailbox(address, other))
              || accounts.stream().anyMatch(address -> isSameMailbox(address, other));
      if (same && !told) {
        add(Strength.STRONG, "email_of_external_account").put("email", other.text());
      }
    }
  }

  private static boolean isSameMailbox(EmailAddress one, EmailAddress other) {
    return Mailbox.of(one).equals(Mailbox.of(other));
  }

  private void names() {
    if (name(own).isEmpty() || !name(own).equals(name(theirs))) {
      return;
    }
    Set<String> locals = new LinkedHashSet<>();
    addresses(own, "email_addresses").forEach(address -> locals.add(Mailbox.of(address).local()));
    Set<String> domains = new LinkedHashSet<>();
    addresses(own, "email_addresses").forEach(address -> domains.add(Mailbox.of(address).domain()));
    for (EmailAddress other : addresses(theirs, "email_addresses")) {
      Mailbox mailbox = Mailbox.of(other);
      if (locals.contains(mailbox.local()) && !domains.contains(mailbox.domain())) {
        add(Strength.MEDIUM, "same_local_part_and_name").put("email", other.text());
      }
    }
    add(Strength.WEAK, "same_name").put("name", new ClerkUser(theirs).name());
  }

  /** The full name without accents, its parts sorted; empty if first or last name is missing. */
  private static String name(JsonNode user) {
    String first = plain(text(user, "first_name"));
    String last = plain(text(user, "last_name"));
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

  private static List<EmailAddress> addresses(JsonNode user, String list) {
    Set<EmailAddress> addresses = new LinkedHashSet<>();
    for (JsonNode item : user.path(list)) {
      EmailAddress address = EmailAddress.in(item);
      if (!address.domain().isEmpty()) {
        addresses.add(address);
      }
    }
    return List.copyOf(addresses);
  }

  private ObjectNode add(Strength of, String reason) {
    if (of.compareTo(strength) < 0) {
      strength = of;
    }
    ObjectNode row = Json.object().put("reason", reason);
    reasons.add(row);
    return row;
  }

  private static String text(JsonNode object, String field) {
    return object.path(field).asText("").strip();
  }
}
