package dev.clerkmcp.sandbox.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.handlers.support.Restrictions;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Handles the endpoints of invitations to the application. They are pending until they are
 * accepted, revoked or expired.
 */
public final class Invitations extends Resource {
  private static final int DAYS = 30;

  private final Table users;
  private final Restrictions restrictions;

  public Invitations(HandlerContext context) {
    super(context, ObjectKind.INVITATION, "/invitations");
    this.users = context.table(ObjectKind.USER);
    this.restrictions = new Restrictions(context);
  }

  @Override
  public void register(Routes routes) {
    super.register(routes);
    routes
        .on("POST /invitations/bulk", this::createAll)
        .on("POST /invitations/{invitation_id}/revoke", this::revoke);
  }

  /** An invitation with its current status, or null. */
  @Nullable ObjectNode findCurrent(String id) {
    ObjectNode row = rows.find(id);
    return row == null ? null : current(row);
  }

  /**
   * Invites an address to the application.
   *
   * @param ignoreExisting whether a user or a pending invitation may have the address
   * @throws ApiError with status 400 if an invitation has the address, with 422 if a user has it
   */
  ObjectNode invite(String emailAddress, boolean ignoreExisting) {
    JsonNode wanted =
        Json.object().put("email_address", emailAddress).put("ignore_existing", ignoreExisting);
    return create(List.of(wanted), "").get(0);
  }

  /** Without a status, all that are not revoked are listed. */
  @Override
  public JsonNode list(ApiRequest request) {
    return page(request, rows.stream().filter(withStatus(context, request.parameter("status"))));
  }

  @Override
  public List<String> searched() {
    return List.of("email_address", "id");
  }

  @Override
  public JsonNode create(ApiRequest request) {
    return create(List.of(request.fields()), "").get(0);
  }

  private JsonNode createAll(ApiRequest request) {
    List<JsonNode> wanted = new ArrayList<>();
    request.body().forEach(wanted::add);
    ArrayNode created = Json.array();
    create(wanted, "%s.").forEach(created::add);
    return created;
  }

  /** Creates all invitations or none: an error also undoes those created before it. */
  private List<ObjectNode> create(List<JsonNode> wanted, String place) {
    List<ObjectNode> created = new ArrayList<>();
    List<String> duplicates = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      JsonNode invitation = wanted.get(i);
      String blamed = place.formatted(i);
      String address =
          InputRules.emailAddress(
              blamed + "email_address", invitation.path("email_address").asText());
      if (invitation.hasNonNull("redirect_url")) {
        InputRules.url(blamed + "redirect_url", invitation.path("redirect_url").asText());
      }
      restrictions.check(address);
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
              "There are pending invitations for %s; revoke them or set ignore_existing.",
              String.join(", ", duplicates))
          .with("email_addresses", duplicates);
    }
    return created;
  }

  private boolean hasPending(String address) {
    return rows.stream()
        .anyMatch(
            invitation ->
                isPending(context, invitation)
                    && invitation.path("email_address").asText().equalsIgnoreCase(address));
  }

  private ObjectNode add(String address, JsonNode wanted) {
    ObjectNode invitation =
        newRow()
            .put("email_address", address)
            .put("revoked", false)
            .put("status", "pending")
            .put("url", HandlerContext.ticketUrl(context.store().newSecret("invitation_ticket")))
            .put(
                "expires_at",
                context.now()
                    + Duration.ofDays(wanted.path("expires_in_days").asInt(DAYS)).toMillis());
    if (wanted.hasNonNull("public_metadata")) {
      invitation.set("public_metadata", wanted.get("public_metadata"));
    }
    return rows.add(invitation);
  }

  private JsonNode revoke(ApiRequest request) {
    return change(
        request,
        invitation -> {
          String status = invitation.path("status").asText();
          if (status.equals("revoked")) {
            throw ApiError.of(
                400, "invitation_already_revoked", "The invitation has been revoked already.");
          }
          if (status.equals("accepted")) {
            throw ApiError.of(
                400,
                "invitation_already_accepted",
                "The invitation has been accepted; delete the user instead.");
          }
          invitation.put("revoked", true).put("status", "revoked");
        });
  }

  /** The invitation with its current status: pending, accepted, revoked or expired. */
  @Override
  protected ObjectNode current(ObjectNode invitation) {
    return context.withExpiry(invitation, "pending", "expires_at");
  }

  /** The current status of an invitation, also of one to an organization. */
  public static String status(HandlerContext context, ObjectNode invitation) {
    return context.withExpiry(invitation, "pending", "expires_at").path("status").asText();
  }

  /** Whether an invitation, also one to an organization, can still be accepted. */
  public static boolean isPending(HandlerContext context, ObjectNode invitation) {
    return status(context, invitation).equals("pending");
  }

  /** Keeps invitations of a status; without a status, all that are not revoked. */
  public static Predicate<ObjectNode> withStatus(HandlerContext context, @Nullable String status) {
    return status == null
        ? row -> !status(context, row).equals("revoked")
        : row -> status(context, row).equals(status);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
