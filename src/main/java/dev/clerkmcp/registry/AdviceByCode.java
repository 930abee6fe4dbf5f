package dev.clerkmcp.registry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says what to do about Clerk's errors whose status alone would give wrong advice: those that other
 * arguments, or the same call a little later, do not prevent.
 */
final class AdviceByCode {
  private static final Map<String, String> ADVICE = new HashMap<>();

  static {
    advise(
        "A connected account uses it: disconnect that first with"
            + " clerk_user_external_account_delete, then call again.",
        "delete_linked_identification_disallowed");
    advise(
        "Add another way to identify the user first, then call again.",
        "last_required_identification_deletion_failed");
    advise(
        "Raise max_allowed_memberships with clerk_organization_update (0 is no limit; pending"
            + " invitations count), or revoke invitations, then call again.",
        "organization_membership_quota_exceeded");
    advise(
        "Make another member an admin first, then call again.",
        "organization_minimum_permissions_needed");
    advise(
        "It is taken: give another value. clerk_user_find finds the user who has an address, a"
            + " number or a username.",
        "form_identifier_exists",
        "identification_claimed");
    advise(
        "The user is a member already; clerk_org_membership_update changes the role.",
        "already_a_member_in_organization");
    advise(
        "The user is not a member; clerk_org_memberships_list shows who is.",
        "not_a_member_in_organization");
    advise(
        "It exists already: use that one, or remove it first.",
        "duplicate_record",
        "organization_domain_already_exists_same_organization",
        "organization_invitation_not_unique",
        "organization_role_permission_association_exists",
        "svix_app_exists");
    advise(
        "It is so already, or has ended; there is nothing to repeat.",
        "actor_token_cannot_be_revoked_code",
        "agent_task_cannot_be_revoked",
        "commerce_subscription_item_already_canceled",
        "discount_already_applied",
        "invitation_already_accepted",
        "invitation_already_revoked",
        "organization_invitation_already_accepted",
        "organization_invitation_not_pending",
        "organization_invitation_revoked_code",
        "revoked_invitation",
        "sign_in_token_cannot_be_revoked_code",
        "subscription_already_ended",
        "subscription_item_no_longer_active",
        "verification_already_verified",
        "waitlist_entry_already_completed",
        "waitlist_entry_already_invited",
        "waitlist_entry_already_rejected");
    advise(
        "The instance does not have this feature, or has it switched off; other arguments do not"
            + " help.",
        "api_keys_not_enabled",
        "feature_not_enabled",
        "invitations_not_supported",
        "request_invalid_for_environment",
        "request_invalid_for_instance");
    advise(
        "It is switched off; clerk_instance_org_settings_update switches it on.",
        "organization_domains_not_enabled",
        "organization_not_enabled_in_instance",
        "organization_slugs_disabled");
    advise(
        "The limit of the instance is used up for this period; wait, or a person must raise it.",
        "dev_monthly_email_limit_exceeded",
        "dev_monthly_sms_limit_exceeded",
        "impersonation_limit_exceeded");
    advise(
        "The limit of the instance's plan is reached; remove what is not needed, or a person must"
            + " raise it.",
        "organization_domain_quota_exceeded",
        "organization_instance_role_sets_quota_exceeded",
        "organization_instance_roles_quota_exceeded",
        "organization_quota_exceeded",
        "quota_exceeded",
        "user_quota_exceeded");
    advise(
        "The role is in use: replace it where it is used first, then call again.",
        "organization_role_assigned_members",
        "organization_role_default_creator_role",
        "organization_role_domain_default_role",
        "organization_role_exists_in_invitations",
        "organization_role_on_set_assigned_to_user");
    advise(
        "The user has none set up, so there is nothing to check.",
        "no_password_set",
        "totp_disabled");
    advise(
        "Prepare a new verification first, then call again.",
        "verification_expired",
        "verification_failed",
        "verification_not_sent");
    advise("Create it first with clerk_webhook_svix_app_create.", "svix_app_missing");
    advise("The user is banned; clerk_user_unban ends that.", "user_banned");
    advise(
        "A directory of the user's company manages it; it can be changed only there.",
        "attribute_managed_by_scim",
        "organization_membership_managed_by_scim",
        "user_managed_by_scim");
  }

  private AdviceByCode() {}

  /** The advice for an error; null if the advice for its status is right. */
  static @Nullable String find(String code) {
    return ADVICE.get(code);
  }

  private static void advise(String advice, String... codes) {
    List.of(codes).forEach(code -> ADVICE.put(code, advice));
  }
}
