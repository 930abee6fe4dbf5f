package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.Effect.UPDATE;
import static dev.clerkmcp.registry.OperationFacts.Dependent.EVERYTHING_OF_USER;
import static dev.clerkmcp.registry.OperationFacts.Dependent.IMAGE;
import static dev.clerkmcp.registry.OperationFacts.Dependent.METADATA_KEYS;
import static dev.clerkmcp.registry.OperationFacts.Dependent.SESSIONS;
import static dev.clerkmcp.registry.OperationFacts.Dependent.SESSIONS_IF_ASKED;
import static dev.clerkmcp.registry.OperationFacts.Risk.CREDENTIAL;
import static dev.clerkmcp.registry.OperationFacts.Risk.IDENTITY;
import static dev.clerkmcp.registry.OperationFacts.Risk.PRIVILEGE;
import static dev.clerkmcp.registry.OperationFacts.Risk.SIGN_OUT;
import static dev.clerkmcp.registry.OperationFacts.RiskCheck.SENSITIVE_METADATA;
import static dev.clerkmcp.registry.OperationFacts.RiskCheck.SEVERAL_CONTACTS;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.FIRST_IMAGE_REMOVAL;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_VALUES;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL_WITH_CONTENTS;
import static dev.clerkmcp.tools.FactTexts.CANNOT_SIGN_IN;
import static dev.clerkmcp.tools.FactTexts.IMAGE_DELETED;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.InternalEndpoint;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Default;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Notifies;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.Sets;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.View;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.Image;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.registry.argument.PartialUpdate;
import dev.clerkmcp.registry.argument.Time;
import dev.clerkmcp.tools.InvitationTools.InvitationStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for users. */
@ToolGroup(
    id = "users",
    description =
        "Users: find, create, change, ban, lock and delete them, their metadata and image")
// ClerkUser.Flag explains the flags.
@View(
    of = "user",
    row = {
      "id",
      "name = first_name + last_name",
      "email = email_addresses[primary_email_address_id].email_address",
      "phone = phone_numbers[primary_phone_number_id].phone_number",
      "username",
      "external_id",
      "organization_role",
      "created_at as day",
      "last_sign_in_at as day unless created_at",
      "last_active_at as day unless last_sign_in_at"
    },
    also = "role = organization_role",
    more = {
      "email_addresses",
      "phone_numbers",
      "web3_wallets",
      "external_accounts",
      "enterprise_accounts",
      "saml_accounts",
      "passkeys",
      "lockout_expires_in_seconds",
      "password_last_updated_at",
      "mfa_enabled_at",
      "legal_accepted_at",
      "updated_at",
      "public_metadata",
      "private_metadata",
      "unsafe_metadata"
    })
@View(
    of = "external_account",
    row = {
      "id",
      "provider",
      "email_address",
      "username",
      "phone_number",
      "status = verification.status"
    })
// Its id is that of an identification; the ID of the account is what deletes it.
@View(
    of = "google_account",
    row = {"external_account_id", "provider", "email_address", "status = verification.status"})
@View(
    of = "facebook_account",
    row = {"external_account_id", "provider", "email_address", "status = verification.status"})
@View(
    of = "enterprise_account",
    row = {
      "id",
      "provider",
      "email_address",
      "active",
      "enterprise_connection_id",
      "last_authenticated_at",
      "status = verification.status"
    })
@View(
    of = "saml_account",
    row = {
      "id",
      "provider",
      "email_address",
      "active",
      "connection_id = saml_connection.id",
      "last_authenticated_at",
      "status = verification.status"
    })
@View(
    of = "passkey",
    row = {"id", "name", "last_used_at"})
@View(
    of = "web3_wallet",
    row = {"id", "web3_wallet", "status = verification.status"})
public interface UserTools {

  @InternalEndpoint(value = READ, readBy = "clerk_users_list")
  @Route("GET /users")
  @Secret("[].phone_numbers[].backup_codes")
  ListPage list(PartialUpdate<UserFilter> filter, PageRequest page, UserOrder order);

  @Tool(name = "clerk_users_count", title = "Count users", effect = READ)
  @Description("Count the users that match all filters; clerk_users_list counts by where.")
  @Route(value = "GET /users/count", number = "total_count")
  JsonNode count(PartialUpdate<UserFilter> filter);

