package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;

/** The allow-list and the block-list: addresses, whole domains, phone numbers and wallets. */
final class ListIdentifiers {
  private static final String ANYBODY_AT = "*@";

  private final HandlerContext instance;
  private final Invitations invitations;
  private final Table allowed;
  private final Table blocked;

  ListIdentifiers(HandlerContext instance, Invitations invitations) {
    this.instance = instance;
    this.invitations = invitations;
    this.allowed = instance.table(ObjectKind.ALLOWLIST_IDENTIFIER);
    this.blocked = instance.table(ObjectKind.BLOCKLIST_IDENTIFIER);
  }

  void register(Routes on) {
    on.on("GET /allowlist_identifiers", call -> list(call, allowed))
        .on("POST /allowlist_identifiers", this::allow)
        .on("DELETE /allowlist_identifiers/{identifier_id}", call -> delete(call, allowed))
        .on("GET /blocklist_identifiers", call -> list(call, blocked))
        .on("POST /blocklist_identifiers", this::block)
        .on("DELETE /blocklist_identifiers/{identifier_id}", call -> delete(call, blocked));
  }

  private JsonNode list(ApiRequest call, Table table) {
    return instance.page(call, List.copyOf(table.rows()));
  }

  private JsonNode allow(ApiRequest call) {
    ObjectNode row = row(call, allowed, "AllowlistIdentifier");
    row.remove("invitation_id");
    String identifier = row.path("identifier").asText();
    boolean canBeInvited =
        row.path("identifier_type").asText().equals("email_address")
            && !identifier.startsWith(ANYBODY_AT);
    if (call.flag("notify", false) && canBeInvited) {
      // Allowed or not, the address may have a user or an invitation already.
      row.set("invitation_id", invitations.invite(identifier, true).path("id"));
    }
    return allowed.add(row);
  }

  private JsonNode block(ApiRequest call) {
    return blocked.add(row(call, blocked, "BlocklistIdentifier"));
  }

  private ObjectNode row(ApiRequest call, Table table, String schema) {
    String given = call.fields().path("identifier").asText().strip();
    String type = type(given);
    String identifier = checked(given, type);
    if (table.stream()
        .anyMatch(row -> row.path("identifier").asText().equalsIgnoreCase(identifier))) {
      throw ApiError.of(400, "duplicate_record", identifier + " is on the list already.");
    }
    return instance
        .newObject(table.kind(), schema)
        .put("identifier", identifier)
        .put("identifier_type", type)
        .put("instance_id", HandlerContext.ID);
  }

  private static String type(String identifier) {
    if (identifier.contains("@")) {
      return "email_address";
    }
    return identifier.startsWith("0x") ? "web3_wallet" : "phone_number";
  }

  private static String checked(String identifier, String type) {
    try {
      return switch (type) {
        case "email_address" -> emailAddress(identifier);
        case "web3_wallet" -> Identifier.web3Wallet("identifier", identifier);
        default -> Identifier.phoneNumber("identifier", identifier);
      };
    } catch (ApiError refusal) {
      throw ApiError.invalid(
          refusal.code(),
          "identifier",
          "identifier takes an e-mail address, a domain such as *@example.com, a phone number"
              + " such as +15555550100, or a wallet: 0x and 40 hexadecimal digits.");
    }
  }

  /** Of a domain's form is what would be an address with somebody before the at sign. */
  private static String emailAddress(String identifier) {
    boolean domain = identifier.startsWith(ANYBODY_AT);
    Identifier.emailAddress(
        "identifier", domain ? "anybody" + identifier.substring(1) : identifier);
    return identifier;
  }

  private JsonNode delete(ApiRequest call, Table table) {
    String id = call.variable("identifier_id");
    table.remove(id);
    return HandlerContext.deleted(table.kind(), id);
  }
}
