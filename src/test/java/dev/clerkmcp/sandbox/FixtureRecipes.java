package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.clerkmcp.sandbox.Fixtures.Recipe;
import dev.clerkmcp.sandbox.RequestBuilder.Value;
import dev.clerkmcp.sandbox.openapi.ApiContract;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How to create each fixture: by a request or, where only end users create it, in the store. */
final class FixtureRecipes {
  static final String PASSWORD = "a passphrase of 7 words, for tests";

  /** Clerk's test code, which the sandbox accepts for every address and authenticator. */
  static final String CODE = "424242";

  private static final ApiContract CONTRACT = SandboxCalls.CONTRACT;

  private final RequestBuilder builder;
  private final Map<String, Recipe> recipes = new HashMap<>();

  FixtureRecipes(RequestBuilder builder) {
    this.builder = builder;
    users();
    organizations();
    sessions();
    instance();
    enterprise();
    machines();
    billing();
    recipes.putAll(StoredFixtureRecipes.RECIPES);
  }

  /** The recipe of a fixture by its name. */
  Recipe recipe(String fixture) {
    Recipe recipe = recipes.get(fixture);
    if (recipe == null) {
      throw new AssertionError("FixtureRecipes has no recipe for: " + fixture);
    }
    return recipe;
  }

  private void users() {
    Map<String, Value> all = new HashMap<>();
    all.put("password", Value.text(PASSWORD));
    all.put("backup_codes", Value.text("one backup code"));
    all.put("totp_secret", Value.text("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"));
    all.put("phone_number", Value.unique("+1202555%04d"));
    all.put("username", Value.unique("person%s"));
    all.put("web3_wallet", Value.unique("0x%040x"));
    Map<String, Value> verified = Map.of("verified", fixtures -> BooleanNode.TRUE);
    created("user", "POST /users", "/id", all);
    created("second user", "POST /users", "/id");
    created("third user", "POST /users", "/id");
    created("e-mail of a user", "GET /users/{user_id}", "/email_addresses/0/email_address");
    created("wallet", "GET /users/{user_id}", "/web3_wallets/0/id");
    created("profile image", "POST /users/{user_id}/profile_image", "/id");
    created("e-mail address", "POST /email_addresses", "/id");
    created("verified e-mail address", "POST /email_addresses", "/id", verified);
    created(
        "verification of an e-mail address",
        "POST /email_addresses/{email_address_id}/prepare_verification",
        "/id");
    created("phone number", "POST /phone_numbers", "/id");
    created("verified phone number", "POST /phone_numbers", "/id", verified);
    created(
        "verification of a phone number",
        "POST /phone_numbers/{phone_number_id}/prepare_verification",
        "/id");
  }

  private void organizations() {
    String memberships = "POST /organizations/{organization_id}/memberships";
    String invitations = "POST /organizations/{organization_id}/invitations";
    created("organization", "POST /organizations", "/id");
    created("logo", "PUT /organizations/{organization_id}/logo", "/id");
    created("membership", memberships, "/id");
    recipes.put(
        "joined organization",
        fixtures -> {
          fixtures.id("membership");
          return fixtures.id("organization");
        });
    created(
        "member",
        memberships,
        "/public_user_data/user_id",
        Map.of("user_id", Value.idOf("second user")));
    created(
        "admin",
        memberships,
        "/public_user_data/user_id",
        Map.of("user_id", Value.idOf("third user"), "role", Value.text("org:admin")));
    created("organization invitation", invitations, "/id");
    created(
        "invitation of a user",
        invitations,
        "/id",
        Map.of("email_address", Value.idOf("e-mail of a user")));
    created("organization domain", "POST /organizations/{organization_id}/domains", "/id");
    created("role", "POST /organization_roles", "/id");
    created("role key", "POST /organization_roles", "/key");
    created(
        "admin role",
        "GET /organization_roles",
        "/data/0/id",
        Map.of("query", Value.text("org:admin")));
    created("permission", "POST /organization_permissions", "/id");
    created(
        "permission of a role",
        "POST /organization_roles/{organization_role_id}/permissions/{permission_id}",
        "/id");
    created("role set", "POST /role_sets", "/id");
    created("role set key", "POST /role_sets", "/key");
    created("other role set key", "POST /role_sets", "/key");
  }

  private void sessions() {
    created("session", "POST /sessions", "/id");
    created("client", "GET /sessions/{session_id}", "/client_id");
    created("session token", "POST /sessions/{session_id}/tokens", "/jwt");
    created("sign-in token", "POST /sign_in_tokens", "/id");
    created("actor token", "POST /actor_tokens", "/id");
    created("agent task", "POST /agents/tasks", "/agent_task_id");
    created("invitation", "POST /invitations", "/id");
    created("waitlist entry", "POST /waitlist_entries", "/id");
    created("allowed", "POST /allowlist_identifiers", "/id");
    created("blocked", "POST /blocklist_identifiers", "/id");
    created("redirect URL", "POST /redirect_urls", "/id");
    created("JWT template", "POST /jwt_templates", "/id");
    created("JWT template name", "POST /jwt_templates", "/name");
    created("OAuth application", "POST /oauth_applications", "/id");
  }

