package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.READ;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PageRequest;

/** Gets an OAuth application by its ID or its client_id; Clerk's endpoint takes only the ID. */
@ToolGroup(id = "oauth_applications")
public final class OauthApplicationWorkflows {
  private final OauthApplicationTools applications;

  public OauthApplicationWorkflows(OauthApplicationTools applications) {
    this.applications = applications;
  }

  @Tool(
      name = "clerk_oauth_application_get",
      title = "Get OAuth application",
      effect = READ,
      aliases = "clerk_client_get")
  @Description("One OAuth application, without its secret.")
  public JsonNode get(@Arg("Its ID or its client_id") String oauthApplicationId) {
    try {
      return applications.get(oauthApplicationId);
    } catch (ClerkException e) {
      if (e.status() != 404) {
        throw e;
      }
      for (JsonNode candidate :
          applications.list(oauthApplicationId, null, PageRequest.DEFAULT).data()) {
        if (candidate.path("client_id").asText().equals(oauthApplicationId)) {
          return candidate;
        }
      }
      throw e;
    }
  }
}
