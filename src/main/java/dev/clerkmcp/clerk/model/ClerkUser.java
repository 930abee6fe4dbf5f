package dev.clerkmcp.clerk.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.IsoTime;
import dev.clerkmcp.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads one of Clerk's users: identifiers, flags, ways to sign in, and the short forms in which
 * answers show a user. Fields that the JSON does not have are left out.
 *
 * @param json as Clerk sent it
 */
public record ClerkUser(JsonNode json) {
  /** The value of the field {@code object} in a user. */
  public static final String OBJECT = "user";

  private static final String ID = "id";

  /** Values that no two users of an instance share. */
  public enum Identifier {
    ID("id", null),
    EMAIL_ADDRESS("email_address", "email_addresses"),
    PHONE_NUMBER("phone_number", "phone_numbers"),
    USERNAME("username", null),
    EXTERNAL_ID("external_id", null),
    WEB3_WALLET("web3_wallet", "web3_wallets");

    private final String field;
    private final @Nullable String list;

    Identifier(String field, @Nullable String list) {
      this.field = field;
      this.list = list;
    }

    /** Clerk's field for one value: {@code email_address}. */
    public String field() {
      return field;
    }

    /** The user's field for all values, or for the only value if a user can have just one. */
    public String userField() {
      return list == null ? field : list;
    }

    /** Whether objects with a value of {@code object} are contacts: {@code email_address}. */
    public static boolean isContact(String object) {
      return Arrays.stream(values())
          .anyMatch(kind -> kind.list != null && kind.field.equals(object));
    }

    /** Whether two values are the same to Clerk, which ignores case in all but IDs. */
    public boolean same(String one, String other) {
      return comparable(one).equals(comparable(other));
    }

    private String comparable(String value) {
      return switch (this) {
        case ID, EXTERNAL_ID -> value;
        case EMAIL_ADDRESS -> EmailAddress.of(value).text();
        default -> value.toLowerCase(Locale.ROOT);
      };
    }
  }

  /**
   * An email address, phone number or wallet of a user.
   *
   * @param json as Clerk sent it
   * @param isPrimary whether the user's record names it as the primary one of its kind
   */
  public record Contact(Identifier kind, JsonNode json, boolean isPrimary) {
    public String id() {
      return json.path(ClerkUser.ID).asText("");
    }

    /** The address or number itself. */
    public String value() {
      return json.path(kind.field).asText("");
    }

    /** Whether the user has verified it, or an administrator has marked it as verified. */
    public boolean isVerified() {
      return ClerkUser.isVerified(json);
    }

    /** Whether it names the user, see {@link ClerkUser#isProven}. */
    public boolean isProven() {
      return ClerkUser.isProven(json);
    }

    /** Whether it serves as a second factor, which only a verified phone number can. */
    public boolean isSecondFactor() {
      return json.path("reserved_for_second_factor").asBoolean() && isVerified();
    }
  }

  /** Remarkable states of an account, in the order in which answers list them. */
  public enum Flag {
    BANNED("banned"),
    LOCKED("locked"),
    /** A directory of the user's company has deprovisioned the account. */
    DEPROVISIONED("deprovisioned"),
    MFA("two_factor_enabled"),
    NO_PASSWORD("password_enabled"),
    /** The main email address is not {@linkplain ClerkUser#isProven proven} to be the user's. */
    UNVERIFIED_EMAIL("primary_email_address_id"),
    NEVER_SIGNED_IN("last_sign_in_at");

    private final String field;

    Flag(String field) {
      this.field = field;
    }

    /** The word in answers. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The user's field that the flag replaces in answers. */
    public String field() {
      return field;
    }
  }

  /**
   * Whether an identifier, a connected account or a domain is verified. One without a verification
   * is not: Clerk gives none to an address that an administrator added unverified.
   */
  public static boolean isVerified(JsonNode object) {
    return object.path("verification").path("status").asText().equals("verified");
  }

  /**
   * Whether an email address, phone number or wallet names its user: it is verified, or an
   * administrator has reserved it, so that no other user can claim it. Any other one is only
   * claimed: anyone can add another person's address to their own account.
   */
  public static boolean isProven(JsonNode contact) {
    return isVerified(contact) || contact.path("reserved").asBoolean();
  }

  public String id() {
    return json.path(ID).asText();
  }

  /** First and last name, as far as the user has them; empty if the user has neither. */
  public String name() {
    return (json.path("first_name").asText("") + " " + json.path("last_name").asText("")).strip();
  }