  private void instance() {
    created("domain", "POST /domains", "/id");
    created(
        "changed template",
        "PUT /templates/{template_type}/{slug}",
        "/slug",
        Map.of("body", Value.text("Come in at once: {{action_url}}")));
    created("svix app", "POST /webhooks/svix", "/svix_url");
  }

  private void enterprise() {
    created("SAML connection", "POST /saml_connections", "/id");
    created("enterprise connection", "POST /enterprise_connections", "/id");
    created(
        "test run", "POST /enterprise_connections/{enterprise_connection_id}/test_runs", "/url");
    created("SCIM directory", "POST /scim_directories", "/id");
    created("directory", "POST /directories", "/id");
    Map<String, Value> withMappings =
        Map.of("group_role_mapping_enabled", fixtures -> BooleanNode.TRUE);
    String scim = "PATCH /scim_directories/{scim_directory_id}";
    created("SCIM directory with mappings", scim, "/id", withMappings);
    created("directory with mappings", "PATCH /directories/{directory_id}", "/id", withMappings);
    created(
        "SCIM group role mapping",
        "POST /scim_directories/{scim_directory_id}/group_role_mappings",
        "/id",
        Map.of(),
        "SCIM directory with mappings");
    created(
        "directory group role mapping",
        "POST /directories/{directory_id}/group_role_mappings",
        "/id",
        Map.of(),
        "directory with mappings");
    created("admin portal link token", "POST /admin_portal_link_tokens", "/id");
  }

  private void machines() {
    created("machine", "POST /machines", "/id");
    created("other machine", "POST /machines", "/id");
    created("machine in scope", "POST /machines/{machine_id}/scopes", "/to_machine_id");
    created("API key", "POST /api_keys", "/id");
    created("secret of an API key", "POST /api_keys", "/secret");
    created("M2M token", "POST /m2m_tokens", "/id", Map.of(), "machine");
    created("secret of an M2M token", "POST /m2m_tokens", "/token", Map.of(), "machine");
  }

  private void billing() {
    String items = "GET /billing/subscription_items";
    Map<String, Value> ofUsers = Map.of("payer_type", Value.text("user"));
    Map<String, Value> free =
        Map.of("payer_type", Value.text("user"), "include_free", fixtures -> BooleanNode.TRUE);
    created("plan", "GET /billing/plans", "/data/0/id", ofUsers);
    created("price", "POST /billing/prices", "/id");
    created("free subscription item", items, "/data/0/id", free, "user");
    created("price of the free subscription item", items, "/data/0/price_id", free, "user");
    created(
        "subscription item",
        "POST /billing/subscription_items/{subscription_item_id}/price_transition",
        "/subscription_item/id");
    created(
        "dearer price",
        "POST /billing/prices",
        "/id",
        Map.of("amount", fixtures -> IntNode.valueOf(900)));
    created(
        "credits",
        "POST /users/{user_id}/billing/credits",
        "/id",
        Map.of("amount", fixtures -> IntNode.valueOf(9000)));
    // The first change ends the trial, so that the second one has a fee.
    created(
        "payment",
        "POST /billing/subscription_items/{subscription_item_id}/price_transition",
        "/subscription_item/id",
        Map.of(
            "{subscription_item_id}", Value.idOf("subscription item"),
            "from_price_id", Value.idOf("price"),
            "to_price_id", Value.idOf("dearer price")),
        "credits");
    created("statement", "GET /billing/statements", "/data/0/id", Map.of(), "payment");
  }

  private void created(String fixture, String route, String pointer) {
    created(fixture, route, pointer, Map.of());
  }

  /**
   * A fixture that an operation creates.
   *
   * @param pointer where the response has its id
   * @param more values of the request besides the required ones
   * @param first fixtures that must be created before
   */
  private void created(
      String fixture, String route, String pointer, Map<String, Value> more, String... first) {
    recipes.put(
        fixture,
        fixtures -> {
          List.of(first).forEach(fixtures::id);
          JsonNode answer = fixtures.ok(builder.minimal(CONTRACT.operation(route), fixtures, more));
          JsonNode name = answer.at(pointer);
          if (!name.isTextual()) {
            throw new AssertionError("%s answered no %s: %s".formatted(route, pointer, answer));
          }
          return name.asText();
        });
  }
}
