package dev.clerkmcp.sandbox.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Adds, removes and finds the identifications of users: email addresses, phone numbers and wallets,
 * and which of them are primary.
 */
public final class Identifications {
  private final HandlerContext context;

  public Identifications(HandlerContext context) {
    this.context = context;
  }

  /**
   * Adds the identifications of the request to a new user; the first of each kind becomes primary.
   */
  void addAll(ObjectNode user, ApiRequest request) {
    for (ContactType type : ContactType.values()) {
      List<String> addresses = request.texts(type.field());
      List<String> statuses = request.texts(type.field() + "_identification_status");
      if (!statuses.isEmpty() && statuses.size() != addresses.size()) {
        throw ApiError.invalid(
            "form_param_array_length_mismatch",
            type.field() + "_identification_status",
            "There must be one status for each %s.",
            type.field());
      }
      for (int i = 0; i < addresses.size(); i++) {
        ObjectNode added =
            add(user, type, addresses.get(i), statuses.isEmpty() ? "verified" : statuses.get(i));
        if (i == 0) {
          user.set(type.primary(), added.get("id"));
        }
      }
    }
    for (String wallet : request.texts("web3_wallet")) {
      ObjectNode added = wallet(wallet);
      listOf(user, "web3_wallets").add(added);
      if (user.path("primary_web3_wallet_id").isNull()) {
        user.set("primary_web3_wallet_id", added.get("id"));
      }
    }
  }

  /**
   * Adds an address to a user.
   *
   * @param status verified, unverified or reserved
   * @throws ApiError with status 422 if the address is invalid, the user has it already, or it is
   *     proven to be another user's
   */
  ObjectNode add(ObjectNode user, ContactType type, String text, String status) {
    ObjectNode address = context.template(type.schema());
    address.put("id", context.store().newId("idn_"));
    address.put(type.field(), type.checked(text));
    address.put("reserved", status.equals("reserved"));
    address.put("created_at", context.now()).put("updated_at", context.now());
    address.set("verification", status.equals("verified") ? verifiedByAdmin() : null);
    for (JsonNode other : user.path(type.list())) {
      String kept = other.path(type.field()).asText();
      if (kept.equalsIgnoreCase(address.path(type.field()).asText())) {
        throw ApiError.taken(type.field());
      }
    }
    String key = address.path(type.field()).asText().toLowerCase(Locale.ROOT);
    ObjectNode owner = context.table(ObjectKind.USER).findBy(type.field(), key);
    if (owner != null && !owner.path("id").equals(user.path("id"))) {
      throw ApiError.taken(type.field());
    }
    listOf(user, type.list()).add(address);
    return address;
  }

  private ObjectNode wallet(String text) {
    ObjectNode wallet = context.template("Web3Wallet");
    wallet
        .put("id", context.store().newId("idn_"))
        .put("web3_wallet", InputRules.web3Wallet("web3_wallet", text));
    wallet.put("created_at", context.now()).put("updated_at", context.now());
    wallet.set("verification", verifiedByAdmin());
    return wallet;
  }

  /** The verification of an address that the API declares verified. */
  static ObjectNode verifiedByAdmin() {
    return Json.object()
        .put("object", "verification_admin")
        .put("status", "verified")
        .put("strategy", "admin")
        .putNull("attempts")
        .putNull("expire_at");
  }

  /** Sets the primary identifications that a request to update a user names. */
  void choosePrimaries(ObjectNode user, ApiRequest request) {
    for (ContactType type : ContactType.values()) {
      choosePrimary(user, request, type.primary(), type.list());
    }
    choosePrimary(user, request, "primary_web3_wallet_id", "web3_wallets");
  }

  private static void choosePrimary(
      ObjectNode user, ApiRequest request, String field, String list) {
    String id = request.text(field);
    if (id == null) {
      return;
    }
    ObjectNode chosen = find(user, list, id);
    if (chosen == null) {
      throw ApiError.invalid(
          "form_resource_not_found", field, "The user has no identification " + id + ".");
    }
    makePrimary(user, field, chosen);
  }

  /**
   * Makes an identification primary.
   *
   * @throws ApiError with status 422 if it is not verified
   */
  static void makePrimary(ObjectNode user, String field, ObjectNode chosen) {
    if (!ClerkUser.isVerified(chosen)) {
      throw ApiError.invalid(
          "form_verification_needed", field, "It must be verified before it can be primary.");
    }
    user.set(field, chosen.get("id"));
  }

