package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.Effect.UPDATE;
import static dev.clerkmcp.registry.OperationFacts.Dependent.EVERYTHING_OF_ORGANIZATION;
import static dev.clerkmcp.registry.OperationFacts.Dependent.IMAGE;
import static dev.clerkmcp.registry.OperationFacts.Dependent.METADATA_KEYS;
import static dev.clerkmcp.registry.OperationFacts.Risk.IDENTITY;
import static dev.clerkmcp.registry.OperationFacts.Risk.MASS;
import static dev.clerkmcp.registry.OperationFacts.Risk.PRIVILEGE;
import static dev.clerkmcp.registry.OperationFacts.RiskCheck.MANY_MEMBERS;
import static dev.clerkmcp.registry.OperationFacts.RiskCheck.SENSITIVE_METADATA;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.FIRST_IMAGE_REMOVAL;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_VALUES;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL_WITH_CONTENTS;
import static dev.clerkmcp.tools.FactTexts.IMAGE_DELETED;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.InternalEndpoint;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.Sets;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.View;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.Image;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.registry.argument.PartialUpdate;
import dev.clerkmcp.registry.argument.Time;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for organizations. */
@ToolGroup(
    id = "organizations",
    description = "Organizations: find, create, change and delete them, their metadata and logo")
@View(
    of = "organization",
    row = {
      "id",
      "name",
      "slug",
      "members_count",
      "pending_invitations_count",
      "max_allowed_memberships",
      "created_at"
    },
    flags = "without_admin = missing_member_with_elevated_permissions")
public interface OrganizationTools {

  @Tool(
      name = "clerk_organizations_list",
      title = "List organizations",
      effect = READ,
      core = true,
      where = "E.g. admins = 0, members_count > 10, seats_left < 3",
      aliases = {"clerk_list_organizations", "list_auth_organizations"})
  @Description("List organizations, newest first.")
  @Route("GET /organizations")
  ListPage list(OrganizationFilter filter, PageRequest page);

  @Tool(
      name = "clerk_organization_get",
      title = "Get organization",
      effect = READ,
      aliases = "clerk_get_organization")
  @Description("One organization, by ID or slug.")
  @Route("GET /organizations/{organization_id}")
  JsonNode get(@Arg("org_... or slug") String organizationId, OrganizationExtras extras);

  @Tool(
      name = "clerk_organization_create",
      title = "Create organization",
      effect = CREATE,
      core = true,
      aliases = {"clerk_create_organization", "create_auth_organization"})
  @Description("Create an organization. Without created_by it has no members.")
  @Route("POST /organizations")
  @Risky(value = PRIVILEGE, check = SENSITIVE_METADATA)
  @Risky(value = PRIVILEGE, when = "role_set_key")
  @UndoneBy(value = "DELETE /organizations/{organization_id}", how = REMOVAL_WITH_CONTENTS)
  JsonNode create(
      @Arg("Max 256 characters") String name,
      @Arg("First admin (user_...)") @Nullable String createdBy,
      OrganizationOptions options,
      OrganizationMetadata metadata);

  @InternalEndpoint(UPDATE)
  @Route("PATCH /organizations/{organization_id}")
  @Risky(
      value = PRIVILEGE,
      when = {"role_set_key", "admin_delete_enabled"})
  // References and policies name organizations by it.
  @Risky(value = IDENTITY, when = "slug")
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode update(
      @Arg("org_...") String organizationId,
      PartialUpdate<OrganizationProfile> profile,
      PartialUpdate<OrganizationOptions> options);

  @Tool(name = "clerk_organization_delete", title = "Delete organization", effect = IRREVERSIBLE)
  @Description("Delete an organization for good, with memberships and invitations.")
  @Route("DELETE /organizations/{organization_id}")
  @Risky(value = MASS, check = MANY_MEMBERS)
  @Loses(
      value = "Profile, metadata and settings are gone for good",
      also = EVERYTHING_OF_ORGANIZATION)
  @UndoneBy(
      value = "POST /organizations",
      how = RECREATION,
      contents = {"memberships", "invitations", "domains"},
      without =
          "who created it, its logo and billing, the links in its invitations, and since when each"
              + " member belonged to it.")
  JsonNode delete(@Arg("org_...") String organizationId);

  @Tool(
      name = "clerk_organization_metadata_update",
      title = "Merge organization metadata",
      effect = UPDATE)
  @Description("Merge into an organization's metadata, deeply; null deletes a key.")
  @Route("PATCH /organizations/{organization_id}/metadata")
  @Risky(value = PRIVILEGE, check = SENSITIVE_METADATA)
  @UndoneBy(
      how = PREVIOUS_VALUES,
      merges = {"public_metadata", "private_metadata"})
  JsonNode mergeMetadata(
      @Arg("org_...") String organizationId, PartialUpdate<OrganizationMetadata> metadata);