  /** All contacts of a kind in Clerk's order, except that the primary one comes first. */
  public List<Contact> contacts(Identifier kind) {
    String primaryId = json.path("primary_" + kind.field + "_id").asText("");
    List<Contact> contacts = new ArrayList<>();
    if (kind.list != null) {
      for (JsonNode contact : json.path(kind.list)) {
        String id = contact.path(ID).asText("");
        contacts.add(new Contact(kind, contact, !id.isEmpty() && id.equals(primaryId)));
      }
    }
    contacts.sort(Comparator.comparing(contact -> !contact.isPrimary()));
    return contacts;
  }

  /** The primary contact of a kind; null if the user's record names none. */
  public @Nullable Contact findPrimary(Identifier kind) {
    Contact main = findMain(kind);
    return main != null && main.isPrimary() ? main : null;
  }

  /**
   * The contact that stands for the user in short forms and flags: the primary one; if the record
   * names none, the first. Null if there is no contact of the kind.
   */
  public @Nullable Contact findMain(Identifier kind) {
    List<Contact> contacts = contacts(kind);
    return contacts.isEmpty() ? null : contacts.get(0);
  }

  /** The value of {@link #findMain}; empty if there is none. */
  public String mainValue(Identifier kind) {
    Contact main = findMain(kind);
    return main == null ? "" : main.value();
  }

  /** The user's email address that equals the given one; null if the user does not have it. */
  public @Nullable Contact findEmail(EmailAddress address) {
    for (Contact contact : contacts(Identifier.EMAIL_ADDRESS)) {
      if (EmailAddress.of(contact.value()).equals(address)) {
        return contact;
      }
    }
    return null;
  }

  /** All email addresses, proven or not, each once, in alphabetical order. */
  public List<EmailAddress> emails() {
    return addresses(values(Identifier.EMAIL_ADDRESS));
  }

  /** The email addresses that name the user, each once, in alphabetical order. */
  public List<EmailAddress> provenEmails() {
    return addresses(provenValues(Identifier.EMAIL_ADDRESS));
  }

  private static List<EmailAddress> addresses(List<String> values) {
    return values.stream()
        .map(EmailAddress::of)
        .filter(address -> !address.isEmpty())
        .sorted(Comparator.comparing(EmailAddress::text))
        .distinct()
        .toList();
  }

  /** All values of an identifier, proven or not, as Clerk spells them. */
  public List<String> values(Identifier identifier) {
    return values(identifier, contact -> true);
  }

  /**
   * The values of an identifier that name the user: {@linkplain #isProven proven} contacts; the ID,
   * the username and the external ID always, since no two users share one.
   */
  public List<String> provenValues(Identifier identifier) {
    return values(identifier, Contact::isProven);
  }

  private List<String> values(Identifier identifier, Predicate<Contact> wanted) {
    if (identifier.list != null) {
      return contacts(identifier).stream()
          .filter(wanted)
          .map(Contact::value)
          .filter(value -> !value.isEmpty())
          .toList();
    }
    String value = json.path(identifier.field).asText("");
    return value.isEmpty() ? List.of() : List.of(value);
  }

  /** Whether the user has an identifier, proven or not, regardless of its spelling. */
  public boolean has(Identifier identifier, String value) {
    return values(identifier).stream().anyMatch(own -> identifier.same(own, value));
  }

  /** Whether an identifier names the user, regardless of its spelling. */
  public boolean isNamedBy(Identifier identifier, String value) {
    return provenValues(identifier).stream().anyMatch(own -> identifier.same(own, value));
  }

  /** Whether any contact of a kind names the user; Clerk lets the user sign in with it. */
  public boolean hasProven(Identifier kind) {
    return contacts(kind).stream().anyMatch(Contact::isProven);
  }

  /** Whether a flag holds. */
  public boolean is(Flag flag) {
    JsonNode value = json.path(flag.field);
    return switch (flag) {
      case BANNED, LOCKED, DEPROVISIONED, MFA -> value.asBoolean();
      case NO_PASSWORD -> !value.isMissingNode() && !value.asBoolean();
      case NEVER_SIGNED_IN -> !value.isMissingNode() && value.asLong() <= 0;
      case UNVERIFIED_EMAIL -> {
        Contact email = findMain(Identifier.EMAIL_ADDRESS);
        yield email != null && !email.isProven();
      }
    };
  }

  /** The words of the flags that hold, in their order. */
  public List<String> flags() {
    return Arrays.stream(Flag.values()).filter(this::is).map(Flag::word).toList();
  }

  /** The shortest form of the user: ID, name and email address. */
  public ObjectNode brief() {
    ObjectNode brief = Json.object().put(ID, id());
    put(brief, "name", name());
    put(brief, "email", mainValue(Identifier.EMAIL_ADDRESS));
    return brief;
  }

