package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE;
import static dev.clerkmcp.registry.OperationFacts.Risk.CREDENTIAL;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL;
import static dev.clerkmcp.tools.FactTexts.ISSUED;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Risk;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;

/** Clerk's endpoints for the Svix app that sends the instance's webhooks. */
@ToolGroup(
    id = "webhooks",
    description = "Webhooks: the Svix app that sends them, and links to its dashboard")
public interface WebhookTools {

  @Tool(
      name = "clerk_webhook_svix_app_create",
      title = "Set up webhooks",
      effect = CREATE,
      openWorld = true)
  @Description("Create the instance's Svix app; answers a dashboard link: a credential.")
  @Route("POST /webhooks/svix")
  @Risky(CREDENTIAL)
  @Risky(Risk.INSTANCE)
  @UndoneBy(value = "DELETE /webhooks/svix", how = REMOVAL)
  @Secret(value = "svix_url", kept = true)
  JsonNode createApp();

  @Tool(
      name = "clerk_webhook_svix_app_delete",
      title = "Delete webhooks",
      effect = IRREVERSIBLE,
      openWorld = true)
  @Description("Delete the Svix app for good: all webhook endpoints go, and webhooks stop.")
  @Route("DELETE /webhooks/svix")
  @Risky(Risk.INSTANCE)
  @Loses("All webhook endpoints are deleted, and Clerk no longer calls them")
  @UndoneBy(
      value = "POST /webhooks/svix",
      how = RECREATION,
      without = "its endpoints, their secrets and the record of sent messages.")
  JsonNode deleteApp();

  @Tool(
      name = "clerk_webhook_svix_url_create",
      title = "Create webhook dashboard link",
      effect = CREATE,
      openWorld = true)
  @Description("Issue a link to the Svix dashboard, where endpoints are set up: a credential.")
  @Route("POST /webhooks/svix_url")
  @Risky(CREDENTIAL)
  @NotUndone(ISSUED)
  @Secret(value = "svix_url", kept = true)
  JsonNode createUrl();
}