  @Tool(
      name = "clerk_user_get",
      title = "Get user",
      effect = READ,
      core = true,
      aliases = {"clerk_get_user", "get_auth_user_details"})
  @Description("One user in full, by ID.")
  @Route("GET /users/{user_id}")
  @Secret("phone_numbers[].backup_codes")
  JsonNode get(@Arg("user_...") String userId);

  @Tool(
      name = "clerk_user_create",
      title = "Create user",
      effect = CREATE,
      core = true,
      aliases = "clerk_create_user")
  @Description(
      "Create a user; nothing is sent. To invite: clerk_invitation_create. More arguments, e.g. for"
          + " imports: clerk_tools_search.")
  @Route("POST /users")
  @Default(
      argument = "email_address_identification_status",
      value = "verified",
      with = "email_address")
  @Default(
      argument = "phone_number_identification_status",
      value = "verified",
      with = "phone_number")
  @Risky(
      value = CREDENTIAL,
      when = {
        "password",
        "password_digest",
        "totp_secret",
        "backup_codes",
        "skip_password_checks = true",
        "bypass_client_trust = true"
      })
  @Risky(value = PRIVILEGE, check = SENSITIVE_METADATA)
  @Risky(
      value = PRIVILEGE,
      when = {
        "create_organization_enabled = true",
        "create_organizations_limit",
        "delete_self_enabled = true"
      })
  @Risky(value = IDENTITY, check = SEVERAL_CONTACTS)
  @Risky(value = IDENTITY, when = "external_id")
  @UndoneBy(value = "DELETE /users/{user_id}", how = REMOVAL_WITH_CONTENTS)
  @Secret("phone_numbers[].backup_codes")
  JsonNode create(
      @Arg(value = "First is primary", email = true) @Nullable List<String> emailAddress,
      @Arg(value = "One per email", rare = true)
          @Nullable List<IdentificationStatus> emailAddressIdentificationStatus,
      @Arg("E.164; first is primary") @Nullable List<String> phoneNumber,
      @Arg(value = "One per phone", rare = true)
          @Nullable List<IdentificationStatus> phoneNumberIdentificationStatus,
      @Arg(value = "First is primary", rare = true) @Nullable List<String> web3Wallet,
      UserProfile profile,
      UserMetadata metadata,
      @Arg(value = "Allow no password", rare = true) @Nullable Boolean skipPasswordRequirement,
      @Arg(value = "Allow none", rare = true) @Nullable Boolean skipUserRequirement,
      @Arg("Create banned") @Nullable Boolean banned,
      @Arg(value = "Create locked", rare = true) @Nullable Boolean locked);

  @InternalEndpoint(UPDATE)
  @Route("PATCH /users/{user_id}")
  @Notifies(
      when = "notify_primary_email_address_changed = true",
      perhapsWith = {"password", "password_digest"})
  @Risky(
      value = CREDENTIAL,
      when = {
        "password",
        "password_digest",
        "totp_secret",
        "backup_codes",
        "skip_password_checks = true",
        "bypass_client_trust = true"
      })
  @Risky(
      value = IDENTITY,
      when = {
        "external_id",
        "username",
        "primary_email_address_id",
        "primary_phone_number_id",
        "primary_web3_wallet_id"
      })
  @Risky(
      value = PRIVILEGE,
      when = {
        "create_organization_enabled = true",
        "create_organizations_limit",
        "delete_self_enabled = true"
      })
  @Risky(value = SIGN_OUT, when = "sign_out_of_other_sessions = true")
  @Loses(also = SESSIONS_IF_ASKED)
  @UndoneBy(how = PREVIOUS_VALUES)
  @Secret("phone_numbers[].backup_codes")
  JsonNode update(
      @Arg("user_...") String userId,
      PartialUpdate<UserProfile> profile,
      PartialUpdate<UserPrimaries> primaries);