  /**
   * Removes an identification from a user. If it was primary, the next verified one becomes
   * primary.
   *
   * @throws ApiError with status 400 if it is the last identification, or an external account uses
   *     it
   */
  void remove(ObjectNode user, String list, String primary, String id) {
    ObjectNode removed = find(user, list, id);
    if (removed == null) {
      throw ApiError.notFound("identification", id);
    }
    if (!removed.path("linked_to").isEmpty()) {
      throw ApiError.of(
          400,
          "delete_linked_identification_disallowed",
          "An external account uses it; delete that account first.");
    }
    ArrayNode rest = without(user, list, id);
    if (known(user) == 0) {
      throw ApiError.of(
          400,
          "last_required_identification_deletion_failed",
          "It is the user's last identification; add another first.");
    }
    if (user.path(primary).asText().equals(id)) {
      user.putNull(primary);
      for (JsonNode next : rest) {
        if (ClerkUser.isVerified(next) && user.path(primary).isNull()) {
          user.set(primary, next.get("id"));
        }
      }
    }
  }

  /** Removes the item with an id from a list of the user, and returns the rest. */
  static ArrayNode without(ObjectNode user, String list, String id) {
    ArrayNode rest = Json.array();
    for (JsonNode item : user.path(list)) {
      if (!item.path("id").asText().equals(id)) {
        rest.add(item);
      }
    }
    user.set(list, rest);
    return rest;
  }

  private static int known(ObjectNode user) {
    return user.path("email_addresses").size()
        + user.path("phone_numbers").size()
        + user.path("web3_wallets").size()
        + user.path("enterprise_accounts").size()
        + (user.hasNonNull("username") ? 1 : 0);
  }

  /** The item with an id in a list of the user, or null. It is not a copy. */
  static @Nullable ObjectNode find(ObjectNode user, String list, String id) {
    for (JsonNode item : user.path(list)) {
      if (item instanceof ObjectNode found && found.path("id").asText().equals(id)) {
        return found;
      }
    }
    return null;
  }

  private static ArrayNode listOf(ObjectNode user, String list) {
    return user.withArrayProperty(list);
  }

  /**
   * The text that identifies a user: the primary address, else number, else username, else wallet;
   * or null.
   */
  public static @Nullable String findIdentifier(ObjectNode user) {
    String address = findPrimary(user, Identifier.EMAIL_ADDRESS);
    String number = address == null ? findPrimary(user, Identifier.PHONE_NUMBER) : address;
    boolean hasUsername = number == null && user.path("username").isTextual();
    String username = hasUsername ? user.path("username").asText() : number;
    return username == null ? findPrimary(user, Identifier.WEB3_WALLET) : username;
  }

  /** The text of the primary contact of a kind, such as an email address; or null. */
  public static @Nullable String findPrimary(ObjectNode user, Identifier kind) {
    Contact primary = new ClerkUser(user).findPrimary(kind);
    return primary == null ? null : primary.value();
  }

  /** The two kinds of contacts; both are stored, verified and made primary in the same way. */
  enum ContactType {
    EMAIL_ADDRESS("email_address", "email_addresses", "EmailAddress", "email_code") {
      @Override
      String checked(String text) {
        return InputRules.emailAddress(field(), text);
      }
    },
    PHONE_NUMBER("phone_number", "phone_numbers", "PhoneNumber", "phone_code") {
      @Override
      String checked(String text) {
        return InputRules.phoneNumber(field(), text);
      }
    };

    private final String field;
    private final String list;
    private final String schema;
    private final String strategy;

    ContactType(String field, String list, String schema, String strategy) {
      this.field = field;
      this.list = list;
      this.schema = schema;
      this.strategy = strategy;
    }

    /** The field with the address or number in objects and requests. */
    String field() {
      return field;
    }

    /** The field of a user with the list of contacts, which is also their path in the API. */
    String list() {
      return list;
    }

    /** The name of Clerk's schema. */
    String schema() {
      return schema;
    }

    /** The strategy of a verification by code. */
    String strategy() {
      return strategy;
    }

    /** The field of a user with the id of the primary contact. */
    String primary() {
      return "primary_%s_id".formatted(field);
    }

    /**
     * The address or number without surrounding spaces.
     *
     * @throws ApiError with status 422 if it is invalid
     */
    abstract String checked(String text);
  }
}
