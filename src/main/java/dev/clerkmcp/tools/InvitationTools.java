package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.OperationFacts.Risk.CREDENTIAL;
import static dev.clerkmcp.registry.OperationFacts.Risk.FEDERATION;
import static dev.clerkmcp.registry.OperationFacts.Risk.PRIVILEGE;
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
import dev.clerkmcp.registry.InternalEndpoint;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for invitations to the application. */
@ToolGroup(
    id = "invitations",
    description = "Invitations: ask people by email to sign up to the application")
@View(
    of = "invitation",
    row = {"id", "email_address", "status", "created_at", "expires_at"},
    except = {"revoked", "url"})
public interface InvitationTools {

  @InternalEndpoint(value = READ, readBy = "clerk_invitations_list")
  @Route("GET /invitations?paginated=true")
  @Secret("data[].url")
  ListPage list(InvitationFilter filter, PageRequest page);

  @Tool(
      name = "clerk_invitation_create",
      title = "Invite to application",
      effect = CREATE,
      core = true,
      openWorld = true,
      aliases = "create_auth_invitation")
  @Description("Invite a person to sign up; sends an email unless notify is false.")
  @Route("POST /invitations")
  @Notifies(unless = "notify = false")
  @Risky(value = FEDERATION, when = "redirect_url")
  // The link goes to the caller only, and the account to the person who opens it.
  @Risky(value = CREDENTIAL, when = "notify = false")
  @Risky(value = PRIVILEGE, check = SENSITIVE_METADATA)
  @UndoneBy(value = "POST /invitations/{invitation_id}/revoke", how = REMOVAL)
  @Secret(value = "url", kept = true)
  JsonNode create(InvitationDraft invitation);

  @Tool(
      name = "clerk_invitation_create_bulk",
      title = "Invite many to application",
      effect = CREATE,
      openWorld = true)
  @Description("Invite up to 10 people by email. One bad entry may fail all.")
  @Route("POST /invitations/bulk")
  @Notifies(unless = "notify = false")
  @Risky(value = FEDERATION, when = "invitations.redirect_url")
  @Risky(value = CREDENTIAL, when = "invitations.notify = false")
  @Risky(value = PRIVILEGE, check = SENSITIVE_METADATA)
  @UndoneBy(value = "POST /invitations/{invitation_id}/revoke", how = REMOVAL)
  @Secret(value = "[].url", kept = true)
  JsonNode createBulk(
      @Body @Arg(value = "One per person", min = 1, max = 10) List<InvitationDraft> invitations);

  @Tool(
      name = "clerk_invitation_revoke",
      title = "Revoke invitation",
      effect = DESTROY,
      core = true)
  @Description("Void a pending invitation.")
  @Route("POST /invitations/{invitation_id}/revoke")
  @Sets("status = revoked")
  @Loses(INVITATION_STOPS)
  @UndoneBy(
      value = "POST /invitations",
      how = RECREATION,
      idIsKnown = false,
      without = NEW_INVITATION_LINK)
  @Secret("url")
  JsonNode revoke(@Arg("inv_... or email") String invitationId);

  @Tool(name = "clerk_invitation_delete", title = "Erase invitation", effect = IRREVERSIBLE)
  @Description(
      "Erase an invitation of any status, and Clerk's copies of its email. To void one:"
          + " clerk_invitation_revoke.")
  @Route("DELETE /invitations/{invitation_id}")
  @Loses("The invitation is erased, and a link to it stops working")
  @NotUndone("Clerk keeps nothing of an erased invitation; a new one sends another email.")
  JsonNode delete(@Arg("inv_... or email") String invitationId);

  /** An invitation to the application to send. */
  @JsonInclude(JsonInclude.Include.NON_NULL) // absent fields are not sent as null
  record InvitationDraft(
      @Arg(value = "Email address to invite", email = true) String emailAddress,
      @Arg("For the new user") @Nullable ObjectNode publicMetadata,
      @Arg("Link target") @Nullable String redirectUrl,
      @Arg("Send email; default true") @JsonProperty("notify") @Nullable Boolean sendEmail,
      @Arg("Even if invited or a user") @Nullable Boolean ignoreExisting,
      @Arg(value = "Default 30", min = 1, max = 365) @Nullable Integer expiresInDays,
      @Arg("Email template") @Nullable InvitationTemplate templateSlug) {}

  /** The filter and order of a list of invitations; all conditions must hold. */
  record InvitationFilter(
      @Arg("Default: any") @Nullable InvitationStatus status,
      @Arg("Email address or invitation ID") @Nullable String query,
      @Arg("E.g. -created_at (default)") @Nullable String orderBy) {
    /** Only pending invitations: all, or those whose email address contains the text. */
    public static InvitationFilter pending(@Nullable String address) {
      return new InvitationFilter(InvitationStatus.PENDING, address, null);
    }

    /** Only accepted invitations, newest first. */
    public static InvitationFilter accepted() {
      return new InvitationFilter(InvitationStatus.ACCEPTED, null, "-created_at");
    }
  }

  /** The template of the email that invites a person to the application. */
  enum InvitationTemplate {
    @JsonProperty("invitation")
    INVITATION,
    @JsonProperty("waitlist_invitation")
    WAITLIST_INVITATION
  }

  /** The states of an invitation, to the application or to an organization. */
  enum InvitationStatus {
    @JsonProperty("pending")
    PENDING,
    @JsonProperty("accepted")
    ACCEPTED,
    @JsonProperty("revoked")
    REVOKED,
    @JsonProperty("expired")
    EXPIRED
  }
}
