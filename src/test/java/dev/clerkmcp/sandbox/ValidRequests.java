package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.RequestBuilder.Value;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import java.util.Map;
import java.util.Set;

/**
 * Valid requests for every operation. Values that schemas do not describe are declared here; the
 * objects that requests need are in {@link FixtureRecipes}.
 */
final class ValidRequests {
  private static final RequestBuilder BUILDER = new RequestBuilder();
  private static final FixtureRecipes RECIPES = new FixtureRecipes(BUILDER);

  private static final String SINGLE = "Clerk takes only one of them";

  static {
    PathVariables.declare(BUILDER);
    users();
    organizations();
    sessions();
    instance();
    EnterpriseRequests.declare(BUILDER);
    machines();
    billing();
  }

  private ValidRequests() {}

  /** A request with the required fields only. */
  static OperationRequest minimal(ApiOperation operation, Fixtures fixtures) {
    return BUILDER.minimal(operation, fixtures);
  }

  /** The number of full requests of an operation: two if fields exclude each other, else one. */
  static int variants(ApiOperation operation) {
    return BUILDER.variants(operation);
  }

  /** A request with every property except those of the other variant. */
  static OperationRequest full(ApiOperation operation, Fixtures fixtures, int variant) {
    return BUILDER.full(operation, fixtures, variant);
  }

  /** A sandbox for one request, without fixtures yet. */
  static Fixtures fixtures(ApiOperation operation) {
    return new Fixtures(operation.route(), RECIPES::recipe);
  }

  private static void users() {
    String verify = "/{%s_id}/attempt_verification ";
    String email = "POST /email_addresses" + verify.formatted("email_address");
    String phone = "POST /phone_numbers" + verify.formatted("phone_number");
    BUILDER
        .fixture("user_id", "user")
        .fixture("user_ids", "user")
        .fixture("created_by", "user")
        .fixture("uploader_user_id", "user")
        .value("email_address", Value.unique("person%s@example.com"))
        .value("phone_number", Value.unique("+1202555%04d"))
        .value("username", Value.unique("person%s"))
        .value("web3_wallet", Value.unique("0x%040x"))
        .value("locale", Value.text("pt-BR"))
        .value("totp_secret", Value.text("JBSWY3DPEHPK3PXP"))
        .value("password", Value.text(FixtureRecipes.PASSWORD))
        .value("password_hasher", Value.text("md5"))
        .value("password_digest", Value.text("d41d8cd98f00b204e9800998ecf8427e"))
        .value("created_at", Value.text("2025-01-02T03:04:05Z"))
        .value("legal_accepted_at", Value.text("2025-01-02T03:04:05Z"))
        .value("code", Value.text(FixtureRecipes.CODE))
        .value("file", Value.text("the bytes of an image"))
        .needs("POST /users", "email_address", "a user needs something to be known by")
        .exclusive(
            "POST /users",
            Set.of("password"),
            Set.of("password_digest", "password_hasher"),
            Map.of(),
            SINGLE)
        .exclusive(
            "PATCH /users/{user_id}",
            Set.of("password"),
            Set.of("password_digest", "password_hasher"),
            Map.of(),
            SINGLE)
        .fixture("primary_email_address_id", "verified e-mail address")
        .fixture("primary_phone_number_id", "verified phone number")
        .fixture("primary_web3_wallet_id", "wallet")
        .needs("POST /users/{user_id}/profile_image", "file", "Clerk answers 400 without")
        .requires("DELETE /users/{user_id}/profile_image", "profile image")
        .fixture(email + "verification_id", "verification of an e-mail address")
        .fixture(phone + "verification_id", "verification of a phone number")
        .requires("GET /users", "user")
        .requires("GET /users/{user_id}/trusted_devices", "trusted device")
        .requires("GET /users/{user_id}/organization_memberships", "membership")
        .requires("GET /users/{user_id}/organization_invitations", "invitation of a user")
        .requires("GET /users/{user_id}/oauth_access_tokens/{provider}", "external account")
        .fixture("GET /users?starting_after", "user")
        .exclusive(
            "GET /users",
            Set.of("starting_after"),
            Operations.parameters("GET /users", "starting_after", "order_by", "limit"),
            Map.of(),
            "a cursor takes no offset, and must be one of the users that the filters leave");
  }

