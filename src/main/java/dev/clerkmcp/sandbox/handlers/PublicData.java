package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The few fields of a user or an organization that other objects carry. */
final class PublicData {
  private PublicData() {}

  /** Of an organization, in invitations and domains. */
  static ObjectNode ofOrganization(ObjectNode organization) {
    return copied(organization, List.of("id", "name", "slug", "image_url", "has_image"));
  }

  /** Of the user who invited somebody. */
  static ObjectNode ofInviter(ObjectNode user) {
    ObjectNode data = ofUser(user);
    String identifier = findIdentifier(user);
    return data.put("identifier", identifier == null ? "" : identifier);
  }

  /** Of a member. */
  static ObjectNode ofMember(ObjectNode user) {
    ObjectNode data = ofUser(user);
    data.set("profile_image_url", data.path("image_url"));
    data.put("identifier", findIdentifier(user));
    data.put("username", textOrNull(user.path("username")));
    return data.put("banned", user.path("banned").asBoolean()).put("deprovisioned", false);
  }

  private static ObjectNode ofUser(ObjectNode user) {
    ObjectNode data = Json.object().put("user_id", user.path("id").asText());
    data.put("first_name", textOrNull(user.path("first_name")));
    data.put("last_name", textOrNull(user.path("last_name")));
    return data.put("image_url", user.path("image_url").asText())
        .put("has_image", user.path("has_image").asBoolean());
  }

  /** What a user is known by: the primary address or number, else the username, else a wallet. */
  private static @Nullable String findIdentifier(ObjectNode user) {
    String address = findPrimary(user, "email_addresses", "email_address");
    String number = address == null ? findPrimary(user, "phone_numbers", "phone_number") : address;
    String username = number == null ? textOrNull(user.path("username")) : number;
    return username == null ? findPrimary(user, "web3_wallets", "web3_wallet") : username;
  }

  private static @Nullable String findPrimary(ObjectNode user, String list, String field) {
    String id = user.path("primary_%s_id".formatted(field)).asText();
    for (JsonNode item : user.path(list)) {
      if (item.path("id").asText().equals(id)) {
        return item.path(field).asText();
      }
    }
    return null;
  }

  private static @Nullable String textOrNull(JsonNode value) {
    return value.isTextual() ? value.asText() : null;
  }

  private static ObjectNode copied(ObjectNode row, List<String> fields) {
    ObjectNode data = Json.object();
    fields.forEach(field -> data.set(field, row.path(field)));
    return data;
  }
}
