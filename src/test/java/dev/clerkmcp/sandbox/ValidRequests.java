package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.RequestMaker.Value;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import java.util.Map;
import java.util.Set;

/**
 * Valid requests for every operation. What the schemas do not say stands here and, as to what must
 * be there before, in {@link Things}.
 */
final class ValidRequests {
  private static final RequestMaker MAKER = new RequestMaker();
  private static final Things THINGS = new Things(MAKER);

  private static final String SINGLE = "Clerk takes only one of them";

  static {
    PathVariables.tell(MAKER);
    people();
    organizations();
    signInAndOut();
    instance();
    EnterpriseRequests.tell(MAKER);
    machines();
    billing();
  }

  private ValidRequests() {}

  /** Required fields only. */
  static Ask minimal(ApiOperation operation, Scene scene) {
    return MAKER.minimal(operation, scene);
  }

  /** How many full requests an operation has: one, or two where fields exclude others. */
  static int variants(ApiOperation operation) {
    return MAKER.variants(operation);
  }

  /** Every property, but for those of the other variant. */
  static Ask full(ApiOperation operation, Scene scene, int variant) {
    return MAKER.full(operation, scene, variant);
  }

  /** A scene for a request, in which nothing is yet. */
  static Scene scene(ApiOperation operation) {
    return new Scene(operation.route(), THINGS::recipe);
  }

  private static void people() {
    String verify = "/{%s_id}/attempt_verification ";
    String email = "POST /email_addresses" + verify.formatted("email_address");
    String phone = "POST /phone_numbers" + verify.formatted("phone_number");
    MAKER
        .thing("user_id", "user")
        .thing("user_ids", "user")
        .thing("created_by", "user")
        .thing("uploader_user_id", "user")
        .value("email_address", Value.fresh("person%s@example.com"))
        .value("phone_number", Value.fresh("+1202555%04d"))
        .value("username", Value.fresh("person%s"))
        .value("web3_wallet", Value.fresh("0x%040x"))
        .value("password", Value.text(Things.PASSWORD))
        .value("password_hasher", Value.text("md5"))
        .value("password_digest", Value.text("d41d8cd98f00b204e9800998ecf8427e"))
        .value("created_at", Value.text("2025-01-02T03:04:05Z"))
        .value("legal_accepted_at", Value.text("2025-01-02T03:04:05Z"))
        .value("code", Value.text(Things.CODE))
        .value("file", Value.text("the bytes of an image"))
        .needs("POST /users", "email_address", "a user needs something to be known by")
        .either(
            "POST /users",
            Set.of("password"),
            Set.of("password_digest", "password_hasher"),
            Map.of(),
            SINGLE)
        .either(
            "PATCH /users/{user_id}",
            Set.of("password"),
            Set.of("password_digest", "password_hasher"),
            Map.of(),
            SINGLE)
        .thing("primary_email_address_id", "verified e-mail address")
        .thing("primary_phone_number_id", "verified phone number")
        .thing("primary_web3_wallet_id", "wallet")
        .needs("POST /users/{user_id}/profile_image", "file", "Clerk answers 400 without")
        .first("DELETE /users/{user_id}/profile_image", "profile image")
        .thing(email + "verification_id", "verification of an e-mail address")
        .thing(phone + "verification_id", "verification of a phone number")
        .first("GET /users", "user")
        .first("GET /users/{user_id}/trusted_devices", "trusted device")
        .first("GET /users/{user_id}/organization_memberships", "membership")
        .first("GET /users/{user_id}/organization_invitations", "invitation of a user")
        .first("GET /users/{user_id}/oauth_access_tokens/{provider}", "external account")
        .thing("GET /users?starting_after", "user")
        .either(
            "GET /users",
            Set.of("starting_after"),
            Operations.parameters("GET /users", "starting_after", "order_by", "limit"),
            Map.of(),
            "a cursor takes no offset, and must be one of the users that the filters leave");
  }

  private static void organizations() {
    String member = "/organizations/{organization_id}/memberships/{user_id}";
    MAKER
        .thing("organization_id", "organization")
        .thing("org_id", "joined organization")
        .value("role", Value.text("org:member"))
        .value("slug", Value.fresh("slug-%s"))
        .thing("role_set_key", "role set key")
        .thing("inviter_user_id", "admin")
        .thing("requesting_user_id", "admin")
        .value("redirect_url", Value.text("https://app.example.com/after"))
        .value("?order_by", Value.text("-created_at"))
        .value("?verified", Value.text("true"))
        .thing("PATCH " + member + " {user_id}", "member")
        .thing("DELETE " + member + " {user_id}", "member")
        .thing("PATCH " + member + "/metadata {user_id}", "member")
        .first("GET /organization_memberships", "membership")
        .first("GET /organization_invitations", "organization invitation")
        .first(
            "GET /organizations/{organization_id}/invitations/pending", "organization invitation")
        .first("GET /organization_domains", "organization domain")
        .first("DELETE /organizations/{organization_id}/logo", "logo")
        .needs("POST /organizations/{organization_id}/domains", "name", "Clerk wants a name")
        .value(
            "POST /organizations/{organization_id}/domains name",
            Value.fresh("organization%s.example"))
        .value("enrollment_mode", Value.text("automatic_invitation"))
        .value("POST /organization_roles key", Value.fresh("org:reader%s"))
        .value("PATCH /organization_roles/{organization_role_id} key", Value.fresh("org:reader%s"))
        .thing("POST /organization_roles permissions", "permission")
        .thing("PATCH /organization_roles/{organization_role_id} permissions", "permission")
        .value("POST /organization_permissions key", Value.fresh("org:thing:read%s"))
        .value(
            "PATCH /organization_permissions/{permission_id} key", Value.fresh("org:thing:read%s"))
        .first(
            "DELETE /organization_roles/{organization_role_id}/permissions/{permission_id}",
            "permission of a role")
        .value("POST /role_sets key", Value.fresh("role_set:set%s"))
        .value("PATCH /role_sets/{role_set_key_or_id} key", Value.fresh("role_set:set%s"))
        .value("default_role_key", Value.text("org:member"))
        .value("creator_role_key", Value.text("org:admin"))
        .value("POST /role_sets roles", scene -> Json.array().add("org:admin").add("org:member"))
        .thing("dest_role_set_key", "other role set key")
        .thing("role_keys", "role key")
        .value("role_key", Value.text("org:member"))
        .thing("to_role_key", "role key");
  }

