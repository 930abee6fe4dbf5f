package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.clerkmcp.sandbox.RequestMaker.Value;
import dev.clerkmcp.sandbox.Scene.Recipe;
import dev.clerkmcp.sandbox.openapi.ApiContract;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How to make what a request needs: by another request, or, what people bring, by hand. */
final class Things {
  static final String PASSWORD = "a passphrase of 7 words, for tests";

  /** Clerk's test code, which the sandbox takes for every address and authenticator. */
  static final String CODE = "424242";

  private static final ApiContract CONTRACT = SandboxCalls.CONTRACT;

  private final RequestMaker maker;
  private final Map<String, Recipe> recipes = new HashMap<>();

  Things(RequestMaker maker) {
    this.maker = maker;
    people();
    organizations();
    signInAndOut();
    instance();
    enterprise();
    machines();
    billing();
    recipes.putAll(ThingsByHand.RECIPES);
  }

  /** How to make a thing. */
  Recipe recipe(String thing) {
    Recipe recipe = recipes.get(thing);
    if (recipe == null) {
      throw new AssertionError("Things has no recipe for: " + thing);
    }
    return recipe;
  }

  private void people() {
    Map<String, Value> all = new HashMap<>();
    all.put("password", Value.text(PASSWORD));
    all.put("backup_codes", Value.text("one backup code"));
    all.put("totp_secret", Value.text("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"));
    all.put("phone_number", Value.fresh("+1202555%04d"));
    all.put("username", Value.fresh("person%s"));
    all.put("web3_wallet", Value.fresh("0x%040x"));
    Map<String, Value> verified = Map.of("verified", scene -> BooleanNode.TRUE);
    made("user", "POST /users", "/id", all);
    made("second user", "POST /users", "/id");
    made("third user", "POST /users", "/id");
    made("e-mail of a user", "GET /users/{user_id}", "/email_addresses/0/email_address");
    made("wallet", "GET /users/{user_id}", "/web3_wallets/0/id");
    made("profile image", "POST /users/{user_id}/profile_image", "/id");
    made("e-mail address", "POST /email_addresses", "/id");
    made("verified e-mail address", "POST /email_addresses", "/id", verified);
    made(
        "verification of an e-mail address",
        "POST /email_addresses/{email_address_id}/prepare_verification",
        "/id");
    made("phone number", "POST /phone_numbers", "/id");
    made("verified phone number", "POST /phone_numbers", "/id", verified);
    made(
        "verification of a phone number",
        "POST /phone_numbers/{phone_number_id}/prepare_verification",
        "/id");
  }

  private void organizations() {
    String memberships = "POST /organizations/{organization_id}/memberships";
    String invitations = "POST /organizations/{organization_id}/invitations";
    made("organization", "POST /organizations", "/id");
    made("logo", "PUT /organizations/{organization_id}/logo", "/id");
    made("membership", memberships, "/id");
    recipes.put(
        "joined organization",
        scene -> {
          scene.id("membership");
          return scene.id("organization");
        });
    made(
        "member",
        memberships,
        "/public_user_data/user_id",
        Map.of("user_id", Value.idOf("second user")));
    made(
        "admin",
        memberships,
        "/public_user_data/user_id",
        Map.of("user_id", Value.idOf("third user"), "role", Value.text("org:admin")));
    made("organization invitation", invitations, "/id");
    made(
        "invitation of a user",
        invitations,
        "/id",
        Map.of("email_address", Value.idOf("e-mail of a user")));
    made("organization domain", "POST /organizations/{organization_id}/domains", "/id");
    made("role", "POST /organization_roles", "/id");
    made("role key", "POST /organization_roles", "/key");
    made(
        "admin role",
        "GET /organization_roles",
        "/data/0/id",
        Map.of("query", Value.text("org:admin")));
    made("permission", "POST /organization_permissions", "/id");
    made(
        "permission of a role",
        "POST /organization_roles/{organization_role_id}/permissions/{permission_id}",
        "/id");
    made("role set", "POST /role_sets", "/id");
    made("role set key", "POST /role_sets", "/key");
    made("other role set key", "POST /role_sets", "/key");
  }

  private void signInAndOut() {
    made("session", "POST /sessions", "/id");
    made("client", "GET /sessions/{session_id}", "/client_id");
    made("session token", "POST /sessions/{session_id}/tokens", "/jwt");
    made("sign-in token", "POST /sign_in_tokens", "/id");
    made("actor token", "POST /actor_tokens", "/id");
    made("agent task", "POST /agents/tasks", "/agent_task_id");
    made("invitation", "POST /invitations", "/id");
    made("waitlist entry", "POST /waitlist_entries", "/id");
    made("allowed", "POST /allowlist_identifiers", "/id");
    made("blocked", "POST /blocklist_identifiers", "/id");
    made("redirect URL", "POST /redirect_urls", "/id");
    made("JWT template", "POST /jwt_templates", "/id");
    made("JWT template name", "POST /jwt_templates", "/name");
    made("OAuth application", "POST /oauth_applications", "/id");
  }

