package dev.clerkmcp.workflows.organization;

import static dev.clerkmcp.registry.Effect.UPDATE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PartialUpdate;
import dev.clerkmcp.tools.OrganizationTools;
import dev.clerkmcp.tools.OrganizationTools.OrganizationMetadata;
import dev.clerkmcp.tools.OrganizationTools.OrganizationOptions;
import dev.clerkmcp.tools.OrganizationTools.OrganizationProfile;
import dev.clerkmcp.workflows.support.TwoPartUpdate;

/**
 * Changes an organization and its metadata with one tool call, which sends up to two requests to
 * Clerk.
 */
@ToolGroup(id = "organizations")
public final class OrganizationWorkflows {
  private final OrganizationTools organizations;

  public OrganizationWorkflows(OrganizationTools organizations) {
    this.organizations = organizations;
  }

  @Tool(
      name = "clerk_organization_update",
      title = "Change organization",
      effect = UPDATE,
      core = true,
      sends = {
        "PATCH /organizations/{organization_id}",
        "PATCH /organizations/{organization_id}/metadata"
      })
  @Description("Change an organization; what is left out stays. Metadata is merged.")
  public JsonNode update(
      @Arg("org_...") String organizationId,
      PartialUpdate<OrganizationProfile> profile,
      PartialUpdate<OrganizationOptions> options,
      PartialUpdate<OrganizationMetadata> metadata) {
    return TwoPartUpdate.run(
        profile.json().deepCopy().setAll(options.json()),
        () -> organizations.update(organizationId, profile, options),
        metadata.json(),
        () -> organizations.mergeMetadata(organizationId, metadata));
  }
}
