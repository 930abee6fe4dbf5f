package dev.clerkmcp.sandbox.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.handlers.support.OldListQuery;
import dev.clerkmcp.sandbox.handlers.support.OldListQuery.SortOrder;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Handles the waitlist endpoints. An entry is pending until it is invited, rejected or deleted. */
public final class WaitlistEntries {
  private static final List<String> ORDERS = List.of("created_at", "email_address", "invited_at");

  private final HandlerContext context;
  private final Table entries;
  private final Invitations invitations;

  public WaitlistEntries(HandlerContext context, Invitations invitations) {
    this.context = context;
    this.entries = context.table(ObjectKind.WAITLIST_ENTRY);
    this.invitations = invitations;
  }

  public void register(Routes routes) {
    routes
        .on("GET /waitlist_entries", this::list)
        .on("POST /waitlist_entries", this::create)
        .on("POST /waitlist_entries/bulk", this::createAll)
        .on("DELETE /waitlist_entries/{waitlist_entry_id}", this::delete)
        .on("POST /waitlist_entries/{waitlist_entry_id}/invite", this::invite)
        .on("POST /waitlist_entries/{waitlist_entry_id}/reject", this::reject);
  }

  private JsonNode list(ApiRequest request) {
    String status = request.parameter("status");
    String query = lower(request.query().path("query").asText());
    SortOrder order = OldListQuery.order(request, "-created_at", ORDERS);
    return context.page(
        request,
        entries.stream()
            .map(this::view)
            .filter(entry -> status == null || entry.path("status").asText().equals(status))
            .filter(
                entry ->
                    lower(entry.path("email_address").asText()).contains(query)
                        || lower(entry.path("id").asText()).contains(query))
            .sorted(order.comparator(entry -> value(entry, order.field())))
            .toList());
  }

  private static JsonNode value(ObjectNode entry, String field) {
    return field.equals("invited_at")
        ? entry.path(Store.HIDDEN).path("invited_at")
        : entry.path(field);
  }

  private JsonNode create(ApiRequest request) {
    String text = request.fields().path("email_address").asText();
    return join(InputRules.emailAddress("email_address", text));
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
            "form_param_duplicate", parameter, "%s is in the request twice.".formatted(address));
      }
      joined.add(join(address));
    }
    return joined;
  }

  /** Adds an address; if it is on the waitlist already, returns its entry. */
  private ObjectNode join(String address) {
    return entries.stream()
        .filter(entry -> entry.path("email_address").asText().equalsIgnoreCase(address))
        .findFirst()
        .map(this::view)
        .orElseGet(() -> entries.add(entry(address)));
  }

  private ObjectNode entry(String address) {
    return context
        .newObject(ObjectKind.WAITLIST_ENTRY, "WaitlistEntry")
        .put("email_address", address)
        .put("status", "pending")
        .put("is_locked", false)
        .putNull("invitation");
  }

  private JsonNode delete(ApiRequest request) {
    String id = pendingId(request);
    entries.remove(id);
    return HandlerContext.deleted(ObjectKind.WAITLIST_ENTRY, id);
  }

  private JsonNode invite(ApiRequest request) {
    String id = pendingId(request);
    String address = entries.get(id).path("email_address").asText();
    ObjectNode invitation = invitations.invite(address, request.flag("ignore_existing", false));
    return view(
        entries.change(
            id,
            entry -> {
              entry.put("status", "invited");
              HandlerContext.hidden(entry)
                  .put("invited_at", context.now())
                  .set("invitation_id", invitation.path("id"));
            }));
  }

  private JsonNode reject(ApiRequest request) {
    return entries.change(pendingId(request), entry -> entry.put("status", "rejected"));
  }

  /** The id of the entry in the path, which must be pending. */
  private String pendingId(ApiRequest request) {
    ObjectNode entry = view(entries.get(request.variable("waitlist_entry_id")));
    if (entry.path("is_locked").asBoolean()) {
      throw ApiError.of(
          409, "waitlist_entry_locked", "The entry is being worked on; repeat the call later.");
    }
    String status = entry.path("status").asText();
    if (!status.equals("pending")) {
      throw ApiError.of(
          409,
          "waitlist_entry_already_" + status,
          "The entry is not pending, it is %s already.".formatted(status));
    }
    return entry.path("id").asText();
  }

  /**
   * An entry with its invitation and current status: an accepted invitation completes the entry.
   */
  private ObjectNode view(ObjectNode row) {
    String invitationId = row.path(Store.HIDDEN).path("invitation_id").asText();
    if (invitationId.isEmpty() || !invitations.exists(invitationId)) { // it may be erased
      return row;
    }
    ObjectNode invitation = invitations.get(invitationId);
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