  @Tool(
      name = "clerk_organization_metadata_replace",
      title = "Replace organization metadata",
      effect = IRREVERSIBLE)
  @Description("Overwrite each metadata object given; its other keys are lost.")
  @Route("PUT /organizations/{organization_id}/metadata")
  @Risky(value = PRIVILEGE, check = SENSITIVE_METADATA)
  @Loses(also = METADATA_KEYS)
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode replaceMetadata(
      @Arg("org_...") String organizationId, PartialUpdate<OrganizationMetadata> metadata);

  @Tool(
      name = "clerk_organization_logo_upload",
      title = "Upload organization logo",
      effect = DESTROY)
  @Description("Replace an organization's logo with a local file.")
  @Route("PUT /organizations/{organization_id}/logo")
  @Sets("has_image = true")
  @Loses(also = IMAGE)
  @UndoneBy(value = "DELETE /organizations/{organization_id}/logo", how = FIRST_IMAGE_REMOVAL)
  JsonNode uploadLogo(
      @Arg("org_...") String organizationId,
      @Arg("user_...") @Nullable String uploaderUserId,
      @Image @Arg("Local path: JPEG, PNG, GIF or WebP, 10 MB") String file);

  @Tool(
      name = "clerk_organization_logo_delete",
      title = "Delete organization logo",
      effect = DESTROY)
  @Description("Remove an organization's logo.")
  @Route("DELETE /organizations/{organization_id}/logo")
  @Sets("has_image = false")
  @Loses(also = IMAGE)
  @NotUndone(IMAGE_DELETED)
  JsonNode deleteLogo(@Arg("org_...") String organizationId);

  /** The values of an organization that Clerk computes only on request. */
  record OrganizationExtras(
      @Arg("Add members_count") @Nullable Boolean includeMembersCount,
      @Arg("Show if it lacks an admin")
          @Nullable Boolean includeMissingMemberWithElevatedPermissions) {
    public static final OrganizationExtras NONE = new OrganizationExtras(null, null);
    public static final OrganizationExtras ALL = new OrganizationExtras(true, true);
  }

  /** The filter and order of a list of organizations; all conditions must hold. */
  record OrganizationFilter(
      @Arg("ID, part of name or slug") @Nullable String query,
      @Arg(value = "user_...; prefix - excludes", max = 100) @Nullable List<String> userId,
      @Arg(value = "org_...; prefix - excludes", max = 100) @Nullable List<String> organizationId,
      @JsonUnwrapped OrganizationExtras extras,
      @Arg("name, members_count, -created_at") @Nullable String orderBy) {
    /** Only organizations whose name, slug or ID contains the text. */
    public static OrganizationFilter matching(String query) {
      return new OrganizationFilter(query, null, null, OrganizationExtras.NONE, null);
    }

    /**
     * All, oldest first, so that one that is added while the list is read moves no other to another
     * page.
     */
    public static OrganizationFilter oldestFirst() {
      return new OrganizationFilter(null, null, null, OrganizationExtras.NONE, "created_at");
    }

    /** All, newest first. */
    public static OrganizationFilter newestFirst() {
      return new OrganizationFilter(null, null, null, OrganizationExtras.NONE, "-created_at");
    }
  }

  /** The metadata of an organization: two JSON objects of any content. */
  record OrganizationMetadata(
      @Arg("Frontend reads, 8 KB") @Nullable ObjectNode publicMetadata,
      @Arg("Backend only, 8 KB") @Nullable ObjectNode privateMetadata) {}

  /**
   * The options of an organization, besides name and metadata, that can be set at creation and
   * later.
   */
  record OrganizationOptions(
      @Arg(value = "Unique; a-z, 0-9 and -", clearable = true) @Nullable String slug,
      @Arg(value = "Member limit", min = 0, clearable = true)
          @Nullable Integer maxAllowedMemberships,
      @Time @Arg(value = "Time", clearable = true) @Nullable String createdAt,
      @Arg(value = "Role set key", clearable = true) @Nullable String roleSetKey) {
    /** The options of a new organization; null leaves the choice to Clerk. */
    public static OrganizationOptions of(@Nullable String slug, @Nullable Integer mostMembers) {
      return new OrganizationOptions(slug, mostMembers, null, null);
    }
  }

  /** The fields of an organization that can be changed, besides its options. */
  record OrganizationProfile(
      @Arg(value = "Max 256 characters", clearable = true) @Nullable String name,
      @Arg("Admins may delete it") @Nullable Boolean adminDeleteEnabled) {}
}
