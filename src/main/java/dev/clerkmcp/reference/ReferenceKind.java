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
  ORGANIZATION("organization", "org_", "Give the organization's ID, slug or whole name."),
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
          + " phone number or external ID, or an organization's slug or whole name."),
  ALLOWLIST_ENTRY(
      "allowlist entry",
      "alid_",
      "Give the entry's ID or identifier; clerk_allowlists_list lists them.",
      ObjectList.of("/allowlist_identifiers?paginated=true", "identifier").ofPeople()),
  BILLING_PLAN(
      "billing plan",
      "cplan_",
      "Give the plan's ID, slug or name; clerk_billing_plans_list lists them.",
      ObjectList.of("/billing/plans?paginated=true", "name", "slug").differingIn("for_payer_type")),
  BLOCKLIST_ENTRY(
      "blocklist entry",
      "blid_",
      "Give the entry's ID or identifier; clerk_blocklists_list lists them.",
      ObjectList.of("/blocklist_identifiers", "identifier").ofPeople()),
  DIRECTORY(
      "directory",
      "dir_|directory_",
      "Give the directory's ID or name; clerk_directories_list lists them.",
      ObjectList.of("/directories", "name").differingIn("provider", "enterprise_connection_id")),
  DOMAIN(
      "domain",
      "dmn_",
      "Give the domain's ID or name; clerk_domains_list lists them.",
      ObjectList.of("/domains", "name")),
  ENTERPRISE_CONNECTION(
      "enterprise connection",
      "ent_|entc_|samlc_",
      "Give the connection's ID, name or domain; clerk_enterprise_connections_list lists them.",
      ObjectList.of("/enterprise_connections", "name", "domain", "domains")
          .differingIn("provider", "active", "organization_id")),
  INVITATION(
      "invitation",
      "inv_",
      "Give the invitation's ID, or the email address that it was sent to.",
      ObjectList.of("/invitations?paginated=true", "email_address")
          .searchedBy("query")
          .withRevoked()
          .differingIn("status")
          .ofPeople()),
  /** An invitation to erase: no longer pending ones hold the address as well. */
  INVITATION_TO_ERASE(
      "invitation",
      "inv_",
      "Give the invitation's ID, or the email address that it was sent to.",
      INVITATION.list),
  JWT_TEMPLATE(
      "JWT template",
      "jtmp_",
      "Give the template's ID or name; clerk_jwt_templates_list lists them.",
      ObjectList.of("/jwt_templates?paginated=true", "name")),
  MACHINE(
      "machine",
      "mch_",
      "Give the machine's ID or name; clerk_machines_list lists them.",
      ObjectList.of("/machines", "name")),
  MESSAGE_TEMPLATE(
      "message template",
      "[a-z0-9_-]+$",
      "Give the template's slug or name; clerk_message_templates_list lists them.",
      ObjectList.of("/templates/{template_type}?paginated=true", "name").resultingIn("slug")),
  OAUTH_APPLICATION(
      "OAuth application",
      "oa_",
      "Give the application's ID, client_id or name; clerk_oauth_applications_list lists them.",
      ObjectList.of("/oauth_applications", "name", "client_id").searchedBy("name_query")),
  ORGANIZATION_DOMAIN(
      "organization domain",
      "orgdmn_",
      "Give the domain's ID or name; clerk_org_domains_list lists them.",
      ObjectList.of("/organizations/{organization_id}/domains", "name")
          .differingIn("enrollment_mode")),
  ORGANIZATION_INVITATION(
      "organization invitation",
      "orginv_",
      "Give the invitation's ID, or the email address that it was sent to.",
      ObjectList.of("/organizations/{organization_id}/invitations", "email_address")
          .searchedBy("email_address")
          .withRevoked()
          .differingIn("status", "role")
          .ofPeople()),
  PERMISSION(
      "permission",
      "perm_",
      "Give the permission's ID, key or name; clerk_org_permissions_list lists them.",
      ObjectList.of("/organization_permissions", "key", "name").withKeyPrefix("org:")),
  REDIRECT_URL(
      "redirect URL",
      "ru_",
      "Give its ID or the URL; clerk_redirect_urls_list lists them.",
      ObjectList.of("/redirect_urls?paginated=true", "url")),
  ROLE(
      "role",
      "role_",
      "Give the role's ID, key or name; clerk_org_roles_list lists them.",
      ObjectList.of("/organization_roles", "key", "name").withKeyPrefix("org:")),
  ROLE_SET(
      "role set",
      "role_set:|rset_",
      "Give the role set's key or name; clerk_role_sets_list lists them.",
      ObjectList.of("/role_sets", "key", "name").withKeyPrefix("role_set:").resultingIn("key")),
  SAML_CONNECTION(
      "SAML connection",
      "samlc_",
      "Give the connection's ID, name or domain; clerk_saml_connections_list lists them.",
      ObjectList.of("/saml_connections", "name", "domain", "domains")
          .differingIn("provider", "active", "organization_id")),
  SCIM_DIRECTORY(
      "SCIM directory",
      "dir_|directory_|scim_",
      "Give the directory's ID or name; clerk_scim_directories_list lists them.",
      ObjectList.of("/scim_directories", "name")
          .differingIn("provider", "enterprise_connection_id")),
  WAITLIST_ENTRY(
      "waitlist entry",
      "wle_",
      "Give the entry's ID or email address; clerk_waitlist_entries_list lists them.",
      ObjectList.of("/waitlist_entries", "email_address")
          .searchedBy("query")
          .differingIn("status")
          .ofPeople());

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
          Map.entry("cplan", "a billing plan"),
          Map.entry("dmn", "a domain"),
          Map.entry("idn", "an email address, phone number or other identification"),
          Map.entry("inv", "an invitation"),
          Map.entry("jtmp", "a JWT template"),
          Map.entry("mch", "a machine"),
          Map.entry("mt", "a machine's token"),
          Map.entry("oa", "an OAuth application"),
          Map.entry("org", "an organization"),
          Map.entry("orgdmn", "an organization's domain"),
          Map.entry("orginv", "an organization's invitation"),
          Map.entry("orgmem", "a membership"),
          Map.entry("perm", "a permission"),
          Map.entry("role", "a role"),
          Map.entry("rset", "a role set"),
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

  @SuppressWarnings("ImmutableEnumChecker") // a record of immutable values
  private final @Nullable ObjectList list;

  ReferenceKind(String noun, String prefix, String remedy) {
    this(noun, prefix, remedy, null);
  }

  ReferenceKind(String noun, String prefix, String remedy, @Nullable ObjectList list) {
    this.noun = noun;
    this.prefix = Pattern.compile(prefix);
    this.remedy = remedy;
    this.list = list;
  }

  /** The list that has the objects of the kind; null for users and organizations. */
  @Nullable ObjectList list() {
    return list;
  }

  /** Whether objects of the kind are listed within another object of the call. */
  boolean isWithinAnother() {
    return list != null && list.isWithinAnother();
  }

  /** Whether pending objects come first: the others have been used or are void. */
  boolean prefersPending() {
    return this != INVITATION_TO_ERASE;
  }

  /** The name of the kind, for a sentence after "no" or "expected:". */
  String noun() {
    return noun;
  }

  /** A sentence that says what can be given. */
  String remedy() {
    return remedy;
  }

  /**
   * Whether a text is passed on unresolved: an ID, by its form, or an address if the kind accepts
   * one. Clerk may give objects IDs with a new prefix.
   */
  boolean needsNoLookup(String text) {
    return prefix.matcher(text).lookingAt()
        || (this == USER_OR_ADDRESS && EmailAddress.of(text).isValid())
        || (list != null && COMPLETE_ID.matcher(text).matches() && findIdObject(text) == null);
  }

  boolean mayBeUser() {
    return list == null && this != ORGANIZATION;
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
