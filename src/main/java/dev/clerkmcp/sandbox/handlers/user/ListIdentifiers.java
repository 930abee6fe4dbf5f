package dev.clerkmcp.sandbox.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;

/**
 * Handles the endpoints of the allowlist and the blocklist: addresses, whole domains, phone numbers
 * and wallets.
 */
public final class ListIdentifiers {
  private static final String WILDCARD = "*@";

  private final HandlerContext context;
  private final Invitations invitations;
  private final Table allowed;
  private final Table blocked;

  public ListIdentifiers(HandlerContext context, Invitations invitations) {
    this.context = context;
    this.invitations = invitations;
    this.allowed = context.table(ObjectKind.ALLOWLIST_IDENTIFIER);
    this.blocked = context.table(ObjectKind.BLOCKLIST_IDENTIFIER);
  }

  public void register(Routes routes) {
    routes
        .on("GET /allowlist_identifiers", request -> list(request, allowed))
        .on("POST /allowlist_identifiers", this::allow)
        .on("DELETE /allowlist_identifiers/{identifier_id}", request -> delete(request, allowed))
        .on("GET /blocklist_identifiers", request -> list(request, blocked))
        .on("POST /blocklist_identifiers", this::block)
        .on("DELETE /blocklist_identifiers/{identifier_id}", request -> delete(request, blocked));
  }

  private JsonNode list(ApiRequest request, Table table) {
    return context.page(request, List.copyOf(table.rows()));
  }

  private JsonNode allow(ApiRequest request) {
    ObjectNode row = row(request, allowed, "AllowlistIdentifier");
    row.remove("invitation_id");
    String identifier = row.path("identifier").asText();
    boolean canBeInvited =
        row.path("identifier_type").asText().equals("email_address")
            && !identifier.startsWith(WILDCARD);
    if (request.flag("notify", false) && canBeInvited) {
      // true: unlike for a plain invitation, the address may already have a user or an invitation.
      row.set("invitation_id", invitations.invite(identifier, true).path("id"));
    }
    return allowed.add(row);
  }

  private JsonNode block(ApiRequest request) {
    return blocked.add(row(request, blocked, "BlocklistIdentifier"));
  }

  private ObjectNode row(ApiRequest request, Table table, String schema) {
    String given = request.fields().path("identifier").asText().strip();
    String type = type(given);
    String identifier = checked(given, type);
    if (table.stream()
        .anyMatch(row -> row.path("identifier").asText().equalsIgnoreCase(identifier))) {
      throw ApiError.of(400, "duplicate_record", identifier + " is on the list already.");
    }
    return context
        .newObject(table.kind(), schema)
        .put("identifier", identifier)
        .put("identifier_type", type)
        .put("instance_id", HandlerContext.INSTANCE_ID);
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
        case "web3_wallet" -> InputRules.web3Wallet("identifier", identifier);
        default -> InputRules.phoneNumber("identifier", identifier);
      };
    } catch (ApiError error) {
      throw ApiError.invalid(
          error.code(),
          "identifier",
          "identifier takes an email address, a domain such as *@example.com, a phone number"
              + " such as +15555550100, or a wallet: 0x and 40 hexadecimal digits.");
    }
  }

  /**
   * Accepts an address, or a domain such as *@example.com, which is an address with a * for its
   * local part.
   */
  private static String emailAddress(String identifier) {
    boolean domain = identifier.startsWith(WILDCARD);
    InputRules.emailAddress("identifier", domain ? "any" + identifier.substring(1) : identifier);
    return identifier;
  }

  private JsonNode delete(ApiRequest request, Table table) {
    String id = request.variable("identifier_id");
    table.remove(id);
    return HandlerContext.deleted(table.kind(), id);
  }
}
