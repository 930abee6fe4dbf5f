package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE_EACH_TIME;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.Effect.UPDATE;
import static dev.clerkmcp.registry.OperationFacts.Risk.CREDENTIAL;
import static dev.clerkmcp.registry.OperationFacts.Risk.FEDERATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_VALUES;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL_WITH_CONTENTS;
import static dev.clerkmcp.tools.FactTexts.REVOKED;
import static dev.clerkmcp.tools.FactTexts.ROTATED;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Default;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.View;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.Image;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.registry.argument.PartialUpdate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for OAuth applications, which sign their users in through this instance. */
@ToolGroup(
    id = "oauth_applications",
    description = "OAuth applications: clients that use this instance as identity provider")
@View(
    of = "oauth_application",
    row = {"id", "name", "client_id", "scopes", "redirect_uris", "created_at"},
    flags = {
      "public",
      "pkce_required",
      "no_consent_screen = !consent_screen_enabled",
      "dynamically_registered"
    },
    except = {"callback_url", "instance_id"})
public interface OauthApplicationTools {
  /** Reads one. */
  String APPLICATION = "GET /oauth_applications/{oauth_application_id}";

  @Tool(
      name = "clerk_oauth_applications_list",
      title = "List OAuth applications",
      effect = READ,
      aliases = "clerk_clients_list")
  @Description("List OAuth applications, without their secrets.")
  @Route("GET /oauth_applications")
  ListPage list(
      @Arg("Part of a name, or a client_id") @Nullable String nameQuery,
      @Arg("E.g. name, -created_at") @Nullable String orderBy,
      PageRequest page);

  @Tool(
      name = "clerk_oauth_application_get",
      title = "Get OAuth application",
      effect = READ,
      aliases = "clerk_client_get")
  @Description("One OAuth application, without its secret.")
  @Route(APPLICATION)
  JsonNode get(@Arg("Its ID, client_id or name") String oauthApplicationId);

  @Tool(
      name = "clerk_oauth_application_create",
      title = "Create OAuth application",
      effect = CREATE,
      aliases = "clerk_client_create")
  @Description("Create an OAuth application. Its client_secret is shown only once.")
  @Route("POST /oauth_applications")
  @Default(argument = "pkce_required", value = "false")
  @Risky(CREDENTIAL)
  @Risky(FEDERATION)
  @UndoneBy(
      value = "DELETE /oauth_applications/{oauth_application_id}",
      how = REMOVAL_WITH_CONTENTS)
  @Secret(value = "client_secret", kept = true)
  JsonNode create(@Arg("Max 256 characters") String name, OauthApplicationOptions options);

  @Tool(
      name = "clerk_oauth_application_update",
      title = "Change OAuth application",
      effect = UPDATE,
      aliases = "clerk_client_update")
  @Description("Change an OAuth application.")
  @Route("PATCH /oauth_applications/{oauth_application_id}")
  @Risky(
      value = FEDERATION,
      when = {"redirect_uris", "pkce_required", "consent_screen_enabled", "public", "scopes"})
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode update(
      @Arg("Its ID or name") String oauthApplicationId,
      @Arg(value = "Max 256 characters", clearable = true) @Nullable String name,
      PartialUpdate<OauthApplicationOptions> options);

  @Tool(
      name = "clerk_oauth_application_delete",
      title = "Delete OAuth application",
      effect = IRREVERSIBLE,
      aliases = "clerk_client_delete")
  @Description("Delete an OAuth application for good; sign-in through it stops.")
  @Route("DELETE /oauth_applications/{oauth_application_id}")
  @Risky(FEDERATION)
  @Loses("Sign-in through it stops, and its tokens stop working")
  @UndoneBy(
      value = "POST /oauth_applications",
      how = RECREATION,
      without = "its client ID, client secret and logo, and all that users had granted to it.")
  JsonNode delete(@Arg("Its ID or name") String oauthApplicationId);

  @Tool(
      name = "clerk_oauth_application_secret_rotate",
      title = "Rotate OAuth application secret",
      effect = IRREVERSIBLE_EACH_TIME)
  @Description("Issue a new client_secret, shown only once; the old one stops working.")
  @Route("POST /oauth_applications/{oauth_application_id}/rotate_secret")
  @Risky(CREDENTIAL)
  @Loses("The old client secret stops working")
  @NotUndone(ROTATED)
  @Secret(value = "client_secret", kept = true)
  JsonNode rotateSecret(@Arg("Its ID or name") String oauthApplicationId);

  @Tool(
      name = "clerk_oauth_application_logo_upload",
      title = "Upload OAuth application logo",
      effect = DESTROY)
  @Description("Replace an OAuth application's logo with a local file.")
  @Route("PUT /oauth_applications/{oauth_application_id}/logo")
  @Loses("The current logo is lost, if the application has one")
  @NotUndone("Clerk does not give back an image; the former one must be uploaded from its file.")
  JsonNode uploadLogo(
      @Arg("Its ID or name") String oauthApplicationId,
      @Arg("user_...") @Nullable String uploaderUserId,
      @Image @Arg("Local path: JPEG, PNG, GIF or WebP, 10 MB") String file);

  @Tool(
      name = "clerk_oauth_application_token_revoke",
      title = "Revoke OAuth token",
      effect = DESTROY)
  @Description("Revoke an opaque token and its whole grant; JWTs cannot be revoked.")
  @Route("POST /oauth_applications/{oauth_application_id}/revoke_token")
  @Loses(value = "The token and all other tokens of its grant stop working", ofUnknownUser = true)
  @NotUndone(REVOKED)
  JsonNode revokeToken(
      @Arg("Its ID or name") String oauthApplicationId,
      @Arg(value = "Access or refresh token", secret = true) String token);

  @Tool(
      name = "clerk_oauth_access_token_verify",
      title = "Verify OAuth access token",
      effect = READ)
  @Description("Check an OAuth access token and see its user, application, scopes and expiry.")
  @Route("POST /oauth_applications/access_tokens/verify")
  JsonNode verifyAccessToken(
      @Arg(value = "The token itself; needed", secret = true) @Nullable String accessToken);

  /**
   * The options of an OAuth application, besides its name, that can be set at creation and later.
   */
  record OauthApplicationOptions(
      @Arg(value = "All full URIs", clearable = true, storedAt = APPLICATION)
          @Nullable List<String> redirectUris,
      @Arg(value = "All, e.g. profile email", max = 1024, clearable = true, storedAt = APPLICATION)
          @Nullable String scopes,
      @Arg("Ask users for consent") @Nullable Boolean consentScreenEnabled,
      @Arg("Require PKCE") @Nullable Boolean pkceRequired,
      @Arg("No secret; PKCE") @JsonProperty("public") @Nullable Boolean isPublic) {}
}