  @Tool(
      name = "clerk_user_delete",
      title = "Delete user",
      effect = IRREVERSIBLE,
      core = true,
      aliases = "clerk_delete_user")
  @Description(
      "Delete a user for good, with sessions and memberships. To block a user reversibly: clerk_user_ban.")
  @Route("DELETE /users/{user_id}")
  @Loses(
      value = "Profile, metadata and ways to sign in are gone for good",
      also = EVERYTHING_OF_USER)
  @UndoneBy(
      value = "POST /users",
      how = RECREATION,
      contents = "organization_memberships",
      without =
          "sessions, password, second factors, passkeys, connected accounts and image, which were"
              + " deleted with the user, and since when the user belonged to each organization.")
  JsonNode delete(@Arg("user_...") String userId);

  @Tool(
      name = "clerk_user_ban",
      title = "Ban user",
      effect = DESTROY,
      core = true,
      searchHint = "suspend, block, deactivate account")
  @Description("Ban a user: ends all sessions, refuses sign-in until clerk_user_unban.")
  @Route("POST /users/{user_id}/ban")
  @Risky(SIGN_OUT)
  @Sets("banned = true")
  @Loses(value = CANNOT_SIGN_IN, also = SESSIONS)
  @UndoneBy("POST /users/{user_id}/unban")
  @Secret("phone_numbers[].backup_codes")
  JsonNode ban(@Arg("user_...") String userId);

  @Tool(name = "clerk_user_unban", title = "Unban user", effect = UPDATE, core = true)
  @Description("Let a banned user sign in again.")
  @Route("POST /users/{user_id}/unban")
  @Risky(PRIVILEGE)
  @Sets("banned = false")
  @UndoneBy("POST /users/{user_id}/ban")
  @Secret("phone_numbers[].backup_codes")
  JsonNode unban(@Arg("user_...") String userId);

  @Tool(name = "clerk_user_ban_bulk", title = "Ban users", effect = DESTROY)
  @Description("Ban up to 50 users and end all their sessions.")
  @Route("POST /users/ban")
  @Risky(SIGN_OUT)
  @Sets("banned = true")
  @Loses(value = CANNOT_SIGN_IN, also = SESSIONS)
  @UndoneBy("POST /users/unban")
  @Secret("[].phone_numbers[].backup_codes")
  JsonNode banBulk(@Arg(value = "User IDs (user_...)", min = 1, max = 50) List<String> userIds);

  @Tool(name = "clerk_user_unban_bulk", title = "Unban users", effect = UPDATE)
  @Description("Let up to 50 banned users sign in again.")
  @Route("POST /users/unban")
  @Risky(PRIVILEGE)
  @Sets("banned = false")
  @UndoneBy("POST /users/ban")
  @Secret("[].phone_numbers[].backup_codes")
  JsonNode unbanBulk(@Arg(value = "User IDs (user_...)", min = 1, max = 50) List<String> userIds);

  @Tool(name = "clerk_user_lock", title = "Lock user", effect = DESTROY)
  @Description("Refuse a user's sign-ins for the lockout time; open sessions stay.")
  @Route("POST /users/{user_id}/lock")
  @Sets("locked = true")
  @Loses("Cannot sign in until the lock ends; open sessions stay")
  @UndoneBy("POST /users/{user_id}/unlock")
  @Secret("phone_numbers[].backup_codes")
  JsonNode lock(@Arg("user_...") String userId);

  @Tool(
      name = "clerk_user_unlock",
      title = "Unlock user",
      effect = UPDATE,
      core = true,
      searchHint = "locked out")
  @Description("Lift a lock, e.g. after failed sign-ins.")
  @Route("POST /users/{user_id}/unlock")
  @Sets("locked = false")
  @UndoneBy("POST /users/{user_id}/lock")
  @Secret("phone_numbers[].backup_codes")
  JsonNode unlock(@Arg("user_...") String userId);

  @Tool(name = "clerk_user_metadata_update", title = "Merge user metadata", effect = UPDATE)
  @Description("Merge into a user's metadata, deeply; null deletes a key.")
  @Route("PATCH /users/{user_id}/metadata")
  @Risky(value = PRIVILEGE, check = SENSITIVE_METADATA)
  @UndoneBy(
      how = PREVIOUS_VALUES,
      merges = {"public_metadata", "private_metadata", "unsafe_metadata"})
  @Secret("phone_numbers[].backup_codes")
  JsonNode mergeMetadata(@Arg("user_...") String userId, PartialUpdate<UserMetadata> metadata);

