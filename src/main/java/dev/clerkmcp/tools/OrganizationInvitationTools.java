package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.OperationFacts.Risk.CREDENTIAL;
import static dev.clerkmcp.registry.OperationFacts.Risk.FEDERATION;
import static dev.clerkmcp.registry.OperationFacts.Risk.PRIVILEGE;
import static dev.clerkmcp.registry.OperationFacts.RiskCheck.HIGHER_ROLE;
import static dev.clerkmcp.registry.OperationFacts.RiskCheck.SENSITIVE_METADATA;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL;
import static dev.clerkmcp.tools.FactTexts.INVITATION_STOPS;
import static dev.clerkmcp.tools.FactTexts.NEW_INVITATION_LINK;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.Notifies;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.Sets;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.View;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.Body;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.tools.InvitationTools.InvitationStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for invitations to organizations. */
@ToolGroup(
    id = "organization_invitations",
    description = "Organization invitations: ask people by email to join an organization")
@View(
    of = "organization_invitation",
    row = {
      "id",
      "email_address",
      "role",
      "status",
      "organization_id",
      "inviter_id",
      "created_at",
      "expires_at"
    },
    except = {"public_inviter_data", "public_organization_data", "role_name", "url"})
public interface OrganizationInvitationTools {
  /** The text of an argument that need not be given with an invitation. */
  String ORGANIZATION = "org_...; not needed with an email";

  @Tool(
      name = "clerk_org_invitations_list",
      title = "List organization invitations",
      effect = READ,
      core = true)
  @Description("List an organization's invitations, newest first.")
  @Route("GET /organizations/{organization_id}/invitations")
  @Secret("data[].url")
  ListPage list(
      @Arg("org_...") String organizationId, OrganizationInvitationFilter filter, PageRequest page);

  @Tool(name = "clerk_org_invitation_get", title = "Get organization invitation", effect = READ)
  @Description("One invitation to an organization, by ID.")
  @Route("GET /organizations/{organization_id}/invitations/{invitation_id}")
  @Secret("url")
  JsonNode get(
      @Arg(value = ORGANIZATION, inferred = true) @Nullable String organizationId,
      @Arg("orginv_... or email") String invitationId);

  @Tool(
      name = "clerk_org_invitation_create",
      title = "Invite to organization",
      effect = CREATE,
      core = true,
      openWorld = true)
  @Description("Invite a person to an organization; sends an email unless notify is false.")
  @Route("POST /organizations/{organization_id}/invitations")
  @Notifies(unless = "notify = false")
  @Risky(value = FEDERATION, when = "redirect_url")
  // The link goes to the caller only, and the account to the person who opens it.
  @Risky(value = CREDENTIAL, when = "notify = false")
  @Risky(value = PRIVILEGE, check = HIGHER_ROLE)
  @Risky(value = PRIVILEGE, check = SENSITIVE_METADATA)
  @UndoneBy(
      value = "POST /organizations/{organization_id}/invitations/{invitation_id}/revoke",
      how = REMOVAL)
  @Secret(value = "url", kept = true)
  JsonNode create(@Arg("org_...") String organizationId, OrganizationInvitationDraft invitation);

  @Tool(
      name = "clerk_org_invitation_create_bulk",
      title = "Invite many to organization",
      effect = CREATE,
      openWorld = true)
  @Description("Invite up to 10 people by email. One bad entry may fail all.")
  @Route("POST /organizations/{organization_id}/invitations/bulk")
  @Notifies(unless = "notify = false")
  @Risky(value = FEDERATION, when = "invitations.redirect_url")
  @Risky(value = CREDENTIAL, when = "invitations.notify = false")
  @Risky(value = PRIVILEGE, check = HIGHER_ROLE)
  @Risky(value = PRIVILEGE, check = SENSITIVE_METADATA)
  @UndoneBy(
      value = "POST /organizations/{organization_id}/invitations/{invitation_id}/revoke",
      how = REMOVAL)
  @Secret(value = "data[].url", kept = true)
  JsonNode createBulk(
      @Arg("org_...") String organizationId,
      @Body @Arg(value = "One per person", min = 1, max = 10)
          List<OrganizationInvitationDraft> invitations);

  @Tool(
      name = "clerk_org_invitation_revoke",
      title = "Revoke organization invitation",
      effect = DESTROY,
      core = true)
  @Description("Void a pending organization invitation.")
  @Route("POST /organizations/{organization_id}/invitations/{invitation_id}/revoke")
  @Sets("status = revoked")
  @Loses(INVITATION_STOPS)
  @UndoneBy(
      value = "POST /organizations/{organization_id}/invitations",
      how = RECREATION,
      idIsKnown = false,
      without = NEW_INVITATION_LINK)
  @Secret("url")
  JsonNode revoke(
      @Arg(value = ORGANIZATION, inferred = true) @Nullable String organizationId,
      @Arg("orginv_... or email") String invitationId,
      @Arg("user_...") @Nullable String requestingUserId);

  @Tool(
      name = "clerk_instance_org_invitations_list",
      title = "List all organization invitations",
      effect = READ)
  @Description("List invitations to all organizations; to one: clerk_org_invitations_list.")
  @Route("GET /organization_invitations")
  @Secret("data[].url")
  ListPage listAll(AnyOrganizationInvitationFilter filter, PageRequest page);

  /** An invitation to an organization to send. */
  @JsonInclude(JsonInclude.Include.NON_NULL) // absent fields are not sent as null
  record OrganizationInvitationDraft(
      @Arg(value = "Email address to invite", email = true) String emailAddress,
      @Arg("org:admin, org:member, ...") String role,
      @Arg("user_...") @Nullable String inviterUserId,
      @Arg("Public metadata of the membership") @Nullable ObjectNode publicMetadata,
      @Arg("Private metadata of the membership") @Nullable ObjectNode privateMetadata,
      @Arg("Link target") @Nullable String redirectUrl,
      @Arg(value = "Default 30", min = 1, max = 365) @Nullable Integer expiresInDays,
      @Arg("Send email; default true") @JsonProperty("notify") @Nullable Boolean sendEmail) {
    /** An invitation by email with Clerk's defaults. */
    public static OrganizationInvitationDraft to(String emailAddress, String role) {
      return new OrganizationInvitationDraft(
          emailAddress, role, null, null, null, null, null, null);
    }
  }

  /** The filter and order of a list of invitations to one organization. */
  record OrganizationInvitationFilter(
      @Arg("Default: any") @Nullable InvitationStatus status,
      @Arg("Exact email address") @Nullable String emailAddress,
      @Arg("email_address, -created_at") @Nullable String orderBy) {
    /** Only pending invitations: all, or those to an email address. */
    public static OrganizationInvitationFilter pending(@Nullable String address) {
      return new OrganizationInvitationFilter(InvitationStatus.PENDING, address, null);
    }
  }

  /** The filter and order of a list of invitations to any organization. */
  record AnyOrganizationInvitationFilter(
      @Arg("Default: any") @Nullable InvitationStatus status,
      @Arg("Email address") @Nullable String query,
      @Arg("email_address, -created_at") @Nullable String orderBy) {
    /** Only pending invitations whose email address contains the text. */
    public static AnyOrganizationInvitationFilter pending(String address) {
      return new AnyOrganizationInvitationFilter(InvitationStatus.PENDING, address, null);
    }

    /** Only accepted invitations, newest first. */
    public static AnyOrganizationInvitationFilter accepted() {
      return new AnyOrganizationInvitationFilter(InvitationStatus.ACCEPTED, null, "-created_at");
    }
  }
}
