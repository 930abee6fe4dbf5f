package dev.clerkmcp.workflows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A user as far as somebody must know whom an answer is about, and the addresses of one. */
final class Person {
  private Person() {}

  /** ID, name and primary email address, where there are such. */
  static ObjectNode of(JsonNode user) {
    ObjectNode person = Json.object().put("id", user.path("id").asText());
    String name = (text(user, "first_name") + " " + text(user, "last_name")).strip();
    if (!name.isEmpty()) {
      person.put("name", name);
    }
    JsonNode primary = findPrimaryEmail(user);
    if (primary != null) {
      person.put("email", text(primary, "email_address"));
    }
    return person;
  }

  /** The primary email address, as Clerk has it; null if there is none. */
  static @Nullable JsonNode findPrimaryEmail(JsonNode user) {
    String id = text(user, "primary_email_address_id");
    for (JsonNode email : user.path("email_addresses")) {
      if (!id.isEmpty() && text(email, "id").equals(id)) {
        return email;
      }
    }
    return null;
  }

  /** The user's email address of that text, as Clerk has it; null if it is not theirs. */
  static @Nullable JsonNode findEmail(JsonNode user, String address) {
    for (JsonNode email : user.path("email_addresses")) {
      if (text(email, "email_address").equalsIgnoreCase(address)) {
        return email;
      }
    }
    return null;
  }

  /** All email addresses in lower case. */
  static List<String> emails(JsonNode user) {
    List<String> emails = new ArrayList<>();
    for (JsonNode email : user.path("email_addresses")) {
      if (email.hasNonNull("email_address")) {
        emails.add(text(email, "email_address").toLowerCase(Locale.ROOT));
      }
    }
    return emails.stream().sorted().distinct().toList();
  }

  private static String text(JsonNode object, String field) {
    return object.path(field).asText("").strip();
  }
}
