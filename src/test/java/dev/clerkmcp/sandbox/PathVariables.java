package dev.clerkmcp.sandbox;

import dev.clerkmcp.sandbox.RequestMaker.Value;

/** What the variables in the paths of Clerk's operations stand for. */
final class PathVariables {
  private PathVariables() {}

  /** Says what each of them holds. */
  static void tell(RequestMaker maker) {
    maker
        .thing("{actor_token_id}", "actor token")
        .thing("{adminPortalLinkTokenID}", "admin portal link token")
        .thing("{agent_task_id}", "agent task")
        .thing("{apiKeyID}", "API key")
        .thing("{client_id}", "client")
        .thing("{directory_id}", "directory")
        .thing("{discount_id}", "discount")
        .thing("{domain_id}", "organization domain")
        .thing("DELETE /domains/{domain_id} {domain_id}", "domain")
        .thing("PATCH /domains/{domain_id} {domain_id}", "domain")
        .thing("{email_address_id}", "e-mail address")
        .thing("{enterprise_connection_id}", "enterprise connection")
        .thing("{external_account_id}", "external account")
        .thing("GET /redirect_urls/{id} {id}", "redirect URL")
        .thing("DELETE /redirect_urls/{id} {id}", "redirect URL")
        .thing("GET /sign_ups/{id} {id}", "sign-up")
        .thing("PATCH /sign_ups/{id} {id}", "sign-up")
        .thing("DELETE /allowlist_identifiers/{identifier_id} {identifier_id}", "allowed")
        .thing("DELETE /blocklist_identifiers/{identifier_id} {identifier_id}", "blocked")
        .thing("{invitation_id}", "organization invitation")
        .thing("POST /invitations/{invitation_id}/revoke {invitation_id}", "invitation")
        .thing("{m2m_token_id}", "M2M token")
        .thing("{machine_id}", "machine")
        .thing("{other_machine_id}", "machine in scope")
        .thing("{oauth_application_id}", "OAuth application")
        .thing("{organization_id}", "organization")
        .thing("{organization_role_id}", "role")
        .thing("{passkey_identification_id}", "passkey")
        .thing("{permission_id}", "permission")
        .thing("{phone_number_id}", "phone number")
        .value("{provider}", Value.text("oauth_google"))
        .thing("{role_set_key_or_id}", "role set")
        .thing("{saml_connection_id}", "SAML connection")
        .thing("{scim_directory_id}", "SCIM directory")
        .thing("{session_id}", "session")
        .thing("{sign_in_token_id}", "sign-in token")
        .value("{slug}", Value.text("invitation"))
        .thing("{statementID}", "statement")
        .thing("{subscription_item_id}", "subscription item")
        .thing("{template_id}", "JWT template")
        .thing("{template_name}", "JWT template name")
        .value("{template_type}", Value.text("email"))
        .thing("{trusted_device_id}", "trusted device")
        .thing("{user_id}", "user")
        .thing("{waitlist_entry_id}", "waitlist entry")
        .thing("{web3_wallet_identification_id}", "wallet")
        .thing(
            "DELETE /scim_directories/{scim_directory_id}/group_role_mappings/{mapping_id}"
                + " {mapping_id}",
            "SCIM group role mapping")
        .thing(
            "DELETE /directories/{directory_id}/group_role_mappings/{mapping_id} {mapping_id}",
            "directory group role mapping");
  }
}
