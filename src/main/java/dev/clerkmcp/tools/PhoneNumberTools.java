package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.Effect.UPDATE;
import static dev.clerkmcp.registry.OperationFacts.Dependent.ONLY_PHONE_NUMBER;
import static dev.clerkmcp.registry.OperationFacts.Dependent.OTHER_PHONE_NUMBERS;
import static dev.clerkmcp.registry.OperationFacts.Risk.IDENTITY;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_CONTACTS;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_VALUES;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL;
import static dev.clerkmcp.tools.FactTexts.CANNOT_SIGN_IN_WITH_IT;
import static dev.clerkmcp.tools.FactTexts.CHECKED;
import static dev.clerkmcp.tools.FactTexts.CODE_SENT;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.OperationFacts.Default;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Notifies;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.View;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.tools.EmailAddressTools.ReplacementStatus;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for the phone numbers of users. */
@ToolGroup(id = "identifiers")
@View(
    of = "phone_number",
    row = {"id", "phone_number", "status = verification.status"},
    flags = {"reserved", "second_factor = reserved_for_second_factor", "default_second_factor"})
public interface PhoneNumberTools {

  @Tool(name = "clerk_phone_number_create", title = "Add user phone number", effect = CREATE)
  @Description("Add a phone number to a user. Sends no code.")
  @Route("POST /phone_numbers")
  @Risky(IDENTITY)
  @UndoneBy(value = "DELETE /phone_numbers/{phone_number_id}", how = REMOVAL)
  @Secret("backup_codes")
  JsonNode create(
      @Arg("user_...") String userId, @Arg("E.164") String phoneNumber, PhoneNumberOptions options);

  @Tool(name = "clerk_phone_number_get", title = "Get phone number", effect = READ)
  @Description("One phone number of a user, by ID.")
  @Route("GET /phone_numbers/{phone_number_id}")
  @Secret("backup_codes")
  JsonNode get(@Arg("idn_...") String phoneNumberId);

  @Tool(name = "clerk_phone_number_update", title = "Change phone number", effect = UPDATE)
  @Description("Mark a phone number verified, or make it primary or a second factor.")
  @Route("PATCH /phone_numbers/{phone_number_id}")
  @Risky(
      value = IDENTITY,
      when = {"verified", "primary", "reserved_for_second_factor"})
  @UndoneBy(how = PREVIOUS_VALUES)
  @Secret("backup_codes")
  JsonNode update(@Arg("idn_...") String phoneNumberId, PhoneNumberOptions options);

  @Tool(name = "clerk_phone_number_delete", title = "Delete phone number", effect = IRREVERSIBLE)
  @Description("Delete a phone number for good; its user can no longer sign in with it.")
  @Route("DELETE /phone_numbers/{phone_number_id}")
  @Risky(IDENTITY)
  @Loses(value = CANNOT_SIGN_IN_WITH_IT, also = ONLY_PHONE_NUMBER)
  @UndoneBy(
      value = "POST /phone_numbers",
      how = RECREATION,
      idIsKnown = false,
      without = "its verification and its use as a second factor.")
  JsonNode delete(@Arg("idn_...") String phoneNumberId);

  @Tool(
      name = "clerk_phone_number_verification_prepare",
      title = "Send phone number code",
      effect = CREATE,
      openWorld = true)
  @Description("Text a one-time code. Check it with clerk_phone_number_verification_attempt.")
  @Route("POST /phone_numbers/{phone_number_id}/prepare_verification")
  @Notifies
  @NotUndone(CODE_SENT)
  JsonNode prepareVerification(@Arg("idn_...") String phoneNumberId);

  @Tool(
      name = "clerk_phone_number_verification_attempt",
      title = "Check phone number code",
      effect = CREATE)
  @Description(
      "Check a texted code; its status tells the outcome. A correct code verifies the number.")
  @Route("POST /phone_numbers/{phone_number_id}/attempt_verification")
  @Risky(IDENTITY)
  @NotUndone(CHECKED)
  JsonNode attemptVerification(
      @Arg("idn_...") String phoneNumberId,
      @Arg("ID from the prepare call") String verificationId,
      @Arg(value = "Code received", secret = true) String code);

  @Tool(
      name = "clerk_user_phone_number_replace",
      title = "Replace user phone numbers",
      effect = IRREVERSIBLE)
  @Description(
      "Delete all of a user's phone numbers but this new primary; SMS as second factor ends. Unverified may lock out.")
  @Route("PUT /users/{user_id}/phone_number")
  @Default(argument = "identification_status", value = "verified")
  @Risky(IDENTITY)
  @Loses(also = OTHER_PHONE_NUMBERS)
  @UndoneBy(value = "POST /phone_numbers", how = PREVIOUS_CONTACTS)
  @Secret("backup_codes")
  JsonNode replace(
      @Arg("user_...") String userId,
      @Arg("E.164") String phoneNumber,
      @Arg("Default verified") @Nullable ReplacementStatus identificationStatus);

  /** The options of a phone number that can be set at creation and later. */
  record PhoneNumberOptions(
      @Arg("Mark as verified") @Nullable Boolean verified,
      @Arg("Make it primary") @Nullable Boolean primary,
      @Arg("Second factor; must be verified") @Nullable Boolean reservedForSecondFactor) {}
}
