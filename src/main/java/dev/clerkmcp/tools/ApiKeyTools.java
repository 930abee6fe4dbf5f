package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.Effect.REVEAL;
import static dev.clerkmcp.registry.Effect.UPDATE;
import static dev.clerkmcp.registry.OperationFacts.Risk.CREDENTIAL;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_VALUES;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL;
import static dev.clerkmcp.tools.FactTexts.REVOKED;
import static dev.clerkmcp.tools.FactTexts.STAYS_KNOWN;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Default;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.Sets;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.View;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PartialUpdate;
import dev.clerkmcp.tools.OrganizationDomainTools.TrueOrFalse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Clerk's endpoints for API keys, with which users, organizations and machines call an application.
 */
@ToolGroup(
    id = "api_keys",
    description = "API keys: long-lived keys of users or organizations for your own API")
@View(
    of = "api_key",
    row = {"id", "name", "subject", "scopes", "created_at", "last_used_at", "expiration"},
    flags = {"revoked", "expired"})
public interface ApiKeyTools {
  /** Reads one. */
  String API_KEY = "GET /api_keys/{api_key_id}";

  @Tool(name = "clerk_api_keys_list", title = "List API keys", effect = READ)
  @Description("List the API keys of a user, organization or machine, without their secrets.")
  @Route("GET /api_keys")
  ListPage list(
      @Arg("user_..., org_... or mch_...") String subject, ApiKeyFilter filter, SmallPage page);

  @Tool(name = "clerk_api_key_get", title = "Get API key", effect = READ)
  @Description("One API key, without its secret.")
  @Route(API_KEY)
  JsonNode get(@Arg("ak_...") String apiKeyId);

  @Tool(name = "clerk_api_key_create", title = "Create API key", effect = CREATE)
  @Description("Create an API key; the secret in the answer is a credential.")
  @Route("POST /api_keys")
  @Default(argument = "seconds_until_expiration", value = "none, so it never expires")
  @Risky(CREDENTIAL)
  @UndoneBy(value = "DELETE /api_keys/{api_key_id}", how = REMOVAL)
  @Secret(value = "secret", kept = true)
  JsonNode create(
      @Arg(value = "3+ characters", min = 3) String name,
      @Arg("Owner: user_..., org_... or mch_...") String subject,
      @Arg(value = "Default api_key", min = 3, max = 25) @Nullable String type,
      ApiKeyOptions options,
      @Arg("user_...") @Nullable String createdBy);

  @Tool(name = "clerk_api_key_update", title = "Change API key", effect = UPDATE)
  @Description("Change an API key's scopes, claims, owner or expiry.")
  @Route("PATCH /api_keys/{api_key_id}")
  @Risky(CREDENTIAL)
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode update(
      @Arg("ak_...") String apiKeyId,
      @Arg("New owner") @Nullable String subject,
      PartialUpdate<ApiKeyOptions> options);

  @Tool(name = "clerk_api_key_delete", title = "Delete API key", effect = IRREVERSIBLE)
  @Description("Delete an API key for good. To keep a record: clerk_api_key_revoke.")
  @Route("DELETE /api_keys/{api_key_id}")
  @Loses("The key stops working, and its record is gone")
  @UndoneBy(
      value = "POST /api_keys",
      how = RECREATION,
      without = "its secret; those who use it need the new one.")
  JsonNode delete(@Arg("ak_...") String apiKeyId);

  @Tool(name = "clerk_api_key_secret_get", title = "Get API key secret", effect = REVEAL)
  @Description("An API key's secret: a credential.")
  @Route("GET /api_keys/{api_key_id}/secret")
  @Risky(CREDENTIAL)
  @NotUndone(STAYS_KNOWN)
  @Secret(value = "secret", kept = true)
  JsonNode getSecret(@Arg("ak_...") String apiKeyId);

  @Tool(name = "clerk_api_key_revoke", title = "Revoke API key", effect = DESTROY)
  @Description("Void an API key at once and for good; it stays in the list.")
  @Route("POST /api_keys/{api_key_id}/revoke")
  @Sets("revoked = true")
  @Loses("The key stops working for good")
  @NotUndone(REVOKED)
  JsonNode revoke(
      @Arg("ak_...") String apiKeyId, @Arg("For the record") @Nullable String revocationReason);

  @Tool(name = "clerk_api_key_verify", title = "Verify API key", effect = READ)
  @Description("Check an API key's secret and see its owner, scopes and expiry.")
  @Route("POST /api_keys/verify")
  JsonNode verify(@Arg(value = "The key itself", secret = true) String secret);

  /** The options of an API key that can be set at creation and later. */
  record ApiKeyOptions(
      @Arg(value = "All, e.g. read:users", storedAt = API_KEY) @Nullable List<String> scopes,
      @Arg(value = "All custom claims", clearable = true, storedAt = API_KEY)
          @Nullable ObjectNode claims,
      @Arg(value = "Max 255 characters", max = 255, clearable = true) @Nullable String description,
      @Arg(value = "Lifetime in seconds (new key: no limit)", min = 1, clearable = true)
          @Nullable Integer secondsUntilExpiration) {}

  /** The filter of a list of API keys; all conditions must hold. */
  record ApiKeyFilter(
      @Arg(value = "Default api_key", min = 3) @Nullable String type,
      @Arg("Revoked and expired, too") @Nullable TrueOrFalse includeInvalid,
      @Arg("Part of name") @Nullable String query) {
    /** Only API keys that are neither revoked nor expired. */
    public static final ApiKeyFilter VALID = new ApiKeyFilter(null, null, null);
  }

  /** The page of a list to read, for lists of which Clerk returns at most 100 rows a page. */
  record SmallPage(
      @Arg(value = "1-100 a page; default 10", min = 1, max = 100, clamped = true)
          @Nullable Integer limit,
      @Arg(value = "Rows to skip", min = 0) @Nullable Long offset) {
    /** The largest page at an offset; null is the first row. */
    public static SmallPage largest(@Nullable Long offset) {
      return new SmallPage(100, offset);
    }
  }
}
