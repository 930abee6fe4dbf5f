package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.Effect.UPDATE;
import static dev.clerkmcp.registry.OperationFacts.Dependent.ROLE;
import static dev.clerkmcp.registry.OperationFacts.Risk.PRIVILEGE;
import static dev.clerkmcp.registry.OperationFacts.RiskCheck.HIGHER_ROLE;
import static dev.clerkmcp.registry.OperationFacts.RiskCheck.SENSITIVE_METADATA;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_VALUES;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
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
import dev.clerkmcp.registry.argument.Time;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for the memberships of organizations. */
@ToolGroup(
    id = "organization_memberships",
    description = "Organization memberships: who belongs to an organization, and with which role")
@View(
    of = "organization_membership",
    row = {
      "role",
      "user_id = public_user_data.user_id",
      "name = public_user_data.first_name + public_user_data.last_name",
      "email = public_user_data.identifier",
      "organization_id = organization.id",
      "organization = organization.name",
      "slug = organization.slug",
      "created_at"
    },
    more = {"id", "role_name", "permissions", "public_metadata", "private_metadata", "updated_at"})
public interface OrganizationMembershipTools {

  @Tool(
      name = "clerk_org_memberships_list",
      title = "List organization memberships",
      effect = READ,
      core = true,
      searchHint = "team, company, tenant, admins",
      aliases = "clerk_org_members_list",
      where = "E.g. role = org:admin")
  @Description("List an organization's members and roles; user_id finds one.")
  @Route("GET /organizations/{organization_id}/memberships")
  ListPage list(
      @Arg("org_...") String organizationId,
      PartialUpdate<MembershipFilter> filter,
      PageRequest page);

  @Tool(
      name = "clerk_org_membership_create",
      title = "Add organization member",
      effect = CREATE,
      core = true)
  @Description("Add an existing user at once. To ask: clerk_org_invitation_create.")
  @Route("POST /organizations/{organization_id}/memberships")
  @Risky(value = PRIVILEGE, check = HIGHER_ROLE)
  @Risky(value = PRIVILEGE, check = SENSITIVE_METADATA)
  @UndoneBy(value = "DELETE /organizations/{organization_id}/memberships/{user_id}", how = REMOVAL)
  JsonNode create(
      @Arg("org_...") String organizationId,
      @Arg("user_...") String userId,
      @Arg("Role key, e.g. org:admin") String role,
      MembershipMetadata metadata);

  @Tool(
      name = "clerk_org_membership_update",
      title = "Change organization member role",
      effect = UPDATE,
      core = true)
  @Description("Change a member's role. The last admin cannot be demoted.")
  @Route("PATCH /organizations/{organization_id}/memberships/{user_id}")
  @Risky(value = PRIVILEGE, check = HIGHER_ROLE)
  @Loses(also = ROLE)
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode update(
      @Arg("org_...") String organizationId,
      @Arg("user_...") String userId,
      @Arg("Role key, e.g. org:admin") String role);

  @Tool(
      name = "clerk_org_membership_delete",
      title = "Remove organization member",
      effect = DESTROY,
      core = true)
  @Description("Remove a member. The last admin cannot be removed.")
  @Route("DELETE /organizations/{organization_id}/memberships/{user_id}")
  @Risky(PRIVILEGE)
  @Loses(value = "The metadata of the membership is lost", also = ROLE)
  @UndoneBy(
      value = "POST /organizations/{organization_id}/memberships",
      how = RECREATION,
      idIsKnown = false,
      without = "the date since when the user was a member.")
  JsonNode delete(@Arg("org_...") String organizationId, @Arg("user_...") String userId);

  @Tool(
      name = "clerk_org_membership_metadata_update",
      title = "Merge membership metadata",
      effect = UPDATE)
  @Description("Merge into a membership's metadata, deeply; null deletes a key.")
  @Route("PATCH /organizations/{organization_id}/memberships/{user_id}/metadata")
  @Risky(value = PRIVILEGE, check = SENSITIVE_METADATA)
  @UndoneBy(
      how = PREVIOUS_VALUES,
      merges = {"public_metadata", "private_metadata"})
  JsonNode mergeMetadata(
      @Arg("org_...") String organizationId,
      @Arg("user_...") String userId,
      PartialUpdate<MembershipMetadata> metadata);

  @Tool(
      name = "clerk_memberships_list",
      title = "List all memberships",
      effect = READ,
      core = true,
      where = "E.g. role = org:admin, email ~ example.com")
  @Description("List memberships in all organizations; in one: clerk_org_memberships_list.")
  @Route("GET /organization_memberships")
  ListPage listAll(@Arg("E.g. first_name, -created_at") @Nullable String orderBy, PageRequest page);

  /** The filter and order of a list of an organization's members; all conditions must hold. */
  record MembershipFilter(
      @Arg("E.g. first_name, -created_at") @Nullable String orderBy,
      @Arg(value = "user_...; prefix - excludes", max = 100) @Nullable List<String> userId,
      @Arg(value = "Exact", max = 100) @Nullable List<String> emailAddress,
      @Arg(value = "Exact, E.164", max = 100) @Nullable List<String> phoneNumber,
      @Arg(value = "Exact", max = 100) @Nullable List<String> username,
      @Arg(value = "Exact", max = 100) @Nullable List<String> web3Wallet,
      @Arg(value = "Role keys, e.g. org:admin", max = 100) @Nullable List<String> role,
      @Arg("Part of any identifier, ID or name") @Nullable String query,
      @Arg("Partial match") @Nullable String emailAddressQuery,
      @Arg("Partial match") @Nullable String phoneNumberQuery,
      @Arg("Partial match") @Nullable String usernameQuery,
      @Arg("Part of first or last name") @Nullable String nameQuery,
      @Time @Arg("Time") @Nullable Long lastActiveAtBefore,
      @Time @Arg("Time") @Nullable Long lastActiveAtAfter,
      @Time @Arg("Time") @Nullable Long createdAtBefore,
      @Time @Arg("Time") @Nullable Long createdAtAfter) {
    public static final PartialUpdate<MembershipFilter> ALL = new PartialUpdate<>(Json.object());

    /** Only memberships of these users, at most 100. */
    public static PartialUpdate<MembershipFilter> ofUsers(List<String> userIds) {
      return any("user_id", userIds);
    }

    /** Only memberships with one of these roles. */
    public static PartialUpdate<MembershipFilter> withRoles(List<String> roles) {
      return any("role", roles);
    }

    /**
     * All memberships, oldest first, so that one that is added while the list is read moves no
     * other to another page.
     */
    public static PartialUpdate<MembershipFilter> oldestFirst() {
      return new PartialUpdate<>(Json.object().put("order_by", "created_at"));
    }

    private static PartialUpdate<MembershipFilter> any(String name, List<String> values) {
      ObjectNode filter = Json.object();
      values.forEach(filter.putArray(name)::add);
      return new PartialUpdate<>(filter);
    }
  }

  /** The metadata of a membership: two JSON objects of any content. */
  record MembershipMetadata(
      @Arg("Frontend reads, 8 KB") @Nullable ObjectNode publicMetadata,
      @Arg("Backend only, 8 KB") @Nullable ObjectNode privateMetadata) {
    public static final MembershipMetadata NONE = new MembershipMetadata(null, null);
  }
}
