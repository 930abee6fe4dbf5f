package dev.clerkmcp.clerk.model;

import static dev.clerkmcp.clerk.model.FieldCatalog.Trait.CREDENTIAL;
import static dev.clerkmcp.clerk.model.FieldCatalog.Trait.CREDENTIAL_EVERYWHERE;
import static dev.clerkmcp.clerk.model.FieldCatalog.Trait.CUSTOM;
import static dev.clerkmcp.clerk.model.FieldCatalog.Trait.HIDDEN;
import static dev.clerkmcp.clerk.model.FieldCatalog.Trait.NOISE;
import static dev.clerkmcp.clerk.model.FieldCatalog.Trait.OWN;
import static dev.clerkmcp.clerk.model.FieldCatalog.Trait.SENTENCE;
import static dev.clerkmcp.clerk.model.FieldCatalog.Trait.SHORTENED;
import static dev.clerkmcp.clerk.model.FieldCatalog.Trait.TIME;
import static dev.clerkmcp.clerk.model.FieldCatalog.Trait.UNTRUSTED;
import static dev.clerkmcp.clerk.model.FieldCatalog.Trait.VERBATIM;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.KeyNames;
import dev.clerkmcp.json.KeyPath;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says which fields of Clerk's objects, and of answers made from them, need care: which are secret,
 * personal, written by strangers, or noise. A field without a row in the table needs none.
 */
public final class FieldCatalog {
  /** The traits of a field that need care. */
  enum Trait {
    /** A secret that grants access or proves an identity. */
    CREDENTIAL,
    /** A secret even among keys that the customer chose, since nothing else is called so. */
    CREDENTIAL_EVERYWHERE,
    /**
     * Personal data: if people are masked, only the beginning is shown, to tell two values apart.
     */
    SHORTENED,
    /** Personal data: if people are masked, nothing of it is shown. */
    HIDDEN,
    /** Written by people outside, so a model must not follow it as an instruction. */
    UNTRUSTED,
    /** Written by this server, such as the schema of a tool; no one outside can put text there. */
    OWN,
    /** Useless to a model; left out of answers unless the caller asks for it. */
    NOISE,
    /** A time, in milliseconds or seconds since 1970. */
    TIME,
    /** An object with keys that the customer chose. A key says nothing about its value. */
    CUSTOM,
    /** An object that answers show as Clerk sent it, because each of its values may matter. */
    VERBATIM,
    /** A sentence of this server, in which names stand in quotation marks. */
    SENTENCE
  }

  /** The kinds of objects in which some fields have another meaning than elsewhere. */
  public enum Kind {
    /** A user, or a row about one. */
    USER,
    /** An organization, or a row about one. */
    ORGANIZATION,
    /** An invitation or an entry of the waitlist, which people outside may have sent. */
    INVITATION,
    /** An API key, which users of the application may create and name. */
    API_KEY,
    /** An OAuth application, which programs outside may have registered. */
    OAUTH_APPLICATION,
    /** A passkey, which its user names, often after a person. */
    PASSKEY,
    OTHER;

    /** Holds the rows about why two users may be one person. */
    private static final String REASONS = "reasons";

    /**
     * The kinds of an object, of which a row about an invitation of a user has two. {@link #OTHER}
     * is one of every object.
     *
     * @param field the field that holds the object or a list of them; empty for an answer itself
     */
    public static Set<Kind> of(JsonNode object, String field) {
      Set<Kind> kinds = EnumSet.of(OTHER);
      String type = object.path("object").asText(field);
      String id = object.path("id").asText();
      if (id.startsWith("user_") || object.has("user_id") || field.equals(REASONS)) {
        kinds.add(USER);
      }
      if (type.equals("organization") || field.contains("organization") || id.startsWith("org_")) {
        kinds.add(ORGANIZATION);
      }
      if (type.contains("invitation")
          || type.contains("waitlist")
          || id.startsWith("inv_")
          || id.startsWith("orginv_")
          || id.startsWith("wle_")) {
        kinds.add(INVITATION);
      }
      if (type.equals("api_key") || id.startsWith("ak_")) {
        kinds.add(API_KEY);
      }
      if (type.equals("oauth_application") || id.startsWith("oa_")) {
        kinds.add(OAUTH_APPLICATION);
      }
      if (type.startsWith("passkey")) {
        kinds.add(PASSKEY);
      }
      return kinds;
    }
  }