  private static void organizations() {
    String member = "/organizations/{organization_id}/memberships/{user_id}";
    BUILDER
        .fixture("organization_id", "organization")
        .fixture("org_id", "joined organization")
        .value("role", Value.text("org:member"))
        .value("slug", Value.unique("slug-%s"))
        .fixture("role_set_key", "role set key")
        .fixture("inviter_user_id", "admin")
        .fixture("requesting_user_id", "admin")
        .value("redirect_url", Value.text("https://app.example.com/after"))
        .value("?order_by", Value.text("-created_at"))
        .value("?verified", Value.text("true"))
        .fixture("PATCH " + member + " {user_id}", "member")
        .fixture("DELETE " + member + " {user_id}", "member")
        .fixture("PATCH " + member + "/metadata {user_id}", "member")
        .requires("GET /organization_memberships", "membership")
        .requires("GET /organization_invitations", "organization invitation")
        .requires(
            "GET /organizations/{organization_id}/invitations/pending", "organization invitation")
        .requires("GET /organization_domains", "organization domain")
        .requires("DELETE /organizations/{organization_id}/logo", "logo")
        .needs("POST /organizations/{organization_id}/domains", "name", "Clerk wants a name")
        .value(
            "POST /organizations/{organization_id}/domains name",
            Value.unique("organization%s.example"))
        .value("enrollment_mode", Value.text("automatic_invitation"))
        .value("POST /organization_roles key", Value.unique("org:reader%s"))
        .value("PATCH /organization_roles/{organization_role_id} key", Value.unique("org:reader%s"))
        .fixture("POST /organization_roles permissions", "permission")
        .fixture("PATCH /organization_roles/{organization_role_id} permissions", "permission")
        .value("POST /organization_permissions key", Value.unique("org:thing:read%s"))
        .value(
            "PATCH /organization_permissions/{permission_id} key", Value.unique("org:thing:read%s"))
        .requires(
            "DELETE /organization_roles/{organization_role_id}/permissions/{permission_id}",
            "permission of a role")
        .value("POST /role_sets key", Value.unique("role_set:set%s"))
        .value("PATCH /role_sets/{role_set_key_or_id} key", Value.unique("role_set:set%s"))
        .value("default_role_key", Value.text("org:member"))
        .value("creator_role_key", Value.text("org:admin"))
        .value("POST /role_sets roles", fixtures -> Json.array().add("org:admin").add("org:member"))
        .fixture("dest_role_set_key", "other role set key")
        .fixture("role_keys", "role key")
        .value("role_key", Value.text("org:member"))
        .fixture("to_role_key", "role key");
  }

  private static void sessions() {
    BUILDER
        .fixture("client_id", "client")
        .fixture("POST /clients/verify token", "session token")
        .requires("GET /clients", "session")
        .requires("GET /sessions", "session")
        .needs("GET /sessions", "user_id", "a user or a client must be named")
        .fixture("POST /sessions active_organization_id", "joined organization")
        .fixture("POST /sessions/{session_id}/refresh expired_token", "session token")
        .value("refresh_token", Value.text("sandbox_refresh_token_1"))
        .value("request_origin", Value.text("https://app.example.com"))
        .value("request_originating_ip", Value.text("192.0.2.1"))
        .fixture("actor.sub", "second user")
        .needs("POST /agents/tasks", "on_behalf_of.user_id", "the task needs a user")
        .exclusive(
            "POST /agents/tasks",
            Set.of("on_behalf_of.user_id"),
            Set.of("on_behalf_of.identifier"),
            Map.of(),
            SINGLE)
        .value("identifier", Value.unique("person%s@example.com"))
        .fixture("POST /agents/tasks on_behalf_of.identifier", "e-mail of a user")
        .value("POST /redirect_urls url", Value.unique("https://app%s.example.com/back"))
        .value("POST /jwt_templates signing_algorithm", Value.text("HS256"))
        .value("PATCH /jwt_templates/{template_id} signing_algorithm", Value.text("HS256"))
        .value("POST /jwt_templates name", Value.unique("template-%s"))
        .value("PATCH /jwt_templates/{template_id} name", Value.unique("template-%s"))
        .value("callback_url", Value.text("https://app.example.com/callback"))
        .value("redirect_uris", Value.text("https://app.example.com/callback"))
        .value("scopes", Value.text("profile email"))
        .value("?status", Value.text("pending"))
        .value("GET /sessions?status", Value.text("active"));
  }

