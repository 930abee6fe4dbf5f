package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.OperationFacts.Risk.CREDENTIAL;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL;
import static dev.clerkmcp.tools.FactTexts.ISSUED;
import static dev.clerkmcp.tools.FactTexts.LINK_STOPS;
import static dev.clerkmcp.tools.FactTexts.REVOKED;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
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
import dev.clerkmcp.registry.argument.Arg;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for tokens that sign a user in without a password or code. */
@ToolGroup(
    id = "tokens",
    description =
        "Tokens: sign in without a password, impersonate, test, run agents, open the admin portal")
public interface TokenTools {

  @Tool(name = "clerk_sign_in_token_create", title = "Create sign in token", effect = CREATE)
  @Description("Issue a link and token that sign a user in without password: a credential.")
  @Route("POST /sign_in_tokens")
  @Default(argument = "expires_in_seconds", value = "2592000 (30 days)")
  @Risky(CREDENTIAL)
  @UndoneBy(value = "POST /sign_in_tokens/{sign_in_token_id}/revoke", how = REMOVAL)
  @Secret(
      value = {"token", "url"},
      kept = true)
  JsonNode createSignInToken(
      @Arg("user_...") String userId,
      @Arg("To activate (org_...)") @Nullable String orgId,
      @Arg(value = "Default 2592000 (30 days)", min = 1) @Nullable Integer expiresInSeconds);

  @Tool(name = "clerk_sign_in_token_revoke", title = "Revoke sign in token", effect = DESTROY)
  @Description("Void a sign-in token that is not used yet.")
  @Route("POST /sign_in_tokens/{sign_in_token_id}/revoke")
  @Sets("status = revoked")
  @Loses(value = LINK_STOPS, ofUnknownUser = true)
  @NotUndone(REVOKED)
  @Secret({"token", "url"})
  JsonNode revokeSignInToken(@Arg("sit_...") String signInTokenId);

  @Tool(name = "clerk_actor_token_create", title = "Create actor token", effect = CREATE)
  @Description(
      "Issue a link and token to impersonate a user: a credential. The plan must include it.")
  @Route("POST /actor_tokens")
  @Risky(CREDENTIAL)
  @UndoneBy(value = "POST /actor_tokens/{actor_token_id}/revoke", how = REMOVAL)
  @Secret(
      value = {"token", "url"},
      kept = true)
  JsonNode createActorToken(
      @Arg("To impersonate (user_...)") String userId,
      @Arg("Goes into the session token") TokenActor actor,
      @Arg("Default 3600") @Nullable Integer expiresInSeconds,
      @Arg("Default 1800") @Nullable Integer sessionMaxDurationInSeconds);

  @Tool(name = "clerk_actor_token_revoke", title = "Revoke actor token", effect = DESTROY)
  @Description("Void an actor token that is not used yet.")
  @Route("POST /actor_tokens/{actor_token_id}/revoke")
  @Sets("status = revoked")
  @Loses(value = LINK_STOPS, ofUnknownUser = true)
  @NotUndone(REVOKED)
  @Secret({"token", "url"})
  JsonNode revokeActorToken(@Arg("act_...") String actorTokenId);

  @Tool(name = "clerk_testing_token_create", title = "Create testing token", effect = CREATE)
  @Description("Issue a token that lets tests pass bot detection: a credential.")
  @Route("POST /testing_tokens")
  @Risky(CREDENTIAL)
  @NotUndone(ISSUED)
  @Secret(value = "token", kept = true)
  JsonNode createTestingToken();

  @Tool(name = "clerk_agent_task_create", title = "Create agent task", effect = CREATE)
  @Description("Issue a link that signs an agent in as a user: a credential.")
  @Route("POST /agents/tasks")
  @Risky(CREDENTIAL)
  @UndoneBy(value = "POST /agents/tasks/{agent_task_id}/revoke", how = REMOVAL)
  @Secret(value = "url", kept = true)
  JsonNode createAgentTask(
      @Arg("One of the two fields") AgentTaskUser onBehalfOf,
      @Arg("Always *") AgentTaskPermissions permissions,
      @Arg("Agent's name, for the audit log") String agentName,
      @Arg("Purpose, for the audit log") String taskDescription,
      @Arg("Absolute, on your domain") String redirectUrl,
      @Arg("Default 1800") @Nullable Integer sessionMaxDurationInSeconds);

  @Tool(name = "clerk_agent_task_revoke", title = "Revoke agent task", effect = DESTROY)
  @Description("Void the link of an agent task that is not used yet.")
  @Route("POST /agents/tasks/{agent_task_id}/revoke")
  @Loses(value = LINK_STOPS, ofUnknownUser = true)
  @NotUndone(REVOKED)
  @Secret("url")
  JsonNode revokeAgentTask(@Arg("agent_task_id of the answer") String agentTaskId);

  @Tool(
      name = "clerk_admin_portal_link_token_create",
      title = "Create admin portal token",
      effect = CREATE)
  @Description("Issue a single-use token for a link into the admin portal: a credential.")
  @Route("POST /admin_portal_link_tokens")
  @Risky(CREDENTIAL)
  @UndoneBy(
      value = "POST /admin_portal_link_tokens/{admin_portal_link_token_id}/revoke",
      how = REMOVAL)
  @Secret(value = "token", kept = true)
  JsonNode createAdminPortalLinkToken(
      @Arg("org_...") @Nullable String organizationId,
      @Arg(value = "Your ID of the IT contact", min = 1) @Nullable String itContactId,
      @Arg("E.g. admin_portal:read") @Nullable List<String> scopes,
      @Arg(value = "Default 3600", min = 1, max = 86_400) @Nullable Integer secondsUntilExpiration);

  @Tool(
      name = "clerk_admin_portal_link_token_revoke",
      title = "Revoke admin portal token",
      effect = DESTROY)
  @Description("Void a token for the admin portal.")
  @Route("POST /admin_portal_link_tokens/{admin_portal_link_token_id}/revoke")
  @Loses(value = LINK_STOPS, ofUnknownUser = true)
  @NotUndone(REVOKED)
  JsonNode revokeAdminPortalLinkToken(
      @Arg("aplt_...") String adminPortalLinkTokenId,
      @Arg("Reason") @Nullable String revocationReason);

  /** The permissions of an agent task; Clerk only supports all. */
  enum AgentTaskPermissions {
    @JsonProperty("*")
    ALL
  }

  /** The user on whose behalf an agent acts. */
  record AgentTaskUser(
      @Arg("user_...") @Nullable String userId,
      @Arg("E.g. email, verified") @Nullable String identifier) {}

  /** The actor of an actor token, who acts as another user. */
  record TokenActor(@Arg("Acting user (user_...)") String sub) {}
}
