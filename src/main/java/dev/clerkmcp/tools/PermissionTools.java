package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.OperationFacts.Risk.PRIVILEGE;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_VALUES;
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
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for the permissions of organization roles. */
@ToolGroup(id = "organization_roles")
@View(
    of = "permission",
    row = {"id", "key", "name", "type"})
public interface PermissionTools {

  @Tool(
      name = "clerk_org_permissions_list",
      title = "List organization permissions",
      effect = READ,
      aliases = "clerk_permissions_list")
  @Description("List the permissions that roles can have, system ones included.")
  @Route("GET /organization_permissions")
  ListPage list(PermissionFilter filter, PageRequest page);

  @Tool(name = "clerk_org_permission_get", title = "Get organization permission", effect = READ)
  @Description("One organization permission, by ID.")
  @Route("GET /organization_permissions/{permission_id}")
  JsonNode get(@Arg("perm_... or key") String permissionId);

  @Tool(
      name = "clerk_org_permission_create",
      title = "Create organization permission",
      effect = CREATE)
  @Description("Create a permission. The plan must include custom roles.")
  @Route("POST /organization_permissions")
  @Risky(PRIVILEGE)
  @UndoneBy(value = "DELETE /organization_permissions/{permission_id}", how = REMOVAL)
  JsonNode create(
      @Arg("Display name") String name,
      @Arg("org:feature:action, e.g. org:billing:manage") String key,
      @Arg("What it allows") @Nullable String description);

  @Tool(
      name = "clerk_org_permission_update",
      title = "Change organization permission",
      effect = DESTROY)
  @Description("Change a custom permission. Checks for its old key fail.")
  @Route("PATCH /organization_permissions/{permission_id}")
  @Risky(PRIVILEGE)
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode update(
      @Arg("perm_... or key") String permissionId,
      @Arg("Display name") @Nullable String name,
      @Arg("org:feature:action, e.g. org:billing:manage") @Nullable String key,
      @Arg("What it allows") @Nullable String description);

  @Tool(
      name = "clerk_org_permission_delete",
      title = "Delete organization permission",
      effect = IRREVERSIBLE)
  @Description("Delete a custom permission for good; checks for it fail.")
  @Route("DELETE /organization_permissions/{permission_id}")
  @Risky(PRIVILEGE)
  @Loses("Roles lose the permission, and checks for it fail")
  @UndoneBy(
      value = "POST /organization_permissions",
      how = RECREATION,
      without = "its place in the roles that gave it.")
  JsonNode delete(@Arg("perm_... or key") String permissionId);

  /** The filter and order of a list of permissions. */
  record PermissionFilter(
      @Arg("ID, part of name or key") @Nullable String query,
      @Arg("E.g. name, key, -created_at") @Nullable String orderBy) {
    public static final PermissionFilter ALL = new PermissionFilter(null, null);
  }
}
