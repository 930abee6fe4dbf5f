package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Invitations to the application: pending until they are accepted, revoked or expired. */
final class Invitations {
  private static final int DAYS = 30;
  private static final Expiry EXPIRY = new Expiry("pending", "expires_at");
  private static final List<String> ORDERS = List.of("created_at", "email_address", "expires_at");

  private final HandlerContext instance;
  private final Table invitations;
  private final Table users;

  Invitations(HandlerContext instance) {
    this.instance = instance;
    this.invitations = instance.table(ObjectKind.INVITATION);
    this.users = instance.table(ObjectKind.USER);
  }

  void register(Routes on) {
    on.on("GET /invitations", this::list)
        .on("POST /invitations", this::create)
        .on("POST /invitations/bulk", this::createAll)
        .on("POST /invitations/{invitation_id}/revoke", this::revoke);
  }

  /**
   * An invitation as it is now.
   *
   * @throws ApiError with status 404 if there is none
   */
  ObjectNode get(String id) {
    return view(invitations.get(id));
  }

  /**
   * Invites an address.
   *
   * @param ignoreExisting whether a user or another invitation may have it
   * @throws ApiError with status 400 or 422 if one has it
   */
  ObjectNode invite(String emailAddress, boolean ignoreExisting) {
    JsonNode wanted =
        Json.object().put("email_address", emailAddress).put("ignore_existing", ignoreExisting);
    return create(List.of(wanted), "").get(0);
  }

  private JsonNode list(ApiRequest call) {
    String status = call.parameter("status");
    String query = lower(call.query().path("query").asText());
    return instance.page(
        call,
        invitations.stream()
            .map(this::view)
            .filter(
                invitation -> status == null ? !is(invitation, "revoked") : is(invitation, status))
            .filter(
                invitation ->
                    lower(invitation.path("email_address").asText()).contains(query)
                        || lower(invitation.path("id").asText()).contains(query))
            .sorted(SortOrder.of(call, "-created_at", ORDERS).comparator())
            .toList());
  }

  private JsonNode create(ApiRequest call) {
    return create(List.of(call.fields()), "").get(0);
  }

  private JsonNode createAll(ApiRequest call) {
    List<JsonNode> wanted = new ArrayList<>();
    call.body().forEach(wanted::add);
    ArrayNode created = Json.array();
    create(wanted, "%s.").forEach(created::add);
    return created;
  }

  /** All or none: what was created before a refusal is undone with it. */
  private List<ObjectNode> create(List<JsonNode> wanted, String place) {
    List<ObjectNode> created = new ArrayList<>();
    List<String> duplicates = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      JsonNode invitation = wanted.get(i);
      String blamed = place.formatted(i);
      String address =
          Identifier.emailAddress(
              blamed + "email_address", invitation.path("email_address").asText());
      if (invitation.hasNonNull("redirect_url")) {
        AbsoluteUrl.checked(blamed + "redirect_url", invitation.path("redirect_url").asText());
      }
      boolean ignoreExisting = invitation.path("ignore_existing").asBoolean();
      if (!ignoreExisting && users.findBy("email_address", lower(address)) != null) {
        throw ApiError.taken(blamed + "email_address");
      }
      if (!ignoreExisting && hasPending(address)) {
        duplicates.add(address);
      } else {
        created.add(add(address, invitation));
      }
    }
    if (!duplicates.isEmpty()) {
      throw ApiError.of(
          400,
          "duplicate_record",
          "There are pending invitations for %s; revoke them or set ignore_existing."
              .formatted(String.join(", ", duplicates)));
    }
    return created;
  }

  private boolean hasPending(String address) {
    return invitations.stream()
        .map(this::view)
        .anyMatch(
            invitation ->
                is(invitation, "pending")
                    && invitation.path("email_address").asText().equalsIgnoreCase(address));
  }

  private ObjectNode add(String address, JsonNode wanted) {
    ObjectNode invitation =
        instance
            .newObject(ObjectKind.INVITATION, "Invitation")
            .put("email_address", address)
            .put("revoked", false)
            .put("status", "pending")
            .put("url", TicketUrl.of(instance, "invitation").url())
            .put(
                "expires_at",
                instance.now()
                    + Duration.ofDays(wanted.path("expires_in_days").asInt(DAYS)).toMillis());
    if (wanted.hasNonNull("public_metadata")) {
      invitation.set("public_metadata", wanted.get("public_metadata"));
    }
    return invitations.add(invitation);
  }

  private JsonNode revoke(ApiRequest call) {
    String id = call.variable("invitation_id");
    return switch (invitations.get(id).path("status").asText()) {
      case "revoked" ->
          throw ApiError.of(
              400, "invitation_already_revoked", "The invitation has been revoked already.");
      case "accepted" ->
          throw ApiError.of(
              400,
              "invitation_already_accepted",
              "The invitation has been accepted; delete the user instead.");
      default ->
          invitations.change(
              id, invitation -> invitation.put("revoked", true).put("status", "revoked"));
    };
  }

  private ObjectNode view(ObjectNode invitation) {
    return EXPIRY.view(invitation, instance.now());
  }

  private static boolean is(JsonNode invitation, String status) {
    return invitation.path("status").asText().equals(status);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
