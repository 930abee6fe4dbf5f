package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE_EACH_TIME;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.Effect.REVEAL;
import static dev.clerkmcp.registry.Effect.UPDATE;
import static dev.clerkmcp.registry.OperationFacts.Dependent.SECOND_FACTORS;
import static dev.clerkmcp.registry.OperationFacts.Dependent.SESSIONS_IF_ASKED;
import static dev.clerkmcp.registry.OperationFacts.Risk.CREDENTIAL;
import static dev.clerkmcp.registry.OperationFacts.Risk.IDENTITY;
import static dev.clerkmcp.tools.FactTexts.STAYS_KNOWN;
import static dev.clerkmcp.tools.FactTexts.USER_CONNECTS_IT;
import static dev.clerkmcp.tools.FactTexts.USER_SETS_IT_UP;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Notifies;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.Sets;
import dev.clerkmcp.registry.OperationFacts.TakesAway;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PageRequest;
import org.jspecify.annotations.Nullable;

/**
 * Clerk's endpoints for the credentials of users: passwords, second factors, passkeys, connected
 * accounts.
 */
@ToolGroup(
    id = "user_security",
    description =
        "User security: passwords, second factors, passkeys, wallets, connected accounts, devices")
public interface UserSecurityTools {

  @Tool(name = "clerk_user_password_verify", title = "Verify user password", effect = REVEAL)
  @Description("Check a user's password; a wrong one is an error.")
  @Route("POST /users/{user_id}/verify_password")
  @Risky(CREDENTIAL)
  @NotUndone(STAYS_KNOWN)
  JsonNode verifyPassword(
      @Arg("user_...") String userId,
      @Arg(value = "Password to check", secret = true) String password);

  @Tool(name = "clerk_user_password_remove", title = "Remove user password", effect = IRREVERSIBLE)
  @Description("Remove a user's password for good, even if no other way to sign in is left.")
  @Route("POST /users/{user_id}/remove_password")
  @Risky(CREDENTIAL)
  @TakesAway
  @Sets("password_enabled = false")
  @Loses(value = "The password is gone", also = SESSIONS_IF_ASKED)
  @NotUndone("Clerk never returns a password, so the previous one cannot be set again.")
  @Secret("phone_numbers[].backup_codes")
  JsonNode removePassword(
      @Arg("user_...") String userId,
      @Arg("End all sessions") @Nullable Boolean signOutOfOtherSessions);

  @Tool(
      name = "clerk_user_password_compromised_set",
      title = "Mark user password compromised",
      effect = DESTROY)
  @Description("Make a user choose a new password at the next sign-in.")
  @Route("POST /users/{user_id}/password/set_compromised")
  @Risky(CREDENTIAL)
  @TakesAway
  @Sets("password_compromised = true")
  @Loses(value = "The password must be changed", also = SESSIONS_IF_ASKED)
  @UndoneBy("POST /users/{user_id}/password/unset_compromised")
  @Secret("phone_numbers[].backup_codes")
  JsonNode setPasswordCompromised(
      @Arg("user_...") String userId, @Arg("End all sessions") @Nullable Boolean revokeAllSessions);

  @Tool(
      name = "clerk_user_password_compromised_unset",
      title = "Clear compromised password mark",
      effect = UPDATE)
  @Description("Take back clerk_user_password_compromised_set.")
  @Route("POST /users/{user_id}/password/unset_compromised")
  @Risky(CREDENTIAL)
  @Sets("password_compromised = false")
  @UndoneBy("POST /users/{user_id}/password/set_compromised")
  @Secret("phone_numbers[].backup_codes")
  JsonNode unsetPasswordCompromised(@Arg("user_...") String userId);

  @Tool(
      name = "clerk_user_totp_verify",
      title = "Verify user second factor code",
      effect = IRREVERSIBLE_EACH_TIME)
  @Description("Check a user's TOTP or backup code. A backup code is used up by it.")
  @Route("POST /users/{user_id}/verify_totp")
  @Risky(CREDENTIAL)
  @Loses("If the code is a backup code, it is used up")
  @NotUndone("A code that was checked is used up.")
  JsonNode verifyTotp(
      @Arg("user_...") String userId,
      @Arg(value = "TOTP or backup code", secret = true) String code);

  @Tool(
      name = "clerk_user_mfa_disable",
      title = "Disable user second factors",
      effect = IRREVERSIBLE)
  @Description("Remove all second factors of a user: SMS, TOTP and backup codes.")
  @Route("DELETE /users/{user_id}/mfa")
  @Risky(IDENTITY)
  @Sets({"backup_code_enabled = false", "totp_enabled = false", "two_factor_enabled = false"})
  @Loses(also = SECOND_FACTORS)
  @NotUndone(USER_SETS_IT_UP)
  JsonNode disableMfa(@Arg("user_...") String userId);