  @Tool(
      name = "clerk_user_metadata_replace",
      title = "Replace user metadata",
      effect = IRREVERSIBLE)
  @Description("Overwrite each metadata object given; its other keys are lost.")
  @Route("PUT /users/{user_id}/metadata")
  @Risky(value = PRIVILEGE, check = SENSITIVE_METADATA)
  @Loses(also = METADATA_KEYS)
  @UndoneBy(how = PREVIOUS_VALUES)
  @Secret("phone_numbers[].backup_codes")
  JsonNode replaceMetadata(@Arg("user_...") String userId, PartialUpdate<UserMetadata> metadata);

  @Tool(name = "clerk_user_image_upload", title = "Upload user image", effect = DESTROY)
  @Description("Replace a user's image with a local file.")
  @Route("POST /users/{user_id}/profile_image")
  @Sets("has_image = true")
  @Loses(also = IMAGE)
  @UndoneBy(value = "DELETE /users/{user_id}/profile_image", how = FIRST_IMAGE_REMOVAL)
  @Secret("phone_numbers[].backup_codes")
  JsonNode uploadImage(
      @Arg("user_...") String userId,
      @Image @Arg("Local path: JPEG, PNG, GIF or WebP, 10 MB") String file);

  @Tool(name = "clerk_user_image_delete", title = "Delete user image", effect = DESTROY)
  @Description("Remove a user's profile image.")
  @Route("DELETE /users/{user_id}/profile_image")
  @Sets("has_image = false")
  @Loses(also = IMAGE)
  @NotUndone(IMAGE_DELETED)
  @Secret("phone_numbers[].backup_codes")
  JsonNode deleteImage(@Arg("user_...") String userId);

  @Tool(name = "clerk_user_memberships_list", title = "List user memberships", effect = READ)
  @Description("List a user's organizations and roles.")
  @Route("GET /users/{user_id}/organization_memberships")
  ListPage listMemberships(@Arg("user_...") String userId, PageRequest page);

  @Tool(name = "clerk_user_org_invitations_list", title = "List user invitations", effect = READ)
  @Description("List organization invitations to a user.")
  @Route("GET /users/{user_id}/organization_invitations")
  @Secret("data[].url")
  ListPage listOrganizationInvitations(
      @Arg("user_...") String userId,
      @Arg("Default: any") @Nullable InvitationStatus status,
      PageRequest page);

  /** The status that a new email address or phone number gets. */
  enum IdentificationStatus {
    @JsonProperty("verified")
    VERIFIED,
    @JsonProperty("reserved")
    RESERVED
  }

  /** The filter of users to list or count; all conditions must hold. */
  record UserFilter(
      @Arg(value = "Exact", max = 100) @Nullable List<String> emailAddress,
      @Arg(value = "Exact, E.164", max = 100) @Nullable List<String> phoneNumber,
      @Arg(value = "Exact; prefix - excludes", max = 100) @Nullable List<String> externalId,
      @Arg(value = "Exact", max = 100) @Nullable List<String> username,
      @Arg(value = "Exact", max = 100, rare = true) @Nullable List<String> web3Wallet,
      @Arg(value = "user_...; prefix - excludes", max = 100) @Nullable List<String> userId,
      @Arg(value = "Member of org_...; prefix - excludes", max = 100)
          @Nullable List<String> organizationId,
      @Arg("Part of any identifier, ID or name") @Nullable String query,
      @Arg("Partial match") @Nullable String emailAddressQuery,
      @Arg(value = "Partial match", rare = true) @Nullable String phoneNumberQuery,
      @Arg(value = "Partial match", rare = true) @Nullable String usernameQuery,
      @Arg("Part of first or last name") @Nullable String nameQuery,
      @Arg("Banned or not") @Nullable Boolean banned,
      @Time @Arg("Time, exclusive") @Nullable Long lastActiveAtBefore,
      @Time @Arg("Time, exclusive") @Nullable Long lastActiveAtAfter,
      @Time @Arg("Time, exclusive") @Nullable Long createdAtBefore,
      @Time @Arg("Time, exclusive") @Nullable Long createdAtAfter,
      @Time @Arg("Time, exclusive") @Nullable Long lastSignInAtBefore,
      @Time @Arg("Time, exclusive") @Nullable Long lastSignInAtAfter,
      @Arg(value = "E.g. oauth_google", rare = true) @Nullable String provider,
      @Arg(value = "IDs there; needs provider", max = 100, rare = true)
          @Nullable List<String> providerUserId) {}

