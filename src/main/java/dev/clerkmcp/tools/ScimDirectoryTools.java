package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE_EACH_TIME;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.OperationFacts.Dependent.GROUP_ROLE_MAPPINGS;
import static dev.clerkmcp.registry.OperationFacts.Risk.CREDENTIAL;
import static dev.clerkmcp.registry.OperationFacts.Risk.FEDERATION;
import static dev.clerkmcp.registry.OperationFacts.Risk.PRIVILEGE;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_VALUES;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL_WITH_CONTENTS;
import static dev.clerkmcp.tools.FactTexts.MAPPING_STOPS;
import static dev.clerkmcp.tools.FactTexts.PROVISIONED;
import static dev.clerkmcp.tools.FactTexts.PROVISIONING_NEEDS_KEY;
import static dev.clerkmcp.tools.FactTexts.PROVISIONING_STOPS;
import static dev.clerkmcp.tools.FactTexts.ROTATED;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.tools.DirectoryTools.DirectoryChanges;
import dev.clerkmcp.tools.DirectoryTools.DirectoryDraft;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for directories under their former paths. */
@ToolGroup(id = "directories")
public interface ScimDirectoryTools {

  @Tool(name = "clerk_scim_directories_list", title = "List SCIM directories", effect = READ)
  @Description("List SCIM directories, without their API keys. Prefer clerk_directories_list.")
  @Route("GET /scim_directories")
  @Secret("data[].api_key")
  ListPage list(PageRequest page);

  @Tool(name = "clerk_scim_directory_get", title = "Get SCIM directory", effect = READ)
  @Description("One SCIM directory, without its API key.")
  @Route("GET /scim_directories/{scim_directory_id}")
  @Secret("api_key")
  JsonNode get(@Arg("Its ID") String scimDirectoryId);

  @Tool(name = "clerk_scim_directory_create", title = "Create SCIM directory", effect = CREATE)
  @Description(
      "Let a provider provision users through a connection. Its api_key is shown only once.")
  @Route("POST /scim_directories")
  @Risky(CREDENTIAL)
  @Risky(FEDERATION)
  @UndoneBy(value = "DELETE /scim_directories/{scim_directory_id}", how = REMOVAL_WITH_CONTENTS)
  @Secret(value = "api_key", kept = true)
  JsonNode create(
      DirectoryDraft directory,
      @Arg("Roles by group") @Nullable List<ScimGroupMapping> groupRoleMappings);

  @Tool(name = "clerk_scim_directory_update", title = "Change SCIM directory", effect = DESTROY)
  @Description("Change a SCIM directory, or enable or disable it or its group role mapping.")
  @Route("PATCH /scim_directories/{scim_directory_id}")
  @Risky(FEDERATION)
  @UndoneBy(how = PREVIOUS_VALUES, merges = "attribute_mapping")
  @Secret("api_key")
  JsonNode update(@Arg("Its ID") String scimDirectoryId, DirectoryChanges changes);

  @Tool(
      name = "clerk_scim_directory_delete",
      title = "Delete SCIM directory",
      effect = IRREVERSIBLE)
  @Description("Delete a SCIM directory for good; its provider can no longer provision users.")
  @Route("DELETE /scim_directories/{scim_directory_id}")
  @Risky(FEDERATION)
  @Loses(PROVISIONING_STOPS)
  @UndoneBy(value = "POST /scim_directories", how = RECREATION, without = PROVISIONED)
  JsonNode delete(@Arg("Its ID") String scimDirectoryId);

  @Tool(
      name = "clerk_scim_directory_key_rotate",
      title = "Rotate SCIM directory API key",
      effect = IRREVERSIBLE_EACH_TIME)
  @Description("Issue a new api_key, shown only once; the old one stops working soon.")
  @Route("POST /scim_directories/{scim_directory_id}/rotate_api_key")
  @Risky(CREDENTIAL)
  @Loses(PROVISIONING_NEEDS_KEY)
  @NotUndone(ROTATED)
  @Secret(value = "api_key", kept = true)
  JsonNode rotateApiKey(@Arg("Its ID") String scimDirectoryId);

  @Tool(
      name = "clerk_scim_role_mappings_list",
      title = "List SCIM group role mappings",
      effect = READ)
  @Description("List which role each group of a SCIM directory gets, by precedence.")
  @Route("GET /scim_directories/{scim_directory_id}/group_role_mappings")
  ListPage listGroupRoleMappings(@Arg("Directory's ID") String scimDirectoryId);

  @Tool(
      name = "clerk_scim_role_mapping_create",
      title = "Create SCIM group role mapping",
      effect = CREATE)
  @Description("Give a group's members a role; group role mapping must be enabled.")
  @Route("POST /scim_directories/{scim_directory_id}/group_role_mappings")
  @Risky(PRIVILEGE)
  @UndoneBy(
      value = "DELETE /scim_directories/{scim_directory_id}/group_role_mappings/{mapping_id}",
      how = REMOVAL)
  JsonNode createGroupRoleMapping(
      @Arg("Directory's ID") String scimDirectoryId,
      ScimGroupRole mapping,
      @Arg(value = "Lowest wins; default last", min = 1) @Nullable Integer precedence);

  @Tool(
      name = "clerk_scim_role_mapping_replace",
      title = "Replace SCIM group role mappings",
      effect = DESTROY)
  @Description("Replace all mappings of groups to roles; an empty list removes all.")
  @Route("PUT /scim_directories/{scim_directory_id}/group_role_mappings")
  @Risky(PRIVILEGE)
  @Loses(also = GROUP_ROLE_MAPPINGS)
  @UndoneBy(how = PREVIOUS_VALUES)
  ListPage replaceGroupRoleMappings(
      @Arg("Directory's ID") String scimDirectoryId,
      @Arg("All; the first wins") List<ScimGroupRole> mappings);

  @Tool(
      name = "clerk_scim_role_mapping_delete",
      title = "Delete SCIM group role mapping",
      effect = DESTROY)
  @Description("Remove the mapping of one group to a role.")
  @Route("DELETE /scim_directories/{scim_directory_id}/group_role_mappings/{mapping_id}")
  @Risky(PRIVILEGE)
  @Loses(MAPPING_STOPS)
  @UndoneBy(
      value = "POST /scim_directories/{scim_directory_id}/group_role_mappings",
      how = RECREATION,
      idIsKnown = false)
  JsonNode deleteGroupRoleMapping(
      @Arg("Directory's ID") String scimDirectoryId, @Arg("Mapping's ID") String mappingId);

  /** A mapping from a group to a role, for a new SCIM directory. */
  record ScimGroupMapping(
      @Arg("ID at the provider") String scimGroupId,
      @Arg(value = "Max 255 characters", max = 255) @Nullable String scimGroupDisplayName,
      @Arg("role_...") String roleId,
      @Arg(value = "Default: order in list", min = 1) @Nullable Integer precedence) {}

  /** A mapping from a group of a SCIM directory to a role. */
  record ScimGroupRole(
      @Arg("ID at the provider") String scimGroupId, @Arg("role_...") String roleId) {}
}