  /** The metadata objects of a user. */
  public static final List<String> USER_METADATA =
      List.of("public_metadata", "private_metadata", "unsafe_metadata");

  /** The metadata objects of an organization, and of a membership. */
  public static final List<String> ORGANIZATION_METADATA =
      List.of("public_metadata", "private_metadata");

  private static final Map<String, Set<Trait>> TABLE =
      Map.ofEntries(
          field("access_token", CREDENTIAL),
          field("actor", VERBATIM),
          field("address_line1", HIDDEN),
          field("address_line2", HIDDEN),
          field("also_lost", UNTRUSTED, SENTENCE),
          field("api_key", CREDENTIAL),
          field("authorization", CREDENTIAL),
          field("avatar_url", HIDDEN, NOISE),
          field("aws_secret_access_key", CREDENTIAL_EVERYWHERE),
          field("backup_codes", CREDENTIAL),
          field("birthdate", HIDDEN),
          field("birthday", HIDDEN),
          field("city", HIDDEN),
          field("claims", CUSTOM),
          field("client_image_url", NOISE),
          field("client_ip", HIDDEN),
          field("client_secret", CREDENTIAL),
          field("cookie", CREDENTIAL),
          field("cookies", CREDENTIAL),
          field("date", TIME),
          field("date_of_birth", HIDDEN),
          field("display_name", SHORTENED),
          field("dob", HIDDEN),
          field("email", SHORTENED, UNTRUSTED),
          field("email_address", SHORTENED, UNTRUSTED),
          field("expiration", TIME),
          field("expired_token", CREDENTIAL),
          field("facebook_id", HIDDEN),
          field("family_name", SHORTENED, UNTRUSTED),
          field("first_name", SHORTENED, UNTRUSTED),
          field("former_primary", SHORTENED, UNTRUSTED),
          field("full_name", SHORTENED, UNTRUSTED),
          field("given_name", SHORTENED, UNTRUSTED),
          field("google_id", HIDDEN),
          field("has_image", NOISE),
          field("id_token", CREDENTIAL),
          field("identifier", SHORTENED, UNTRUSTED),
          field("image_url", HIDDEN, NOISE),
          field("input_schema", OWN),
          field("ip", HIDDEN),
          field("ip_address", HIDDEN),
          field("jwt", CREDENTIAL),
          field("label", SHORTENED, UNTRUSTED),
          field("last4", HIDDEN),
          field("last_name", SHORTENED, UNTRUSTED),
          field("logo_public_url", NOISE),
          field("logo_url", NOISE),
          field("middle_name", SHORTENED),
          field("named", UNTRUSTED, SENTENCE),
          field("nickname", SHORTENED),
          field("notes", SENTENCE),
          field("object", NOISE),
          field("password", CREDENTIAL),
          field("password_digest", CREDENTIAL),
          field("people", UNTRUSTED, SENTENCE),
          field("period_end", TIME),
          field("period_start", TIME),
          field("phone", SHORTENED),
          field("phone_number", SHORTENED),
          field("picture", HIDDEN, NOISE),
          field("postal_code", HIDDEN),
          field("preferred_username", SHORTENED),
          field("primary_email_address", SHORTENED, UNTRUSTED),
          field("primary_phone_number", SHORTENED),
          field("primary_web3_wallet", SHORTENED),
          field("private_key", CREDENTIAL),
          field("profile_image_url", HIDDEN, NOISE),
          field("proration_date", TIME),
          field("provider_user_id", HIDDEN),
          field("public_metadata", UNTRUSTED),
          field("refresh_token", CREDENTIAL),
          field("removed_email_addresses", SHORTENED, UNTRUSTED),
          field("removed_phone_numbers", SHORTENED),
          field("request_originating_ip", HIDDEN),
          field("rotating_token", CREDENTIAL),
          field("saml_response", CREDENTIAL),
          field("secret", CREDENTIAL),
          field("secret_access_key", CREDENTIAL_EVERYWHERE),
          field("secret_key", CREDENTIAL),
          field("session_token", CREDENTIAL),
          field("signing_key", CREDENTIAL),
          field("signing_secret", CREDENTIAL),
          field("street", HIDDEN),
          field("street_address", HIDDEN),
          field("svix_url", CREDENTIAL),
          field("target", UNTRUSTED, SENTENCE),
          field("targets", UNTRUSTED, SENTENCE),
          field("ticket", CREDENTIAL),
          field("timestamp", TIME),
          field("token", CREDENTIAL),
          field("token_secret", CREDENTIAL),
          field("totp_secret", CREDENTIAL),
          field("unsafe_metadata", UNTRUSTED),
          field("user_info", HIDDEN),
          field("username", SHORTENED, UNTRUSTED),
          field("warnings", UNTRUSTED, SENTENCE),
          field("web3_wallet", SHORTENED),
          field("webhook_secret", CREDENTIAL),
          field("zip", HIDDEN),
          field("zip_code", HIDDEN));

