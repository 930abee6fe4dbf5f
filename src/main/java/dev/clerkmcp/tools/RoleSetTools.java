package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE_EACH_TIME;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.OperationFacts.Risk.PRIVILEGE;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_VALUES;
import static dev.clerkmcp.tools.FactTexts.ROLES_REPLACED;
import static dev.clerkmcp.tools.FactTexts.ROLE_SET_REPLACED;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.tools.OrganizationRoleTools.RoleFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Clerk's endpoints for role sets, which define the roles that the members of organizations can
 * have.
 */
@ToolGroup(id = "organization_roles")
public interface RoleSetTools {

  @Tool(name = "clerk_role_sets_list", title = "List role sets", effect = READ)
  @Description("List role sets with their roles.")
  @Route("GET /role_sets")
  ListPage list(RoleFilter filter, PageRequest page);

  @Tool(name = "clerk_role_set_get", title = "Get role set", effect = READ)
  @Description("One role set with its roles, by key or ID.")
  @Route("GET /role_sets/{role_set_key_or_id}")
  JsonNode get(@Arg("role_set:... or ID") String roleSetKeyOrId);

  @Tool(name = "clerk_role_set_create", title = "Create role set", effect = CREATE)
  @Description("Create a role set of existing roles. The plan must include role sets.")
  @Route("POST /role_sets")
  @Risky(PRIVILEGE)
  @NotUndone(
      "Clerk deletes a role set only by moving its organizations to another:"
          + " clerk_role_set_replace.")
  JsonNode create(
      @Arg("Display name") String name,
      @Arg("role_set:...; default from name") @Nullable String key,
      @Arg("What it is for") @Nullable String description,
      @Arg("New members' role; one of roles") String defaultRoleKey,
      @Arg("Creator's role; one of roles") String creatorRoleKey,
      @Arg("initial: for new organizations") @Nullable RoleSetType type,
      @Arg("1-10 role keys, e.g. org:admin") List<String> roles);

  @Tool(name = "clerk_role_set_update", title = "Change role set", effect = DESTROY)
  @Description("Change a role set, not its roles. Type initial replaces the current initial set.")
  @Route("PATCH /role_sets/{role_set_key_or_id}")
  @Risky(PRIVILEGE)
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode update(
      @Arg("role_set:... or ID") String roleSetKeyOrId,
      @Arg(value = "Display name", clearable = true) @Nullable String name,
      @Arg(value = "Unique, role_set:...", clearable = true) @Nullable String key,
      @Arg(value = "What it is for", clearable = true) @Nullable String description,
      @Arg(value = "For new organizations", clearable = true) @Nullable InitialRoleSet type,
      @Arg(value = "New members' role", clearable = true) @Nullable String defaultRoleKey,
      @Arg(value = "Creator's role", clearable = true) @Nullable String creatorRoleKey);

  @Tool(
      name = "clerk_role_set_replace",
      title = "Replace role set",
      effect = IRREVERSIBLE_EACH_TIME)
  @Description("Delete a role set for good and move its organizations to another.")
  @Route("POST /role_sets/{role_set_key_or_id}/replace")
  @Risky(PRIVILEGE)
  @Loses("The role set is gone for good; its organizations get the other one")
  @NotUndone(ROLE_SET_REPLACED)
  JsonNode replace(
      @Arg("To delete: role_set:... or ID") String roleSetKeyOrId,
      @Arg("To move to: role_set:...") String destRoleSetKey,
      @Arg("Old to new role key, where members need it") @Nullable ObjectNode reassignmentMappings);

  @Tool(name = "clerk_role_set_role_add", title = "Add roles to role set", effect = CREATE)
  @Description("Add roles to a role set; they may become its defaults, too.")
  @Route("POST /role_sets/{role_set_key_or_id}/roles")
  @Risky(PRIVILEGE)
  @NotUndone(
      "Clerk takes a role out of a role set only by giving its members another:"
          + " clerk_role_set_role_replace.")
  JsonNode addRoles(
      @Arg("role_set:... or ID") String roleSetKeyOrId,
      @Arg("1-10 role keys, e.g. org:editor") List<String> roleKeys,
      @Arg("New members' role; one of role_keys") @Nullable String defaultRoleKey,
      @Arg("Creator's role; one of role_keys") @Nullable String creatorRoleKey);

  @Tool(
      name = "clerk_role_set_role_replace",
      title = "Replace role in role set",
      effect = IRREVERSIBLE_EACH_TIME)
  @Description(
      "Remove a role from a role set and give its members another; which members had it is lost.")
  @Route("POST /role_sets/{role_set_key_or_id}/roles/replace")
  @Risky(PRIVILEGE)
  @Loses("Members with the role get the other one; it is not recorded which members had it")
  @NotUndone(ROLES_REPLACED)
  JsonNode replaceRole(
      @Arg("role_set:... or ID") String roleSetKeyOrId,
      @Arg("Role to remove") String roleKey,
      @Arg("Role for its members") String toRoleKey);

  /** The one type that a role set can be changed to. */
  enum InitialRoleSet {
    @JsonProperty("initial")
    INITIAL
  }

  /** The type of a role set: for new organizations by default, or only for those that choose it. */
  enum RoleSetType {
    @JsonProperty("initial")
    INITIAL,
    @JsonProperty("custom")
    CUSTOM
  }
}
