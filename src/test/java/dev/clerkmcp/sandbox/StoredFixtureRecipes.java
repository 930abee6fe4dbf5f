package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.Fixtures.Recipe;
import dev.clerkmcp.sandbox.handlers.machine.OauthApplications;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import java.util.Map;

/** Fixtures that only end users create, so that they are written into the store directly. */
final class StoredFixtureRecipes {
  private static final String PASSKEY =
      """
      {"object": "passkey", "name": "A key", "last_used_at": 1780304400000, "verification": null}
      """;

  private static final String EXTERNAL_ACCOUNT =
      """
      {"object": "external_account", "provider": "oauth_google", "identification_id": "idn_google",
       "provider_user_id": "12345", "approved_scopes": "email", "email_address": "ada@example.com",
       "first_name": "Ada", "last_name": "L", "public_metadata": {}, "created_at": 1780304400000,
       "updated_at": 1780304400000, "verification": null}
      """;

  private static final String TRUSTED_DEVICE =
      """
      {"object": "trusted_device", "platform": "ios", "app_identifier": "app",
       "algorithm": "ES256", "status": "active", "created_at": 1780304400000,
       "updated_at": 1780304400000}
      """;

  private static final String SIGN_UP =
      """
      {"object": "sign_up_attempt", "status": "missing_requirements", "required_fields": [],
       "optional_fields": [], "missing_fields": [], "unverified_fields": [],
       "verifications": {"email_address": null, "phone_number": null, "web3_wallet": null,
         "external_account": null},
       "username": null, "email_address": "ada@example.com", "phone_number": null,
       "web3_wallet": null, "password_enabled": false, "first_name": null, "last_name": null,
       "custom_action": false, "external_id": null, "created_session_id": null,
       "created_user_id": null, "abandon_at": 1780904400000, "legal_accepted_at": null}
      """;

  /** The recipes by the names of their fixtures. */
  static final Map<String, Recipe> RECIPES =
      Map.of(
          "passkey", fixtures -> attached(fixtures, "passkeys", object(PASSKEY)),
          "external account",
              fixtures -> attached(fixtures, "external_accounts", object(EXTERNAL_ACCOUNT)),
          "trusted device", StoredFixtureRecipes::trustedDevice,
          "access token", StoredFixtureRecipes::accessToken,
          "sign-up", fixtures -> added(fixtures, ObjectKind.SIGN_UP, object(SIGN_UP)),
          "discount", fixtures -> "disc_1"); // no discount exists, see Operations.UNSUPPORTED

  private StoredFixtureRecipes() {}

  private static String trustedDevice(Fixtures fixtures) {
    ObjectNode device = object(TRUSTED_DEVICE);
    device.putObject(Store.HIDDEN).put("user_id", fixtures.id("user"));
    return added(fixtures, ObjectKind.TRUSTED_DEVICE, device);
  }

  /** Only a sign-in makes a token, which the sandbox does not have. */
  private static String accessToken(Fixtures fixtures) {
    HandlerContext context = new HandlerContext(SandboxCalls.CONTRACT, fixtures.sandbox().store());
    return new OauthApplications(context)
        .addToken(fixtures.id("OAuth application"), fixtures.id("user"), 4_000_000_000_000L);
  }

  private static String attached(Fixtures fixtures, String list, ObjectNode item) {
    Store store = fixtures.sandbox().store();
    item.put("id", store.newId("idn_"));
    store
        .table(ObjectKind.USER)
        .change(fixtures.id("user"), user -> user.withArrayProperty(list).add(item));
    return item.path("id").asText();
  }

  private static String added(Fixtures fixtures, ObjectKind kind, ObjectNode row) {
    Store store = fixtures.sandbox().store();
    return store.table(kind).add(row.put("id", store.newId(kind))).path("id").asText();
  }

  private static ObjectNode object(String json) {
    try {
      return (ObjectNode) Json.read(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }
}
