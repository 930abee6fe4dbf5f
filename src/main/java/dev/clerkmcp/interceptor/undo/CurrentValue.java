package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.interceptor.audit.FormerState;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the value of an argument that would set an object to its current state. */
final class CurrentValue {
  /** Arguments whose field in the object has another name. */
  private static final Map<String, String> ANSWERED_AS =
      Map.of(
          "inviter_user_id", "inviter_id",
          "oidc", "oauth_config",
          "saml", "saml_connection");

  /** Lists of objects whose argument takes only this field of each. */
  private static final Map<String, String> LISTED_BY =
      Map.of(
          "idp_certificates", "certificate",
          "permissions", "id",
          "roles", "key",
          "scoped_machines", "id");

  /** Identifiers of users: the argument takes texts, and the field holds objects. */
  private static final Map<String, Identifier> CONTACTS =
      Map.of(
          "email_address", Identifier.EMAIL_ADDRESS,
          "phone_number", Identifier.PHONE_NUMBER,
          "web3_wallet", Identifier.WEB3_WALLET);

  private static final String STATUS_OF_CONTACT = "_identification_status";

  /** Arguments about a custom signing key, which Clerk does not return. */
  private static final List<String> OF_SIGNING_KEY =
      List.of("custom_signing_key", "signing_algorithm");

  /** Arguments that are options of the call and not fields of the object. */
  private static final List<String> OPTIONS =
      List.of(
          "consent_verified_domains_deletion",
          "idempotency_key",
          "ignore_existing",
          "password_hasher");

  private CurrentValue() {}

  /** The field of the object that has the value of an argument. */
  static String answeredAs(String argument) {
    return ANSWERED_AS.getOrDefault(argument, argument);
  }

  /** The current value; JSON null if it is empty; null if Clerk does not return it. */
  static @Nullable JsonNode find(String argument, JsonNode state) {
    if (argument.equals("mappings")) {
      return findMappings(state);
    }
    boolean ownKey = state.path("custom_signing_key").asBoolean();
    if (ownKey && OF_SIGNING_KEY.contains(argument)) {
      return null;
    }
    JsonNode same = state.get(answeredAs(argument));
    return same == null ? findElsewhere(argument, state) : inArgumentForm(argument, same);
  }

  /** Whether an argument is an option of the call and not a field of the object. */
  static boolean isOption(String argument) {
    return argument.startsWith("notify")
        || argument.startsWith("skip_")
        || OPTIONS.contains(argument)
        || OperationFacts.SIGN_OUT_OPTIONS.contains(argument);
  }

  /** Converts a field: Clerk takes dates as text and returns milliseconds, for example. */
  private static JsonNode inArgumentForm(String argument, JsonNode value) {
    if (argument.endsWith("_at") && value.isIntegralNumber()) {
      return TextNode.valueOf(Instant.ofEpochMilli(value.longValue()).toString());
    }
    if (argument.equals("saml") && value instanceof ObjectNode saml) {
      ObjectNode settings = Json.object();
      saml.properties()
          .forEach(s -> settings.set(s.getKey(), inArgumentForm(s.getKey(), s.getValue())));
      return settings;
    }
    String field = LISTED_BY.get(argument);
    if (field == null || !value.isArray()) {
      return value;
    }
    ArrayNode list = Json.array();
    value.forEach(item -> list.add(item.isObject() ? item.path(field) : item));
    return list;
  }

  private static @Nullable JsonNode findElsewhere(String argument, JsonNode state) {
    if (argument.equals("verified") && state.has("verification")) {
      return BooleanNode.valueOf(ClerkUser.isVerified(state));
    }
    if (argument.equals("primary") && state.has(FormerState.PRIMARY_ID)) {
      return BooleanNode.valueOf(state.get(FormerState.PRIMARY_ID).equals(state.get("id")));
    }
    if (argument.equals("user_id")) {
      return state.path("public_user_data").get("user_id");
    }
    if (argument.endsWith(STATUS_OF_CONTACT)) {
      return findStatuses(
          argument.substring(0, argument.length() - STATUS_OF_CONTACT.length()), state);
    }
    if (CONTACTS.containsKey(argument)) {
      return findContacts(argument, state);
    }
    for (String part : List.of("id", "key")) {
      if (argument.endsWith("_" + part)) {
        String object = argument.substring(0, argument.length() - part.length() - 1);
        return state.path(object).get(part);
      }
    }
    return null;
  }

  private static @Nullable JsonNode findContacts(String name, JsonNode user) {
    ArrayNode values = Json.array();
    contacts(name, user).forEach(contact -> values.add(contact.value()));
    Identifier kind = CONTACTS.get(name);
    return kind != null && user.path(kind.userField()).isArray() ? values : null;
  }

  private static @Nullable JsonNode findStatuses(String name, JsonNode user) {
    ArrayNode statuses = Json.array();
    contacts(name, user)
        .forEach(contact -> statuses.add(contact.isVerified() ? "verified" : "reserved"));
    return statuses.isEmpty() ? null : statuses;
  }

  /** A user's email addresses, phone numbers or wallets, with the primary one first. */
  static List<Contact> contacts(String name, JsonNode user) {
    Identifier kind = CONTACTS.get(name);
    return kind == null ? List.of() : new ClerkUser(user).contacts(kind);
  }

  /** A directory's group role mappings, in order of precedence. */
  private static @Nullable JsonNode findMappings(JsonNode state) {
    JsonNode rows = ListPage.rowsOf(state);
    if (!rows.isArray()) {
      return null;
    }
    ArrayNode mappings = Json.array();
    rows.valueStream()
        .sorted(Comparator.comparing(row -> row.path("precedence").decimalValue()))
        .forEach(row -> mappings.add(mapping(row)));
    return mappings;
  }

  private static ObjectNode mapping(JsonNode row) {
    ObjectNode mapping = Json.object();
    for (String field : List.of("directory_group_id", "scim_group_id")) {
      if (row.hasNonNull(field)) {
        mapping.set(field, row.get(field));
      }
    }
    return mapping.set("role_id", row.path("role").path("id"));
  }
}
