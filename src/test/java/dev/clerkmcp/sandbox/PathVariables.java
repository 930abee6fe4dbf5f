package dev.clerkmcp.sandbox;

import dev.clerkmcp.sandbox.RequestBuilder.Value;

/** Declares the values of the path variables in Clerk's operations. */
final class PathVariables {
  private PathVariables() {}

  /** Declares each variable. */
  static void declare(RequestBuilder builder) {
    builder
        .fixture("{actor_token_id}", "actor token")
        .fixture("{adminPortalLinkTokenID}", "admin portal link token")
        .fixture("{agent_task_id}", "agent task")
        .fixture("{apiKeyID}", "API key")
        .fixture("{client_id}", "client")
        .fixture("{directory_id}", "directory")
        .fixture("{discount_id}", "discount")
        .fixture("{domain_id}", "organization domain")
        .fixture("DELETE /domains/{domain_id} {domain_id}", "domain")
        .fixture("PATCH /domains/{domain_id} {domain_id}", "domain")
        .fixture("{email_address_id}", "e-mail address")
        .fixture("{enterprise_connection_id}", "enterprise connection")
        .fixture("{external_account_id}", "external account")
        .fixture("GET /redirect_urls/{id} {id}", "redirect URL")
        .fixture("DELETE /redirect_urls/{id} {id}", "redirect URL")
        .fixture("GET /sign_ups/{id} {id}", "sign-up")
        .fixture("PATCH /sign_ups/{id} {id}", "sign-up")
        .fixture("DELETE /allowlist_identifiers/{identifier_id} {identifier_id}", "allowed")
        .fixture("DELETE /blocklist_identifiers/{identifier_id} {identifier_id}", "blocked")
        .fixture("{invitation_id}", "organization invitation")
        .fixture("DELETE /invitations/{invitation_id} {invitation_id}", "invitation")
        .fixture("POST /invitations/{invitation_id}/revoke {invitation_id}", "invitation")
        .fixture("{m2m_token_id}", "M2M token")
        .fixture("{machine_id}", "machine")
        .fixture("{other_machine_id}", "machine in scope")
        .fixture("{oauth_application_id}", "OAuth application")
        .fixture("{organization_id}", "organization")
        .fixture("{organization_role_id}", "role")
        .fixture("{passkey_identification_id}", "passkey")
        .fixture("{permission_id}", "permission")
        .fixture("{phone_number_id}", "phone number")
        .value("{provider}", Value.text("oauth_google"))
        .fixture("{role_set_key_or_id}", "role set")
        .fixture("{saml_connection_id}", "SAML connection")
        .fixture("{scim_directory_id}", "SCIM directory")
        .fixture("{session_id}", "session")
        .fixture("{sign_in_token_id}", "sign-in token")
        .value("{slug}", Value.text("invitation"))
        .fixture("{statementID}", "statement")
        .fixture("{subscription_item_id}", "subscription item")
        .fixture("{template_id}", "JWT template")
        .fixture("{template_name}", "JWT template name")
        .value("{template_type}", Value.text("email"))
        .fixture("{trusted_device_id}", "trusted device")
        .fixture("{user_id}", "user")
        .fixture("{waitlist_entry_id}", "waitlist entry")
        .fixture("{web3_wallet_identification_id}", "wallet")
        .fixture(
            "DELETE /scim_directories/{scim_directory_id}/group_role_mappings/{mapping_id}"
                + " {mapping_id}",
            "SCIM group role mapping")
        .fixture(
            "DELETE /directories/{directory_id}/group_role_mappings/{mapping_id} {mapping_id}",
            "directory group role mapping");
  }
}
