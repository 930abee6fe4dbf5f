package dev.clerkmcp.reference;

import java.util.regex.Pattern;

/** Whom an argument asks for. */
enum ReferenceKind {
  USER(
      "user", "user_", "Give the user's ID, email address, username, phone number or external ID."),
  ORGANIZATION("organization", "org_", "Give the organization's ID or slug."),
  /** Who may be no user yet: an address stays as it is, and whoever is given it finds out. */
  USER_OR_ADDRESS(
      "user",
      "user_|[^\\s@]+@[^\\s@]+$",
      "Give an email address, or a user's ID, username, phone number or external ID."),
  /** Who has API keys; machines are given by their IDs alone. */
  OWNER(
      "user or organization",
      "user_|org_|mch_",
      "Give the ID of a user, an organization or a machine, a user's email address, username,"
          + " phone number or external ID, or an organization's slug.");

  private final String noun;
  private final Pattern prefix;
  private final String ways;

  ReferenceKind(String noun, String prefix, String ways) {
    this.noun = noun;
    this.prefix = Pattern.compile(prefix);
    this.ways = ways;
  }

  /** In a sentence, after "no". */
  String noun() {
    return noun;
  }

  /** What will do, in a sentence. */
  String ways() {
    return ways;
  }

  /** Whether a text is an ID, by its form; Clerk says whether there is one such. */
  boolean isId(String text) {
    return prefix.matcher(text).lookingAt();
  }

  boolean mayBeUser() {
    return this != ORGANIZATION;
  }

  boolean mayBeOrganization() {
    return this != USER && this != USER_OR_ADDRESS;
  }
}