  private void instance() {
    made("domain", "POST /domains", "/id");
    made(
        "changed template",
        "PUT /templates/{template_type}/{slug}",
        "/slug",
        Map.of("body", Value.text("Come in at once: {{action_url}}")));
    made("svix app", "POST /webhooks/svix", "/svix_url");
  }

  private void enterprise() {
    made("SAML connection", "POST /saml_connections", "/id");
    made("enterprise connection", "POST /enterprise_connections", "/id");
    made("test run", "POST /enterprise_connections/{enterprise_connection_id}/test_runs", "/url");
    made("SCIM directory", "POST /scim_directories", "/id");
    made("directory", "POST /directories", "/id");
    Map<String, Value> withMappings =
        Map.of("group_role_mapping_enabled", scene -> BooleanNode.TRUE);
    String scim = "PATCH /scim_directories/{scim_directory_id}";
    made("SCIM directory with mappings", scim, "/id", withMappings);
    made("directory with mappings", "PATCH /directories/{directory_id}", "/id", withMappings);
    made(
        "SCIM group role mapping",
        "POST /scim_directories/{scim_directory_id}/group_role_mappings",
        "/id",
        Map.of(),
        "SCIM directory with mappings");
    made(
        "directory group role mapping",
        "POST /directories/{directory_id}/group_role_mappings",
        "/id",
        Map.of(),
        "directory with mappings");
    made("admin portal link token", "POST /admin_portal_link_tokens", "/id");
  }

  private void machines() {
    made("machine", "POST /machines", "/id");
    made("other machine", "POST /machines", "/id");
    made("machine in scope", "POST /machines/{machine_id}/scopes", "/to_machine_id");
    made("API key", "POST /api_keys", "/id");
    made("secret of an API key", "POST /api_keys", "/secret");
    made("M2M token", "POST /m2m_tokens", "/id", Map.of(), "machine");
    made("secret of an M2M token", "POST /m2m_tokens", "/token", Map.of(), "machine");
  }

  private void billing() {
    String items = "GET /billing/subscription_items";
    Map<String, Value> ofUsers = Map.of("payer_type", Value.text("user"));
    Map<String, Value> free =
        Map.of("payer_type", Value.text("user"), "include_free", scene -> BooleanNode.TRUE);
    made("plan", "GET /billing/plans", "/data/0/id", ofUsers);
    made("price", "POST /billing/prices", "/id");
    made("free subscription item", items, "/data/0/id", free, "user");
    made("price of the free subscription item", items, "/data/0/price_id", free, "user");
    made(
        "subscription item",
        "POST /billing/subscription_items/{subscription_item_id}/price_transition",
        "/subscription_item/id");
    made(
        "dearer price",
        "POST /billing/prices",
        "/id",
        Map.of("amount", scene -> IntNode.valueOf(900)));
    made(
        "credits",
        "POST /users/{user_id}/billing/credits",
        "/id",
        Map.of("amount", scene -> IntNode.valueOf(9000)));
    // The trial is over with the first change, so that the second one costs something.
    made(
        "payment",
        "POST /billing/subscription_items/{subscription_item_id}/price_transition",
        "/subscription_item/id",
        Map.of(
            "{subscription_item_id}", Value.idOf("subscription item"),
            "from_price_id", Value.idOf("price"),
            "to_price_id", Value.idOf("dearer price")),
        "credits");
    made("statement", "GET /billing/statements", "/data/0/id", Map.of(), "payment");
  }

  private void made(String thing, String route, String pointer) {
    made(thing, route, pointer, Map.of());
  }

  /**
   * A thing that an operation makes.
   *
   * @param pointer where the answer has its name
   * @param more what the request has besides what is required
   * @param first things that must be there before
   */
  private void made(
      String thing, String route, String pointer, Map<String, Value> more, String... first) {
    recipes.put(
        thing,
        scene -> {
          List.of(first).forEach(scene::id);
          JsonNode answer = scene.ok(maker.minimal(CONTRACT.operation(route), scene, more));
          JsonNode name = answer.at(pointer);
          if (!name.isTextual()) {
            throw new AssertionError("%s answered no %s: %s".formatted(route, pointer, answer));
          }
          return name.asText();
        });
  }
}
