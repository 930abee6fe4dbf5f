package dev.clerkmcp.sandbox.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Handles the waitlist endpoints. An entry is pending until it is invited, rejected or deleted. */
public final class WaitlistEntries extends Resource {
  private final Invitations invitations;

  public WaitlistEntries(HandlerContext context, Invitations invitations) {
    super(context, ObjectKind.WAITLIST_ENTRY, "/waitlist_entries");
    this.invitations = invitations;
  }

  @Override
  public void register(Routes routes) {
    super.register(routes);
    routes
        .on("POST /waitlist_entries/bulk", this::createAll)
        .on("POST /waitlist_entries/{waitlist_entry_id}/invite", this::invite)
        .on("POST /waitlist_entries/{waitlist_entry_id}/reject", this::reject);
  }

  @Override
  public List<String> searched() {
    return List.of("email_address", "id");
  }

  @Override
  public JsonNode sortKey(ObjectNode entry, String field) {
    return (field.equals("invited_at") ? entry.path(Store.HIDDEN) : entry).path(field);
  }

  @Override
  public JsonNode create(ApiRequest request) {
    return join(InputRules.emailAddress("email_address", request.field("email_address")));
  }

  private JsonNode createAll(ApiRequest request) {
    ArrayNode joined = Json.array();
    Set<String> addresses = new HashSet<>();
    for (int i = 0; i < request.body().size(); i++) {
      String parameter = i + ".email_address";
      String address =
          InputRules.emailAddress(parameter, request.body().path(i).path("email_address").asText());
      if (!addresses.add(lower(address))) {
        throw ApiError.invalid(
            "form_param_duplicate", parameter, "%s is in the request twice.", address);
      }
      joined.add(join(address));
    }
    return joined;
  }

  /** Adds an address; if it is on the waitlist already, returns its entry. */
  private ObjectNode join(String address) {
    return rows.stream()
        .filter(entry -> entry.path("email_address").asText().equalsIgnoreCase(address))
        .findFirst()
        .map(this::current)
        .orElseGet(() -> rows.add(entry(address)));
  }

  private ObjectNode entry(String address) {
    return newRow()
        .put("email_address", address)
        .put("status", "pending")
        .put("is_locked", false)
        .putNull("invitation");
  }

  @Override
  protected void removing(ObjectNode entry) {
    checkPending(entry);
  }

  private JsonNode invite(ApiRequest request) {
    return change(
        request,
        entry -> {
          checkPending(entry);
          ObjectNode invitation =
              invitations.invite(
                  entry.path("email_address").asText(), request.flag("ignore_existing", false));
          entry.put("status", "invited");
          HandlerContext.hidden(entry)
              .put("invited_at", context.now())
              .set("invitation_id", invitation.path("id"));
        });
  }

  private JsonNode reject(ApiRequest request) {
    return change(
        request,
        entry -> {
          checkPending(entry);
          entry.put("status", "rejected");
        });
  }

  private void checkPending(ObjectNode row) {
    ObjectNode entry = current(row);
    if (entry.path("is_locked").asBoolean()) {
      throw ApiError.of(
          409, "waitlist_entry_locked", "The entry is being worked on; repeat the call later.");
    }
    String status = entry.path("status").asText();
    if (!status.equals("pending")) {
      throw ApiError.of(
          409,
          "waitlist_entry_already_" + status,
          "The entry is not pending, it is %s already.",
          status);
    }
  }

  /**
   * An entry with its invitation and current status: an accepted invitation completes the entry.
   */
  @Override
  protected ObjectNode current(ObjectNode row) {
    ObjectNode invitation =
        invitations.findCurrent(row.path(Store.HIDDEN).path("invitation_id").asText());
    if (invitation == null) { // it may be erased
      return row;
    }
    ObjectNode entry = row.deepCopy();
    entry.set("invitation", invitation);
    return invitation.path("status").asText().equals("accepted")
        ? entry.put("status", "completed")
        : entry;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