  private static void instance() {
    BUILDER
        .value("home_url", Value.text("https://www.example.com"))
        .value("allowed_origins", Value.text("https://app.example.com"))
        .value("development_origin", Value.text("http://localhost:3000"))
        .value("support_email", Value.text("support@example.com"))
        .value("from_email_address", Value.text("noreply"))
        .value("from_email_name", Value.text("noreply"))
        .value("reply_to_email_name", Value.text("support"))
        .value("blocked_country_codes", Value.text("AQ"))
        .value("domains_enrollment_modes", Value.text("automatic_invitation"))
        .fixture("creator_role_id", "admin role")
        .fixture("domains_default_role_id", "role")
        .value("POST /domains name", Value.text("satellite.example"))
        .value("PATCH /domains/{domain_id} name", Value.text("satellite.example"))
        .value("proxy_url", Value.text("https://satellite.example/__clerk"))
        .needs("PUT /beta_features/domain", "home_url", "it is the one that is to change")
        .needs("POST /instance/change_domain", "home_url", "it is the one that is to change")
        .fixture("POST /proxy_checks domain_id", "domain")
        .needs("POST /proxy_checks", "domain_id", "there is nothing to check without")
        .needs("POST /proxy_checks", "proxy_url", "there is nothing to check without")
        .value("PUT /templates/{template_type}/{slug} body", Value.text("Come in: {{action_url}}"))
        .value(
            "POST /templates/{template_type}/{slug}/preview body",
            Value.text("Come in: {{action_url}}"))
        .requires("POST /templates/{template_type}/{slug}/revert", "changed template")
        .requires("DELETE /webhooks/svix", "svix app")
        .requires("POST /webhooks/svix_url", "svix app");
  }

  private static void machines() {
    BUILDER
        .fixture("scoped_machines", "other machine")
        .fixture("to_machine_id", "other machine")
        .value("POST /api_keys name", Value.unique("key %s"))
        .fixture("subject", "user")
        .fixture("GET /m2m_tokens?subject", "machine")
        .fixture("POST /api_keys/verify secret", "secret of an API key")
        .fixture("POST /m2m_tokens/verify token", "secret of an M2M token")
        .requires("POST /m2m_tokens", "machine")
        .fixture("POST /oauth_applications/access_tokens/verify access_token", "access token")
        .fixture("POST /oauth_applications/access_tokens/verify secret", "access token")
        .needs("POST /oauth_applications/access_tokens/verify", "access_token", "or secret")
        .exclusive(
            "POST /oauth_applications/access_tokens/verify",
            Set.of("access_token"),
            Set.of("secret"),
            Map.of(),
            SINGLE);
  }

  private static void billing() {
    String item = "POST /billing/subscription_items/{subscription_item_id}";
    BUILDER
        .fixture("plan_id", "plan")
        .fixture("from_price_id", "price of the free subscription item")
        .fixture("to_price_id", "price")
        .fixture(item + "/price_transition {subscription_item_id}", "free subscription item")
        .requires("GET /billing/subscription_items", "subscription item")
        .value("GET /billing/subscription_items?status", Value.text("active"))
        .requires("GET /billing/statements", "payment")
        .value("amount", fixtures -> IntNode.valueOf(500))
        .value("annual_monthly_amount", fixtures -> IntNode.valueOf(400))
        .value("currency", Value.text("USD"))
        .value("extend_to", Value.text("2026-07-01T00:00:00Z"));
  }
}
