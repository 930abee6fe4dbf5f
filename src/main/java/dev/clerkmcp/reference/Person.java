package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.IsoTime;
import dev.clerkmcp.json.Json;
import java.util.ArrayList;
import java.util.List;

/** What tells people apart, of all that Clerk knows about a user. */
public final class Person {
  private Person() {}

  /** Who it is, in as few words as will do. */
  public static ObjectNode brief(JsonNode user) {
    ObjectNode brief = Json.object().put("id", user.path("id").asText());
    put(brief, "name", name(user));
    put(brief, "email", primary(user, "email_address", "email_addresses"));
    return brief;
  }

  /** Who it is, by every identifier, and how things stand with the account. */
  public static ObjectNode full(JsonNode user) {
    ObjectNode full = brief(user);
    put(full, "username", user.path("username").asText(""));
    put(full, "phone", primary(user, "phone_number", "phone_numbers"));
    put(full, "external_id", user.path("external_id").asText(""));
    IsoTime.put(full, "last_sign_in_at", user.path("last_sign_in_at"));
    List<String> flags = flags(user);
    if (!flags.isEmpty()) {
      flags.forEach(full.putArray("flags")::add);
    }
    return full;
  }

  /** First and last name, or what there is of them; empty if there is neither. */
  public static String name(JsonNode user) {
    return (user.path("first_name").asText("") + " " + user.path("last_name").asText("")).strip();
  }

  private static List<String> flags(JsonNode user) {
    List<String> flags = new ArrayList<>();
    add(flags, "banned", user.path("banned").asBoolean());
    add(flags, "locked", user.path("locked").asBoolean());
    add(flags, "mfa", user.path("two_factor_enabled").asBoolean());
    add(flags, "no_password", !user.path("password_enabled").asBoolean(true));
    JsonNode email = primaryItem(user, "email_address", "email_addresses");
    String verified = email.path("verification").path("status").asText("verified");
    add(flags, "unverified_email", !email.isMissingNode() && !verified.equals("verified"));
    add(flags, "never_signed_in", user.path("last_sign_in_at").isNull());
    return flags;
  }

  private static String primary(JsonNode user, String field, String list) {
    return primaryItem(user, field, list).path(field).asText("");
  }

  private static JsonNode primaryItem(JsonNode user, String field, String list) {
    String id = user.path("primary_" + field + "_id").asText("");
    for (JsonNode item : user.path(list)) {
      if (item.path("id").asText().equals(id)) {
        return item;
      }
    }
    return user.path(list).path(0);
  }

  private static void put(ObjectNode fields, String name, String value) {
    if (!value.isBlank()) {
      fields.put(name, value);
    }
  }

  private static void add(List<String> flags, String flag, boolean set) {
    if (set) {
      flags.add(flag);
    }
  }
}
