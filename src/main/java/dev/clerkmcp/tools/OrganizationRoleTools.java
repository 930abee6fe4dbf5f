package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.OperationFacts.Risk.PRIVILEGE;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_VALUES;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECONNECTION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.View;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.registry.argument.PartialUpdate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for the roles that members of organizations can have. */
@ToolGroup(
    id = "organization_roles",
    description = "Organization roles: what members may do, permissions, and sets of roles")
@View(
    of = "role",
    row = {"id", "key", "name", "description"},
    flags = "creator_eligible = is_creator_eligible")
public interface OrganizationRoleTools {

  @Tool(
      name = "clerk_org_roles_list",
      title = "List organization roles",
      effect = READ,
      aliases = "clerk_roles_list")
  @Description("List the roles that organization members can have, with permissions.")
  @Route("GET /organization_roles")
  ListPage list(RoleFilter filter, PageRequest page);

  @Tool(name = "clerk_org_role_get", title = "Get organization role", effect = READ)
  @Description("One organization role with its permissions, by ID.")
  @Route("GET /organization_roles/{organization_role_id}")
  JsonNode get(@Arg("role_... or key") String organizationRoleId);

  @Tool(name = "clerk_org_role_create", title = "Create organization role", effect = CREATE)
  @Description("Create a role for organization members. The plan must include custom roles.")
  @Route("POST /organization_roles")
  @Risky(PRIVILEGE)
  @UndoneBy(value = "DELETE /organization_roles/{organization_role_id}", how = REMOVAL)
  JsonNode create(
      @Arg("Display name") String name,
      @Arg("Unique, e.g. org:editor") String key,
      OrganizationRoleOptions options,
      @Arg("Offer it in new organizations") @Nullable Boolean includeInInitialRoleSet);

  @Tool(name = "clerk_org_role_update", title = "Change organization role", effect = DESTROY)
  @Description("Change a role, or add and remove permissions. Checks for its old key fail.")
  @Route("PATCH /organization_roles/{organization_role_id}")
  @Risky(PRIVILEGE)
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode update(
      @Arg("role_... or key") String organizationRoleId,
      @Arg(value = "Display name", clearable = true) @Nullable String name,
      @Arg(value = "Unique, e.g. org:editor", clearable = true) @Nullable String key,
      PartialUpdate<OrganizationRoleOptions> options);

  @Tool(name = "clerk_org_role_delete", title = "Delete organization role", effect = IRREVERSIBLE)
  @Description("Delete a role for good; refused while a member, invitation or default has it.")
  @Route("DELETE /organization_roles/{organization_role_id}")
  @Risky(PRIVILEGE)
  @Loses("The role is gone; Clerk refuses while a member or invitation has it")
  @UndoneBy(
      value = "POST /organization_roles",
      how = RECREATION,
      without = "its place in role sets.")
  JsonNode delete(@Arg("role_... or key") String organizationRoleId);

  @Tool(name = "clerk_org_role_permission_add", title = "Add permission to role", effect = CREATE)
  @Description("Give a role one more permission; several: clerk_org_role_update.")
  @Route("POST /organization_roles/{organization_role_id}/permissions/{permission_id}")
  @Risky(PRIVILEGE)
  @UndoneBy(
      value = "DELETE /organization_roles/{organization_role_id}/permissions/{permission_id}",
      how = REMOVAL)
  JsonNode addPermission(
      @Arg("role_... or key") String organizationRoleId,
      @Arg("perm_... or key") String permissionId);

  @Tool(
      name = "clerk_org_role_permission_remove",
      title = "Remove permission from role",
      effect = DESTROY)
  @Description("Take one permission from a role and so from its members.")
  @Route("DELETE /organization_roles/{organization_role_id}/permissions/{permission_id}")
  @Risky(PRIVILEGE)
  @Loses("Members with the role lose the permission")
  @UndoneBy(
      value = "POST /organization_roles/{organization_role_id}/permissions/{permission_id}",
      how = RECONNECTION)
  JsonNode removePermission(
      @Arg("role_... or key") String organizationRoleId,
      @Arg("perm_... or key") String permissionId);

  /**
   * The options of an organization role, besides its name and key, that can be set at creation and
   * later.
   */
  record OrganizationRoleOptions(
      @Arg(value = "What it is for", clearable = true) @Nullable String description,
      @Arg(
              value = "All: perm_... or key",
              clearable = true,
              storedAt = "GET /organization_roles/{organization_role_id}")
          @Nullable List<String> permissions) {}

  /** The filter and order of a list of roles or role sets. */
  record RoleFilter(
      @Arg("ID, part of name or key") @Nullable String query,
      @Arg("name, key, -created_at (default)") @Nullable String orderBy) {
    public static final RoleFilter ALL = new RoleFilter(null, null);
  }
}
