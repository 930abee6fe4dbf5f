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
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for directories, through which identity providers provision users. */
@ToolGroup(
    id = "directories",
    description = "Directories: people and groups that an identity provider keeps in step (SCIM)")
public interface DirectoryTools {

  @Tool(name = "clerk_directories_list", title = "List directories", effect = READ)
  @Description("List directories, without their API keys.")
  @Route("GET /directories")
  @Secret("data[].api_key")
  ListPage list(PageRequest page);

  @Tool(name = "clerk_directory_get", title = "Get directory", effect = READ)
  @Description("One directory, without its API key.")
  @Route("GET /directories/{directory_id}")
  @Secret("api_key")
  JsonNode get(@Arg("Its ID") String directoryId);

  @Tool(name = "clerk_directory_create", title = "Create directory", effect = CREATE)
  @Description(
      "Let a provider provision users through a connection. Its api_key is shown only once.")
  @Route("POST /directories")
  @Risky(CREDENTIAL)
  @Risky(FEDERATION)
  @UndoneBy(value = "DELETE /directories/{directory_id}", how = REMOVAL_WITH_CONTENTS)
  @Secret(value = "api_key", kept = true)
  JsonNode create(
      DirectoryDraft directory,
      @Arg("Roles by group") @Nullable List<DirectoryGroupMapping> groupRoleMappings);

  @Tool(name = "clerk_directory_update", title = "Change directory", effect = DESTROY)
  @Description("Change a directory, or enable or disable it or its group role mapping.")
  @Route("PATCH /directories/{directory_id}")
  @Risky(FEDERATION)
  @UndoneBy(how = PREVIOUS_VALUES, merges = "attribute_mapping")
  @Secret("api_key")
  JsonNode update(@Arg("Its ID") String directoryId, DirectoryChanges changes);

  @Tool(name = "clerk_directory_delete", title = "Delete directory", effect = IRREVERSIBLE)
  @Description("Delete a directory for good; its provider can no longer provision users.")
  @Route("DELETE /directories/{directory_id}")
  @Risky(FEDERATION)
  @Loses(PROVISIONING_STOPS)
  @UndoneBy(value = "POST /directories", how = RECREATION, without = PROVISIONED)
  JsonNode delete(@Arg("Its ID") String directoryId);

  @Tool(
      name = "clerk_directory_key_rotate",
      title = "Rotate directory API key",
      effect = IRREVERSIBLE_EACH_TIME)
  @Description("Issue a new api_key, shown only once; the old one stops working soon.")
  @Route("POST /directories/{directory_id}/rotate_api_key")
  @Risky(CREDENTIAL)
  @Loses(PROVISIONING_NEEDS_KEY)
  @NotUndone(ROTATED)
  @Secret(value = "api_key", kept = true)
  JsonNode rotateApiKey(@Arg("Its ID") String directoryId);

  @Tool(
      name = "clerk_directory_role_mappings_list",
      title = "List group role mappings",
      effect = READ)
  @Description("List which role each group of a directory gets, by precedence.")
  @Route("GET /directories/{directory_id}/group_role_mappings")
  ListPage listGroupRoleMappings(@Arg("Directory's ID") String directoryId);

  @Tool(
      name = "clerk_directory_role_mapping_create",
      title = "Create group role mapping",
      effect = CREATE)
  @Description("Give a group's members a role; group role mapping must be enabled.")
  @Route("POST /directories/{directory_id}/group_role_mappings")
  @Risky(PRIVILEGE)
  @UndoneBy(
      value = "DELETE /directories/{directory_id}/group_role_mappings/{mapping_id}",
      how = REMOVAL)
  JsonNode createGroupRoleMapping(
      @Arg("Directory's ID") String directoryId,
      DirectoryGroupRole mapping,
      @Arg(value = "Lowest wins; default last", min = 1) @Nullable Integer precedence);

  @Tool(
      name = "clerk_directory_role_mapping_replace",
      title = "Replace group role mappings",
      effect = DESTROY)
  @Description("Replace all mappings of groups to roles; an empty list removes all.")
  @Route("PUT /directories/{directory_id}/group_role_mappings")
  @Risky(PRIVILEGE)
  @Loses(also = GROUP_ROLE_MAPPINGS)
  @UndoneBy(how = PREVIOUS_VALUES)
  ListPage replaceGroupRoleMappings(
      @Arg("Directory's ID") String directoryId,
      @Arg("All; the first wins") List<DirectoryGroupRole> mappings);

  @Tool(
      name = "clerk_directory_role_mapping_delete",
      title = "Delete group role mapping",
      effect = DESTROY)
  @Description("Remove the mapping of one group to a role.")
  @Route("DELETE /directories/{directory_id}/group_role_mappings/{mapping_id}")
  @Risky(PRIVILEGE)
  @Loses(MAPPING_STOPS)
  @UndoneBy(
      value = "POST /directories/{directory_id}/group_role_mappings",
      how = RECREATION,
      idIsKnown = false)
  JsonNode deleteGroupRoleMapping(
      @Arg("Directory's ID") String directoryId, @Arg("Mapping's ID") String mappingId);

  /** The fields of a directory that can be changed. */
  record DirectoryChanges(
      @Arg("Display name") @Nullable String name,
      @Arg("false stops provisioning") @Nullable Boolean enabled,
      @Arg("Identity provider") @Nullable String provider,
      @Arg("Attribute to path; merged, null removes") @Nullable ObjectNode attributeMapping,
      @Arg("Enable group role mapping") @Nullable Boolean groupRoleMappingEnabled) {}

  /** A directory to create. */
  record DirectoryDraft(
      @Arg("Connection's ID or domain") String enterpriseConnectionId,
      @Arg("Display name") @Nullable String name,
      @Arg("Identity provider") String provider) {}

  /** A mapping from a group to a role, for a new directory. */
  record DirectoryGroupMapping(
      @Arg("ID at the provider") @Nullable String directoryGroupId,
      @Arg("Former directory_group_id") @Nullable String scimGroupId,
      @Arg(value = "Max 255 characters", max = 255) @Nullable String directoryGroupDisplayName,
      @Arg(value = "Former directory_group_display_name", max = 255)
          @Nullable String scimGroupDisplayName,
      @Arg("role_...") String roleId,
      @Arg(value = "Default: order in list", min = 1) @Nullable Integer precedence) {}

  /** A mapping from a group of a directory to a role. */
  record DirectoryGroupRole(
      @Arg("ID at the provider") @Nullable String directoryGroupId,
      @Arg("Former directory_group_id") @Nullable String scimGroupId,
      @Arg("role_...") String roleId) {}
}
