package dev.clerkmcp.sandbox.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import org.jspecify.annotations.Nullable;

/**
 * The entries of the allowlist or the blocklist: addresses, whole domains, phone numbers and
 * wallets.
 */
public final class ListIdentifiers extends Resource {
  private static final String WILDCARD = "*@";

  private final @Nullable Invitations invitations;

  private ListIdentifiers(
      HandlerContext context, ObjectKind kind, String path, @Nullable Invitations invitations) {
    super(context, kind, path);
    this.invitations = invitations;
  }

  /** The allowlist, whose new entries can be invited. */
  public static ListIdentifiers allowed(HandlerContext context, Invitations invitations) {
    return new ListIdentifiers(
        context, ObjectKind.ALLOWLIST_IDENTIFIER, "/allowlist_identifiers", invitations);
  }

  /** The blocklist. */
  public static ListIdentifiers blocked(HandlerContext context) {
    return new ListIdentifiers(
        context, ObjectKind.BLOCKLIST_IDENTIFIER, "/blocklist_identifiers", null);
  }

  @Override
  protected void start(ObjectNode row, ApiRequest request) {
    row.put("instance_id", HandlerContext.INSTANCE_ID).remove("invitation_id");
  }

  @Override
  protected void set(ObjectNode row, ApiRequest request) {
    String given = request.field("identifier").strip();
    String type = type(given);
    String identifier = checked(given, type);
    if (rows.stream()
        .anyMatch(other -> other.path("identifier").asText().equalsIgnoreCase(identifier))) {
      throw ApiError.of(400, "duplicate_record", "%s is on the list already.", identifier);
    }
    row.put("identifier", identifier).put("identifier_type", type);
  }

  /** Invites a new entry of the allowlist, which must be on it before. */
  @Override
  protected JsonNode added(ObjectNode row, ApiRequest request) {
    String identifier = row.path("identifier").asText();
    boolean canBeInvited =
        row.path("identifier_type").asText().equals("email_address")
            && !identifier.startsWith(WILDCARD);
    if (invitations == null || !request.flag("notify", false) || !canBeInvited) {
      return row;
    }
    // true: unlike for a plain invitation, the address may already have a user or an invitation.
    JsonNode invitation = invitations.invite(identifier, true).path("id");
    return rows.change(id(row), changed -> changed.set("invitation_id", invitation));
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
}