  @Tool(
      name = "clerk_user_totp_delete",
      title = "Delete user authenticator app",
      effect = IRREVERSIBLE)
  @Description("Remove a user's authenticator app only. All factors: clerk_user_mfa_disable.")
  @Route("DELETE /users/{user_id}/totp")
  @Risky(IDENTITY)
  @Sets("totp_enabled = false")
  @Loses("The authenticator app can no longer be used as second factor")
  @NotUndone(USER_SETS_IT_UP)
  JsonNode deleteTotp(@Arg("user_...") String userId);

  @Tool(
      name = "clerk_user_backup_code_delete",
      title = "Delete user backup codes",
      effect = IRREVERSIBLE)
  @Description("Delete all of a user's backup codes.")
  @Route("DELETE /users/{user_id}/backup_code")
  @Risky(IDENTITY)
  @Sets("backup_code_enabled = false")
  @Loses("All backup codes stop working")
  @NotUndone(USER_SETS_IT_UP)
  JsonNode deleteBackupCodes(@Arg("user_...") String userId);

  @Tool(
      name = "clerk_user_passkey_delete",
      title = "Delete user passkey",
      effect = IRREVERSIBLE,
      openWorld = true)
  @Description("Delete a user's passkey for good; Clerk notifies the user by email.")
  @Route("DELETE /users/{user_id}/passkeys/{passkey_identification_id}")
  @Notifies
  @Risky(IDENTITY)
  @Loses("Sign-in with this passkey ends")
  @NotUndone(USER_SETS_IT_UP)
  JsonNode deletePasskey(
      @Arg("user_...") String userId, @Arg("idn_...") String passkeyIdentificationId);

  @Tool(name = "clerk_user_web3_wallet_delete", title = "Delete user wallet", effect = IRREVERSIBLE)
  @Description("Remove a web3 wallet from a user; its owner must verify it again.")
  @Route("DELETE /users/{user_id}/web3_wallets/{web3_wallet_identification_id}")
  @Risky(IDENTITY)
  @Loses("Sign-in with this wallet ends")
  @NotUndone(USER_CONNECTS_IT)
  JsonNode deleteWeb3Wallet(
      @Arg("user_...") String userId, @Arg("idn_...") String web3WalletIdentificationId);

  @Tool(
      name = "clerk_user_external_account_delete",
      title = "Disconnect user account",
      effect = IRREVERSIBLE)
  @Description("Disconnect a social account, such as Google, from a user.")
  @Route("DELETE /users/{user_id}/external_accounts/{external_account_id}")
  @Risky(IDENTITY)
  @Loses("Sign-in with this account ends")
  @NotUndone(USER_CONNECTS_IT)
  JsonNode deleteExternalAccount(
      @Arg("user_...") String userId, @Arg("eac_...") String externalAccountId);

  @Tool(
      name = "clerk_user_trusted_devices_list",
      title = "List user trusted devices",
      effect = READ)
  @Description("List the active trusted devices of a user.")
  @Route("GET /users/{user_id}/trusted_devices")
  ListPage listTrustedDevices(@Arg("user_...") String userId);

  @Tool(
      name = "clerk_user_trusted_device_revoke",
      title = "Revoke user trusted device",
      effect = IRREVERSIBLE)
  @Description("Stop trusting a user's device; only the user can enrol it again.")
  @Route("DELETE /users/{user_id}/trusted_devices/{trusted_device_id}")
  @Loses("The device is no longer trusted; only the user can enrol it again")
  @NotUndone(USER_SETS_IT_UP)
  JsonNode revokeTrustedDevice(
      @Arg("user_...") String userId, @Arg("Device ID") String trustedDeviceId);

  @Tool(
      name = "clerk_user_oauth_access_tokens_list",
      title = "List user access tokens",
      effect = REVEAL,
      openWorld = true)
  @Description("Get a user's tokens for an OAuth provider: credentials. Refreshes expired ones.")
  @Route("GET /users/{user_id}/oauth_access_tokens/{provider}?paginated=true")
  @Risky(CREDENTIAL)
  @NotUndone(STAYS_KNOWN)
  @Secret(
      value = {"data[].id_token", "data[].token", "data[].token_secret"},
      kept = true)
  ListPage listOauthAccessTokens(
      @Arg("user_...") String userId, @Arg("E.g. oauth_google") String provider, PageRequest page);
}