  /**
   * Fields with another meaning in one kind of object; these rows take precedence over the table's.
   */
  private static final Map<Kind, Map<String, Set<Trait>>> TABLE_BY_KIND =
      Map.of(
          Kind.USER,
          Map.ofEntries(field("name", SHORTENED, UNTRUSTED), field("slug", UNTRUSTED)),
          Kind.ORGANIZATION,
          Map.ofEntries(
              field("image_url", NOISE), field("name", UNTRUSTED), field("slug", UNTRUSTED)),
          Kind.INVITATION,
          Map.ofEntries(field("private_metadata", UNTRUSTED)),
          Kind.API_KEY,
          Map.ofEntries(
              field("description", UNTRUSTED),
              field("name", UNTRUSTED),
              field("revocation_reason", UNTRUSTED)),
          Kind.OAUTH_APPLICATION,
          Map.ofEntries(field("client_uri", UNTRUSTED), field("name", UNTRUSTED)),
          Kind.PASSKEY,
          Map.ofEntries(field("name", SHORTENED, UNTRUSTED)));

  /** The filters of lists of people that match a part of a masked field, by the list's route. */
  private static final Map<String, Set<String>> PARTIAL_SEARCHES = partialSearches();

  private static final Set<String> ORDERS_BY_MASKED =
      Set.of("email_address", "first_name", "last_name", "phone_number", "username", "web3wallet");

  /** Names of personal data among keys that the customer chose, besides those of the table. */
  private static final Set<String> SHORTENED_CUSTOM =
      Set.of("cell", "contact_name", "mobile", "name", "surname", "tel", "telephone");

  private static final Set<String> HIDDEN_CUSTOM =
      Set.of(
          "address",
          "bank_account",
          "birth_date",
          "home_address",
          "iban",
          "national_id",
          "passport",
          "passport_number",
          "social_security_number",
          "ssn",
          "tax_id");

  private static final KeyNames SHORTENED_KEYS = keys(SHORTENED, SHORTENED_CUSTOM);
  private static final KeyNames HIDDEN_KEYS = keys(HIDDEN, HIDDEN_CUSTOM);
  private static final Set<String> CREDENTIALS_EVERYWHERE = spellings(CREDENTIAL_EVERYWHERE);
  private static final Set<String> CREDENTIALS = spellings(CREDENTIAL);

  private FieldCatalog() {}

  private static Map.Entry<String, Set<Trait>> field(String name, Trait first, Trait... more) {
    return Map.entry(name, Collections.unmodifiableSet(EnumSet.of(first, more)));
  }

  private static Map<String, Set<String>> partialSearches() {
    Set<String> ofPeople =
        Set.of(
            "email_address_query", "name_query", "phone_number_query", "query", "username_query");
    return Map.of(
        "GET /users", ofPeople,
        "GET /users/count", ofPeople,
        "GET /organizations/{organization_id}/memberships", ofPeople,
        "GET /invitations", Set.of("query"),
        "GET /organization_invitations", Set.of("query"),
        "GET /waitlist_entries", Set.of("query"),
        "GET /billing/subscription_items", Set.of("query"));
  }

  /**
   * Whether a list of people in this order would tell which of two masked values comes first, so
   * that a value could be guessed between others.
   *
   * @param route of the list, such as {@code GET /users}
   * @param order a field, with a sign before it or not
   */
  public static boolean isOrderByMasked(String route, String order) {
    return PARTIAL_SEARCHES.containsKey(route)
        && ORDERS_BY_MASKED.contains(order.replaceFirst("^[+-]", ""));
  }