  private static void signInAndOut() {
    MAKER
        .thing("client_id", "client")
        .thing("POST /clients/verify token", "session token")
        .first("GET /clients", "session")
        .first("GET /sessions", "session")
        .needs("GET /sessions", "user_id", "a user or a client must be named")
        .thing("POST /sessions active_organization_id", "joined organization")
        .thing("POST /sessions/{session_id}/refresh expired_token", "session token")
        .value("refresh_token", Value.text("sandbox_refresh_token_1"))
        .value("request_origin", Value.text("https://app.example.com"))
        .value("request_originating_ip", Value.text("192.0.2.1"))
        .thing("actor.sub", "second user")
        .needs("POST /agents/tasks", "on_behalf_of.user_id", "it is on behalf of somebody")
        .either(
            "POST /agents/tasks",
            Set.of("on_behalf_of.user_id"),
            Set.of("on_behalf_of.identifier"),
            Map.of(),
            SINGLE)
        .value("identifier", Value.fresh("person%s@example.com"))
        .thing("POST /agents/tasks on_behalf_of.identifier", "e-mail of a user")
        .value("POST /redirect_urls url", Value.fresh("https://app%s.example.com/back"))
        .value("POST /jwt_templates signing_algorithm", Value.text("HS256"))
        .value("PATCH /jwt_templates/{template_id} signing_algorithm", Value.text("HS256"))
        .value("POST /jwt_templates name", Value.fresh("template-%s"))
        .value("PATCH /jwt_templates/{template_id} name", Value.fresh("template-%s"))
        .value("callback_url", Value.text("https://app.example.com/callback"))
        .value("redirect_uris", Value.text("https://app.example.com/callback"))
        .value("scopes", Value.text("profile email"))
        .value("?status", Value.text("pending"))
        .value("GET /sessions?status", Value.text("active"));
  }

  private static void instance() {
    MAKER
        .value("home_url", Value.text("https://www.example.com"))
        .value("allowed_origins", Value.text("https://app.example.com"))
        .value("development_origin", Value.text("http://localhost:3000"))
        .value("support_email", Value.text("support@example.com"))
        .value("from_email_address", Value.text("noreply"))
        .value("from_email_name", Value.text("noreply"))
        .value("reply_to_email_name", Value.text("support"))
        .value("blocked_country_codes", Value.text("AQ"))
        .value("domains_enrollment_modes", Value.text("automatic_invitation"))
        .thing("creator_role_id", "admin role")
        .thing("domains_default_role_id", "role")
        .value("POST /domains name", Value.text("satellite.example"))
        .value("PATCH /domains/{domain_id} name", Value.text("satellite.example"))
        .value("proxy_url", Value.text("https://satellite.example/__clerk"))
        .needs("PUT /beta_features/domain", "home_url", "it is the one that is to change")
        .needs("POST /instance/change_domain", "home_url", "it is the one that is to change")
        .thing("POST /proxy_checks domain_id", "domain")
        .needs("POST /proxy_checks", "domain_id", "there is nothing to check without")
        .needs("POST /proxy_checks", "proxy_url", "there is nothing to check without")
        .value("PUT /templates/{template_type}/{slug} body", Value.text("Come in: {{action_url}}"))
        .value(
            "POST /templates/{template_type}/{slug}/preview body",
            Value.text("Come in: {{action_url}}"))
        .first("POST /templates/{template_type}/{slug}/revert", "changed template")
        .first("DELETE /webhooks/svix", "svix app")
        .first("POST /webhooks/svix_url", "svix app");
  }

  private static void machines() {
    MAKER
        .thing("scoped_machines", "other machine")
        .thing("to_machine_id", "other machine")
        .value("POST /api_keys name", Value.fresh("key %s"))
        .thing("subject", "user")
        .thing("GET /m2m_tokens?subject", "machine")
        .thing("POST /api_keys/verify secret", "secret of an API key")
        .thing("POST /m2m_tokens/verify token", "secret of an M2M token")
        .first("POST /m2m_tokens", "machine")
        .needs("POST /oauth_applications/access_tokens/verify", "access_token", "or secret")
        .either(
            "POST /oauth_applications/access_tokens/verify",
            Set.of("access_token"),
            Set.of("secret"),
            Map.of(),
            SINGLE);
  }

  private static void billing() {
    String item = "POST /billing/subscription_items/{subscription_item_id}";
    MAKER
        .thing("plan_id", "plan")
        .thing("from_price_id", "price of the free subscription item")
        .thing("to_price_id", "price")
        .thing(item + "/price_transition {subscription_item_id}", "free subscription item")
        .first("GET /billing/subscription_items", "subscription item")
        .value("GET /billing/subscription_items?status", Value.text("active"))
        .first("GET /billing/statements", "payment")
        .value("amount", scene -> IntNode.valueOf(500))
        .value("annual_monthly_amount", scene -> IntNode.valueOf(400))
        .value("currency", Value.text("USD"))
        .value("extend_to", Value.text("2026-07-01T00:00:00Z"));
  }
}
