package dev.clerkmcp.interceptor.impact;

import java.util.Map;
import java.util.TreeMap;

/** What operations take away that needs no reading to be said, by route. */
final class LossSentences {
  private static final String LINK = "The link or token stops working";
  private static final String INVITATION = "The link in the invitation stops working";
  private static final String SIGN_IN = "Users who sign in through it lose that way to sign in";
  private static final String PUSH = "The identity provider can push no more users and groups";
  private static final String PUSH_KEY =
      "The identity provider can push nothing until it has the new key; the old one stops working";
  private static final String MAPPING = "Members of the group lose the role that it gives them";
  private static final String DOMAIN =
      "Everybody is signed out, and the application is down until DNS and keys are set";

  private static final Map<String, String> SENTENCES = new TreeMap<>();

  static {
    users();
    organizations();
    applications();
    instance();
  }

  private LossSentences() {}

  /** The sentence for a route; empty if there is none. */
  static String of(String route) {
    return SENTENCES.getOrDefault(route, "");
  }

  /** All of them, by route. */
  static Map<String, String> all() {
    return Map.copyOf(SENTENCES);
  }

  private static void users() {
    say("DELETE /users/{user_id}", "Profile, metadata and ways to sign in are gone for good");
    say("POST /users/{user_id}/ban", "Cannot sign in until unbanned");
    say("POST /users/ban", "Cannot sign in until unbanned");
    say("POST /users/{user_id}/lock", "Cannot sign in until the lock ends; open sessions go on");
    say("POST /users/{user_id}/remove_password", "The password is gone");
    say("POST /users/{user_id}/password/set_compromised", "The password must be changed");
    say("POST /users/{user_id}/verify_totp", "If the code is a backup code, it is used up");
    say("DELETE /users/{user_id}/totp", "The authenticator app is no second factor any more");
    say("DELETE /users/{user_id}/backup_code", "All backup codes stop working");
    say(
        "DELETE /users/{user_id}/passkeys/{passkey_identification_id}",
        "Sign-in with this passkey ends");
    say(
        "DELETE /users/{user_id}/web3_wallets/{web3_wallet_identification_id}",
        "Sign-in with this wallet ends");
    say(
        "DELETE /users/{user_id}/external_accounts/{external_account_id}",
        "Sign-in with this account ends");
    say(
        "DELETE /users/{user_id}/trusted_devices/{trusted_device_id}",
        "The device is no longer trusted; only the user can enrol it again");
    say("DELETE /email_addresses/{email_address_id}", "Its owner cannot sign in with it any more");
    say("DELETE /phone_numbers/{phone_number_id}", "Its owner cannot sign in with it any more");
    say("POST /sessions/{session_id}/revoke", "The user is signed out there");
    say("POST /sign_in_tokens/{sign_in_token_id}/revoke", LINK);
    say("POST /actor_tokens/{actor_token_id}/revoke", LINK);
    say("POST /agents/tasks/{agent_task_id}/revoke", LINK);
    say("POST /admin_portal_link_tokens/{admin_portal_link_token_id}/revoke", LINK);
    say("POST /invitations/{invitation_id}/revoke", INVITATION);
    say("POST /waitlist_entries/{waitlist_entry_id}/reject", "Is turned down");
    say("DELETE /waitlist_entries/{waitlist_entry_id}", "The place on the waitlist is lost");
  }

  private static void organizations() {
    String organization = "/organizations/{organization_id}";
    String role = "/organization_roles/{organization_role_id}";
    say("DELETE " + organization, "Profile, metadata and settings are gone for good");
    say(
        "DELETE " + organization + "/memberships/{user_id}",
        "The metadata of the membership is lost");
    say("POST " + organization + "/invitations/{invitation_id}/revoke", INVITATION);
    say(
        "DELETE " + organization + "/domains/{domain_id}",
        "People with such an email address can no longer join through it");
    say("DELETE " + role, "The role is gone; Clerk refuses while a member or invitation has it");
    say(
        "DELETE " + role + "/permissions/{permission_id}",
        "Members with the role lose the permission");
    say(
        "DELETE /organization_permissions/{permission_id}",
        "Roles lose the permission, and checks for it fail");
    say(
        "POST /role_sets/{role_set_key_or_id}/replace",
        "The role set is gone for good; its organizations get the other one");
    say(
        "POST /role_sets/{role_set_key_or_id}/roles/replace",
        "Members with the role get the other one; who had it is lost");
    say("DELETE /enterprise_connections/{enterprise_connection_id}", SIGN_IN);
    say("DELETE /saml_connections/{saml_connection_id}", SIGN_IN);
    for (String list :
        new String[] {"directories/{directory_id}", "scim_directories/{scim_directory_id}"}) {
      say("DELETE /" + list, PUSH);
      say("POST /" + list + "/rotate_api_key", PUSH_KEY);
      say("DELETE /" + list + "/group_role_mappings/{mapping_id}", MAPPING);
    }
    say(
        "DELETE /billing/subscription_items/{subscription_item_id}",
        "The plan ends with the paid period, or at once with end_now");
    say(
        "DELETE /billing/subscription_items/{subscription_item_id}/discounts/{discount_id}",
        "The discount ends");
  }

  private static void applications() {
    String application = "/oauth_applications/{oauth_application_id}";
    say("DELETE " + application, "Sign-in through it stops, and its tokens stop working");
    say("POST " + application + "/rotate_secret", "The old client secret stops working");
    say("POST " + application + "/revoke_token", "The token and all of its grant stop working");
    say("DELETE /machines/{machine_id}", "Its secret key and its tokens stop working");
    say(
        "POST /machines/{machine_id}/secret_key/rotate",
        "The old secret key stops working after previous_token_ttl");
    say(
        "DELETE /machines/{machine_id}/scopes/{other_machine_id}",
        "The one machine can no longer call the other");
    say("POST /m2m_tokens/{m2m_token_id}/revoke", "The token stops working");
    say("DELETE /api_keys/{api_key_id}", "The key stops working, and its record is gone");
    say("POST /api_keys/{api_key_id}/revoke", "The key stops working for good");
    say("DELETE /jwt_templates/{template_id}", "Applications that ask for its tokens break");
    say("DELETE /redirect_urls/{id}", "Native applications that use it cannot sign in any more");
  }

  private static void instance() {
    String template = "/templates/{template_type}/{slug}";
    say("DELETE /domains/{domain_id}", "Sign-in on this domain stops");
    say(
        "DELETE /allowlist_identifiers/{identifier_id}",
        "May no longer sign up while the allowlist is on");
    say("DELETE /blocklist_identifiers/{identifier_id}", "May sign up again");
    say("DELETE /webhooks/svix", "All webhook endpoints are gone, and none is called any more");
    say("POST /instance/change_domain", DOMAIN);
    say("PUT /beta_features/domain", DOMAIN);
    say("PUT " + template, "The present text is lost");
    say("POST " + template + "/revert", "Your own text is lost");
    say("POST " + template + "/toggle_delivery", "Where Clerk does not send, you must");
  }

  private static void say(String route, String sentence) {
    SENTENCES.put(route, sentence);
  }
}