  /** The letters of the fields with a trait. */
  private static Set<String> spellings(Trait trait) {
    return fields(trait).stream()
        .map(FieldCatalog::letters)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static KeyNames keys(Trait trait, Set<String> more) {
    Set<String> all = new HashSet<>(fields(trait));
    all.addAll(more);
    return KeyNames.of(all);
  }

  private static Set<String> fields(Trait trait) {
    return TABLE.entrySet().stream()
        .filter(field -> field.getValue().contains(trait))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The same text for {@code client_secret}, {@code client-secret} and {@code clientSecret}. */
  private static String letters(String field) {
    return field.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
  }

  private static boolean has(String field, Trait trait) {
    return has(Kind.OTHER, field, trait);
  }

  private static boolean has(Kind kind, String field, Trait trait) {
    Set<Trait> ofKind = TABLE_BY_KIND.getOrDefault(kind, Map.of()).get(field);
    return (ofKind == null ? TABLE.getOrDefault(field, Set.of()) : ofKind).contains(trait);
  }

  /** Whether the name is that of a credential, with or without separators between the words. */
  public static boolean isCredential(String field) {
    return CREDENTIALS.contains(letters(field)) || isCredentialEverywhere(field);
  }

  /** Whether the name is that of a credential even if the customer chose it, as in metadata. */
  public static boolean isCredentialEverywhere(String field) {
    return CREDENTIALS_EVERYWHERE.contains(letters(field));
  }

  /** Whether only the beginning of the value is shown if people are masked. */
  public static boolean isShortened(Kind kind, String field) {
    return has(kind, field, SHORTENED);
  }

  /** Whether nothing of the value is shown if people are masked. */
  public static boolean isHidden(Kind kind, String field) {
    return has(kind, field, HIDDEN);
  }

  /**
   * Whether only the beginning of a value is shown if people are masked, by a key that the customer
   * chose, in any spelling.
   */
  public static boolean isShortenedCustom(String key) {
    return SHORTENED_KEYS.has(key);
  }

  /**
   * Whether nothing of a value is shown if people are masked, by a key that the customer chose, in
   * any spelling.
   */
  public static boolean isHiddenCustom(String key) {
    return HIDDEN_KEYS.has(key);
  }

  /**
   * The path of one of Clerk's fields, of which a member of an answer has the value. In a row about
   * a change, the row names it in {@code field}, such as {@code public_metadata.plan}, and {@code
   * before} and {@code after} have its values. Elsewhere the name of the member is the path.
   */
  public static List<String> path(JsonNode object, String member) {
    boolean sideOfChange =
        (member.equals("before") || member.equals("after")) && isRowOfChange(object);
    List<String> keys =
        sideOfChange
            ? KeyPath.keys(object.path("field").textValue())
            : isCustom(member.substring(0, Math.max(0, member.indexOf('.'))))
                ? KeyPath.keys(member)
                : List.<String>of();
    return keys.isEmpty() ? List.of(member) : keys;
  }

  /** Whether an object tells of one changed field, which it names. */
  public static boolean isRowOfChange(JsonNode object) {
    return object.path("field").isTextual();
  }

  /** Whether people outside write the value. */
  public static boolean isUntrusted(Kind kind, String field) {
    return has(kind, field, UNTRUSTED);
  }

  /** Whether only this server writes the value. */
  public static boolean isOwn(String field) {
    return has(field, OWN);
  }

  /**
   * The filters of a list that find people by a part of a field that masking hides, so that its
   * value could be guessed letter by letter.
   *
   * @param route of the list, such as {@code GET /users}
   */
  public static Set<String> partialSearches(String route) {
    return PARTIAL_SEARCHES.getOrDefault(route, Set.of());
  }

  /** Whether the value is left out of answers unless the caller asks for it. */
  public static boolean isNoise(String field) {
    return has(field, NOISE);
  }

  /** Whether the value, if it is a number, is a time. */
  public static boolean isTime(String field) {
    return field.endsWith("_at") || has(field, TIME);
  }

  /** Whether the value is an object whose keys the customer chose: metadata, claims. */
  public static boolean isCustom(String field) {
    return field.endsWith("metadata") || has(field, CUSTOM);
  }

  /** Whether answers show the value as Clerk sent it. */
  public static boolean isVerbatim(String field) {
    return isCustom(field) || has(field, VERBATIM);
  }

  /** Whether the value is one or more sentences of this server. */
  public static boolean isSentence(String field) {
    return has(field, SENTENCE);
  }
}
