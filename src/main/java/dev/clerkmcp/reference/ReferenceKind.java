package dev.clerkmcp.reference;

import dev.clerkmcp.clerk.model.EmailAddress;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The kinds of objects that arguments can refer to, each with the form of its IDs. */
enum ReferenceKind {
  USER(
      "user", "user_", "Give the user's ID, email address, username, phone number or external ID."),
  ORGANIZATION("organization", "org_", "Give the organization's ID or slug."),
  /** A user, or an email address that may not belong to a user yet and is passed on unresolved. */
  USER_OR_ADDRESS(
      "user",
      "user_",
      "Give an email address, or a user's ID, username, phone number or external ID."),
  /** The owner of API keys. A machine can only be given by its ID. */
  OWNER(
      "user or organization",
      "user_|org_|mch_",
      "Give the ID of a user, an organization or a machine, a user's email address, username,"
          + " phone number or external ID, or an organization's slug.");

  /**
   * A complete ID of Clerk's. A shorter text with such a prefix may be an external ID or a
   * username.
   */
  private static final Pattern COMPLETE_ID = Pattern.compile("([a-z0-9]+)_[A-Za-z0-9]{20,64}");

  private static final Map<String, String> OBJECT_BY_PREFIX =
      Map.ofEntries(
          Map.entry("act", "an actor token"),
          Map.entry("ak", "an API key"),
          Map.entry("alid", "an allowlist entry"),
          Map.entry("blid", "a blocklist entry"),
          Map.entry("client", "a client"),
          Map.entry("dmn", "a domain"),
          Map.entry("idn", "an email address, phone number or other identification"),
          Map.entry("inv", "an invitation"),
          Map.entry("jtmp", "a JWT template"),
          Map.entry("mch", "a machine"),
          Map.entry("mt", "a machine's token"),
          Map.entry("org", "an organization"),
          Map.entry("orgdmn", "an organization's domain"),
          Map.entry("orginv", "an organization's invitation"),
          Map.entry("orgmem", "a membership"),
          Map.entry("perm", "a permission"),
          Map.entry("role", "a role"),
          Map.entry("ru", "a redirect URL"),
          Map.entry("samlc", "a SAML connection"),
          Map.entry("sess", "a session"),
          Map.entry("sit", "a sign-in token"),
          Map.entry("sua", "a sign-up"),
          Map.entry("user", "a user"),
          Map.entry("wle", "a waitlist entry"));

  private final String noun;
  private final Pattern prefix;
  private final String remedy;

  ReferenceKind(String noun, String prefix, String remedy) {
    this.noun = noun;
    this.prefix = Pattern.compile(prefix);
    this.remedy = remedy;
  }

  /** The name of the kind, for a sentence after "no" or "a". */
  String noun() {
    return noun;
  }

  /** A sentence that says what can be given. */
  String remedy() {
    return remedy;
  }

  /**
   * Whether a text is passed on unresolved: an ID, by its form, or an address if the kind accepts
   * one.
   */
  boolean needsNoLookup(String text) {
    return prefix.matcher(text).lookingAt()
        || (this == USER_OR_ADDRESS && EmailAddress.of(text).isValid());
  }

  boolean mayBeUser() {
    return this != ORGANIZATION;
  }

  boolean mayBeOrganization() {
    return this == ORGANIZATION || this == OWNER;
  }

  /**
   * The kind of object that a text is the complete ID of, with an article; null if it is not a
   * known kind.
   */
  static @Nullable String findIdObject(String text) {
    Matcher matcher = COMPLETE_ID.matcher(text);
    return matcher.matches() ? OBJECT_BY_PREFIX.get(matcher.group(1)) : null;
  }
}