  /**
   * The longer form of the user: the main identifier of each kind, the last sign-in and the flags.
   */
  public ObjectNode full() {
    ObjectNode full = brief();
    put(full, "username", json.path("username").asText(""));
    put(full, "phone", mainValue(Identifier.PHONE_NUMBER));
    put(full, "external_id", json.path("external_id").asText(""));
    IsoTime.put(full, "last_sign_in_at", json.path("last_sign_in_at"));
    putFlags(full);
    return full;
  }

  /** Adds the flags to an answer about the user; adds nothing if no flag holds. */
  public void putFlags(ObjectNode answer) {
    List<String> flags = flags();
    if (!flags.isEmpty()) {
      flags.forEach(answer.putArray("flags")::add);
    }
  }

  private static void put(ObjectNode fields, String name, String value) {
    if (!value.isBlank()) {
      fields.put(name, value);
    }
  }

  /** Whether an account of the user's company is connected, verified or not. */
  public boolean hasEnterpriseAccount() {
    return !json.path("enterprise_accounts").isEmpty() || !json.path("saml_accounts").isEmpty();
  }

  /**
   * Whether the user's company signs the user in: an account of it is connected, or will be at the
   * next sign-in, since the domain of an email address has a connection.
   */
  public boolean hasCompanySso() {
    return hasEnterpriseAccount()
        || contacts(Identifier.EMAIL_ADDRESS).stream()
            .anyMatch(email -> email.json().path("matches_sso_connection").asBoolean());
  }

  /**
   * The last activity or sign-in, whichever is later, in milliseconds since 1970: Clerk rounds the
   * last activity to the day. Zero if there was neither.
   */
  public long lastSeenAt() {
    return Math.max(json.path("last_sign_in_at").asLong(), json.path("last_active_at").asLong());
  }

  /** The ID of the connected account that an address is linked to; null if there is none. */
  public @Nullable String findAccount(String linkId) {
    for (JsonNode account : json.path("external_accounts")) {
      if (account.path("identification_id").asText().equals(linkId)
          || account.path(ID).asText().equals(linkId)) {
        return accountId(account);
      }
    }
    return null;
  }

  /** The user as it is when a connected account is gone; see {@link #findAccount} for its ID. */
  public ClerkUser withoutAccount(String accountId) {
    ObjectNode rest = json.deepCopy();
    ArrayNode kept = rest.putArray("external_accounts");
    for (JsonNode account : json.path("external_accounts")) {
      if (!accountId(account).equals(accountId)) {
        kept.add(account);
      }
    }
    return new ClerkUser(rest);
  }

  /** The ID that deletes a connected account: some kinds have that of an identification as well. */
  private static String accountId(JsonNode account) {
    return account.path("external_account_id").asText(account.path(ID).asText());
  }

  /**
   * Whether any external account is connected, verified or not; that of the user's company is none,
   * see {@link #hasCompanySso}.
   */
  public boolean hasConnectedAccount() {
    return !json.path("external_accounts").isEmpty();
  }

  /**
   * The first factors that the user can sign in with. Codes and links by email or SMS are missing,
   * because only the settings of the instance tell whether they are sent.
   */
  public List<String> firstFactors() {
    List<String> factors = new ArrayList<>();
    if (json.path("password_enabled").asBoolean()) {
      factors.add("password");
    }
    Set<String> providers = new TreeSet<>();
    for (JsonNode account : json.path("external_accounts")) {
      if (isVerified(account)) {
        providers.add(account.path("provider").asText("oauth"));
      }
    }
    for (String list : List.of("enterprise_accounts", "saml_accounts")) {
      for (JsonNode account : json.path(list)) {
        if (account.path("active").asBoolean()) {
          providers.add("sso:" + account.path("provider").asText());
        }
      }
    }
    factors.addAll(providers);
    if (!json.path("passkeys").isEmpty()) {
      factors.add("passkey");
    }
    if (hasProven(Identifier.WEB3_WALLET)) {
      factors.add("web3_wallet");
    }
    return factors;
  }

  /** The second factors that the user has set up. */
  public List<String> secondFactors() {
    List<String> factors = new ArrayList<>();
    if (json.path("totp_enabled").asBoolean()) {
      factors.add("totp");
    }
    if (contacts(Identifier.PHONE_NUMBER).stream().anyMatch(Contact::isSecondFactor)) {
      factors.add("phone_code");
    }
    if (json.path("backup_code_enabled").asBoolean()) {
      factors.add("backup_code");
    }
    return factors;
  }
}
