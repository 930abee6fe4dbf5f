package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.Effect.UPDATE;
import static dev.clerkmcp.registry.OperationFacts.Dependent.ONLY_EMAIL_ADDRESS;
import static dev.clerkmcp.registry.OperationFacts.Dependent.OTHER_EMAIL_ADDRESSES;
import static dev.clerkmcp.registry.OperationFacts.Risk.IDENTITY;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_CONTACTS;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_VALUES;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL;
import static dev.clerkmcp.tools.FactTexts.CANNOT_SIGN_IN_WITH_IT;
import static dev.clerkmcp.tools.FactTexts.CHECKED;
import static dev.clerkmcp.tools.FactTexts.CODE_SENT;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.OperationFacts.Default;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Notifies;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.View;
import dev.clerkmcp.registry.argument.Arg;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for the email addresses of users. */
@ToolGroup(
    id = "identifiers",
    description = "Identifiers: the email addresses and phone numbers of users, and their codes")
@View(
    of = "email_address",
    row = {
      "id",
      "email_address",
      "status = verification.status",
      "strategy = verification.strategy"
    },
    flags = "reserved")
public interface EmailAddressTools {

  @Tool(
      name = "clerk_email_address_create",
      title = "Add user email address",
      effect = CREATE,
      openWorld = true)
  @Description("Add an email address to a user. Sends no code.")
  @Route("POST /email_addresses")
  @Notifies(when = "notify_primary_email_address_changed = true")
  @Risky(IDENTITY)
  @UndoneBy(value = "DELETE /email_addresses/{email_address_id}", how = REMOVAL)
  JsonNode create(
      @Arg("user_...") String userId,
      @Arg(value = "New address", email = true) String emailAddress,
      EmailAddressOptions options);

  @Tool(name = "clerk_email_address_get", title = "Get email address", effect = READ)
  @Description("One email address of a user, by ID.")
  @Route("GET /email_addresses/{email_address_id}")
  JsonNode get(@Arg("idn_...") String emailAddressId);

  @Tool(
      name = "clerk_email_address_update",
      title = "Change email address",
      effect = UPDATE,
      openWorld = true)
  @Description("Mark an email address verified, or make it the primary one.")
  @Route("PATCH /email_addresses/{email_address_id}")
  @Notifies(when = "notify_primary_email_address_changed = true")
  @Risky(
      value = IDENTITY,
      when = {"verified", "primary"})
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode update(@Arg("idn_...") String emailAddressId, EmailAddressOptions options);

  @Tool(name = "clerk_email_address_delete", title = "Delete email address", effect = IRREVERSIBLE)
  @Description("Delete an email address for good; its user can no longer sign in with it.")
  @Route("DELETE /email_addresses/{email_address_id}")
  @Risky(IDENTITY)
  @Loses(value = CANNOT_SIGN_IN_WITH_IT, also = ONLY_EMAIL_ADDRESS)
  @UndoneBy(
      value = "POST /email_addresses",
      how = RECREATION,
      idIsKnown = false,
      without = "its verification and its links to other accounts.")
  JsonNode delete(@Arg("idn_...") String emailAddressId);

  @Tool(
      name = "clerk_email_address_verification_prepare",
      title = "Send email address code",
      effect = CREATE,
      openWorld = true)
  @Description("Email a one-time code. Check it with clerk_email_address_verification_attempt.")
  @Route("POST /email_addresses/{email_address_id}/prepare_verification")
  @Notifies
  @NotUndone(CODE_SENT)
  JsonNode prepareVerification(@Arg("idn_...") String emailAddressId);

  @Tool(
      name = "clerk_email_address_verification_attempt",
      title = "Check email address code",
      effect = CREATE)
  @Description(
      "Check an emailed code; its status tells the outcome. A correct code verifies the address.")
  @Route("POST /email_addresses/{email_address_id}/attempt_verification")
  @Risky(IDENTITY)
  @NotUndone(CHECKED)
  JsonNode attemptVerification(
      @Arg("idn_...") String emailAddressId,
      @Arg("ID from the prepare call") String verificationId,
      @Arg(value = "Code received", secret = true) String code);

  @Tool(
      name = "clerk_user_email_address_replace",
      title = "Replace user email addresses",
      effect = IRREVERSIBLE,
      openWorld = true)
  @Description(
      "Delete all of a user's email addresses but this new primary; unverified may lock out. To keep"
          + " others: clerk_user_change_email.")
  @Route("PUT /users/{user_id}/email_address")
  @Default(argument = "identification_status", value = "verified")
  @Notifies(when = "notify_primary_email_address_changed = true")
  @Risky(IDENTITY)
  @Loses(also = OTHER_EMAIL_ADDRESSES)
  @UndoneBy(value = "POST /email_addresses", how = PREVIOUS_CONTACTS)
  JsonNode replace(
      @Arg("user_...") String userId,
      @Arg(value = "New address", email = true) String emailAddress,
      @Arg("Default verified") @Nullable ReplacementStatus identificationStatus,
      @Arg("Email the old primary") @Nullable Boolean notifyPrimaryEmailAddressChanged);

  /** The options of an email address that can be set at creation and later. */
  record EmailAddressOptions(
      @Arg("Mark as verified") @Nullable Boolean verified,
      @Arg("Make it primary") @Nullable Boolean primary,
      @Arg("Email the old primary") @Nullable Boolean notifyPrimaryEmailAddressChanged) {}

  /** The status that an email address or phone number gets if it replaces all others of a user. */
  enum ReplacementStatus {
    @JsonProperty("verified")
    VERIFIED,
    @JsonProperty("reserved")
    RESERVED,
    @JsonProperty("unverified")
    UNVERIFIED
  }
}