  /** The metadata of a user: three JSON objects of any content. */
  record UserMetadata(
      @Arg("Frontend reads, 8 KB") @Nullable ObjectNode publicMetadata,
      @Arg("Backend only, 8 KB") @Nullable ObjectNode privateMetadata,
      @Arg("User writes, 8 KB") @Nullable ObjectNode unsafeMetadata) {}

  /**
   * The primary identifiers and the profile image of a user, and whether to notify the user of the
   * change.
   */
  record UserPrimaries(
      @Arg(value = "idn_...", clearable = true) @Nullable String primaryEmailAddressId,
      @Arg("Email the old address") @Nullable Boolean notifyPrimaryEmailAddressChanged,
      @Arg(value = "idn_...", clearable = true, rare = true) @Nullable String primaryPhoneNumberId,
      @Arg(value = "idn_...", clearable = true, rare = true) @Nullable String primaryWeb3WalletId,
      @Arg(value = "img_...", clearable = true, rare = true) @Nullable String profileImageId,
      @Arg("On a new password") @Nullable Boolean signOutOfOtherSessions) {}

  /** The fields of a user that can be set at creation and later. */
  record UserProfile(
      @Arg(value = "Your own ID", clearable = true) @Nullable String externalId,
      @Arg(value = "First name", clearable = true) @Nullable String firstName,
      @Arg(value = "Last name", clearable = true) @Nullable String lastName,
      @Arg(value = "E.g. en-US", clearable = true) @Nullable String locale,
      @Arg(value = "E.g. Asia/Tokyo", rare = true) @Nullable String timezone,
      @Arg(value = "Unique", clearable = true) @Nullable String username,
      @Arg(value = "8+ characters", secret = true) @Nullable String password,
      @Arg(value = "Instead of password", secret = true, rare = true)
          @Nullable String passwordDigest,
      @Arg(value = "E.g. bcrypt", rare = true) @Nullable String passwordHasher,
      @Arg(value = "Allow weak passwords", rare = true) @Nullable Boolean skipPasswordChecks,
      @Arg(value = "Base32", secret = true, rare = true) @Nullable String totpSecret,
      @Arg(value = "Plain or bcrypt", min = 1, secret = true, rare = true)
          @Nullable List<String> backupCodes,
      @Arg(value = "Allow it", rare = true) @Nullable Boolean deleteSelfEnabled,
      @Arg(value = "Allow it", rare = true) @Nullable Boolean createOrganizationEnabled,
      @Arg(value = "0 is no limit", clearable = true, rare = true)
          @Nullable Integer createOrganizationsLimit,
      @Time @Arg(value = "Time", clearable = true, rare = true) @Nullable String legalAcceptedAt,
      @Arg(value = "Skip legal consent", rare = true) @Nullable Boolean skipLegalChecks,
      @Time @Arg(value = "Time", clearable = true, rare = true) @Nullable String createdAt,
      @Arg(value = "Skip device trust", rare = true) @Nullable Boolean bypassClientTrust) {}

  /** The order of a list of users, and the user after which it begins. */
  record UserOrder(
      @Arg("Last user ID of the page before") @Nullable String startingAfter,
      @Arg("E.g. last_sign_in_at, -created_at") @Nullable String orderBy) {
    public static final UserOrder NEWEST_FIRST = new UserOrder(null, null);

    private static final String CURSOR = "starting_after";

    /** Newest first, from the position of {@link #next} on; empty starts with the newest. */
    public static UserOrder from(ObjectNode next) {
      return new UserOrder(next.path(CURSOR).asText(null), null);
    }

    /**
     * The position after the last of some users. A cursor is cheaper for Clerk than an offset, and
     * skips no row if the list changes, but Clerk supports it only in the order of creation.
     */
    public static ObjectNode next(ArrayNode users) {
      return Json.object().put(CURSOR, users.path(users.size() - 1).path("id").asText());
    }
  }
}
