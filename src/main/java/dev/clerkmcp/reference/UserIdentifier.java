package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What tells one user from all others, by the name of Clerk's filter for it. */
public enum UserIdentifier {
  ID("user_id", "/id"),
  EMAIL_ADDRESS("email_address", "/email_addresses"),
  PHONE_NUMBER("phone_number", "/phone_numbers"),
  USERNAME("username", "/username"),
  EXTERNAL_ID("external_id", "/external_id"),
  WEB3_WALLET("web3_wallet", "/web3_wallets");

  private final String filter;
  private final String pointer;

  UserIdentifier(String filter, String pointer) {
    this.filter = filter;
    this.pointer = pointer;
  }

  /** Clerk's word for it. */
  public String word() {
    return this == ID ? "id" : filter;
  }

  /** The filter for users who have a value. */
  ObjectNode filter(String value) {
    ObjectNode only = Json.object();
    only.putArray(filter).add(isSigned() ? "+" + value : value);
    return only;
  }

  /** Whether a user has a value; a filter's own syntax may let others through. */
  boolean is(JsonNode user, String value) {
    return of(user).stream()
        .anyMatch(own -> caseCounts() ? own.equals(value) : own.equalsIgnoreCase(value));
  }

  /** Whether a user has a value with this in it. */
  boolean contains(JsonNode user, String part) {
    return of(user).stream()
        .anyMatch(own -> own.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT)));
  }

  /** All values that a user has. */
  private List<String> of(JsonNode user) {
    JsonNode found = user.at(pointer);
    List<String> values = new ArrayList<>();
    if (found.isTextual()) {
      values.add(found.textValue());
    }
    if (found.isArray()) {
      found.forEach(item -> values.add(item.path(filter).asText("")));
    }
    return values;
  }

  /** In these filters a leading minus would exclude what follows, unless a plus stands before. */
  private boolean isSigned() {
    return this == ID || this == EXTERNAL_ID;
  }

  private boolean caseCounts() {
    return this == ID || this == EXTERNAL_ID;
  }
}
