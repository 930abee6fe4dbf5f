package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL;
import static dev.clerkmcp.tools.FactTexts.WAITLIST_DECIDED;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Notifies;
import dev.clerkmcp.registry.OperationFacts.Sets;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.View;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.Body;
import dev.clerkmcp.registry.argument.PageRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for the waitlist. */
@ToolGroup(
    id = "waitlist",
    description = "Waitlist: who asks for access, to be invited or rejected")
@View(
    of = "waitlist_entry",
    row = {"id", "email_address", "status", "created_at"},
    flags = "locked = is_locked")
public interface WaitlistTools {

  @Tool(
      name = "clerk_waitlist_entries_list",
      title = "List waitlist entries",
      effect = READ,
      core = true,
      aliases = "clerk_waitlist_list")
  @Description("List waitlist entries, newest first.")
  @Route("GET /waitlist_entries")
  @Secret("data[].invitation.url")
  ListPage list(
      @Arg("Default: any") @Nullable WaitlistStatus status,
      @Arg("Email address or ID") @Nullable String query,
      @Arg("email_address, invited_at, -created_at") @Nullable String orderBy,
      PageRequest page);

  @Tool(
      name = "clerk_waitlist_entry_create",
      title = "Add to waitlist",
      effect = CREATE,
      openWorld = true)
  @Description(
      "Add an email address to the waitlist, or return its entry; emails it unless notify is false.")
  @Route("POST /waitlist_entries")
  @Notifies(unless = "notify = false")
  @UndoneBy(value = "DELETE /waitlist_entries/{waitlist_entry_id}", how = REMOVAL)
  @Secret("invitation.url")
  JsonNode create(WaitlistEntryDraft entry);

  @Tool(
      name = "clerk_waitlist_entry_create_bulk",
      title = "Add many to waitlist",
      effect = CREATE,
      openWorld = true)
  @Description("Add up to 50 email addresses to the waitlist, each once.")
  @Route("POST /waitlist_entries/bulk")
  @Notifies(unless = "notify = false")
  @UndoneBy(value = "DELETE /waitlist_entries/{waitlist_entry_id}", how = REMOVAL)
  @Secret("[].invitation.url")
  JsonNode createBulk(
      @Body @Arg(value = "One per person", min = 1, max = 50) List<WaitlistEntryDraft> entries);

  @Tool(
      name = "clerk_waitlist_entry_invite",
      title = "Invite from waitlist",
      effect = CREATE,
      core = true,
      openWorld = true)
  @Description("Email a sign-up invitation to a waitlisted person.")
  @Route("POST /waitlist_entries/{waitlist_entry_id}/invite")
  @Notifies
  @Sets("status = invited")
  @NotUndone(WAITLIST_DECIDED)
  @Secret(value = "invitation.url", kept = true)
  JsonNode invite(
      @Arg("wle_... or email") String waitlistEntryId,
      @Arg("Even if invited or a user") @Nullable Boolean ignoreExisting);

  @Tool(
      name = "clerk_waitlist_entry_reject",
      title = "Reject waitlist entry",
      effect = DESTROY,
      core = true)
  @Description("Reject a waitlist entry; it stays, marked rejected.")
  @Route("POST /waitlist_entries/{waitlist_entry_id}/reject")
  @Sets("status = rejected")
  @Loses("The person is rejected")
  @NotUndone(WAITLIST_DECIDED)
  @Secret("invitation.url")
  JsonNode reject(@Arg("wle_... or email") String waitlistEntryId);

  @Tool(name = "clerk_waitlist_entry_delete", title = "Delete waitlist entry", effect = DESTROY)
  @Description("Remove a pending entry from the waitlist.")
  @Route("DELETE /waitlist_entries/{waitlist_entry_id}")
  @Loses("The place on the waitlist is lost")
  @UndoneBy(
      value = "POST /waitlist_entries",
      how = RECREATION,
      idIsKnown = false,
      without = "the place on the waitlist.")
  JsonNode delete(@Arg("wle_... or email") String waitlistEntryId);

  /** A person to add to the waitlist. */
  record WaitlistEntryDraft(
      @Arg(value = "Email address to add", email = true) String emailAddress,
      @Arg("Confirm by email; default true") @JsonProperty("notify") @Nullable Boolean sendEmail) {}

  /** The states of a waitlist entry. */
  enum WaitlistStatus {
    @JsonProperty("pending")
    PENDING,
    @JsonProperty("invited")
    INVITED,
    @JsonProperty("completed")
    COMPLETED,
    @JsonProperty("rejected")
    REJECTED
  }
}
