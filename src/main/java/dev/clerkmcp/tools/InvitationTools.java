package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.READ;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Arg;
import dev.clerkmcp.registry.Body;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.InternalEndpoint;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.PageRequest;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.View;
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

  @InternalEndpoint(READ)
  @Route("GET /invitations?paginated=true")
  @Secret("data[].url")
  ListPage list(
      @Arg("Default: any") @Nullable InvitationStatus status,
      @Arg("Email address or invitation ID") @Nullable String query,
      @Arg("E.g. -created_at (default)") @Nullable String orderBy,
      PageRequest page);

  @Tool(
      name = "clerk_invitation_create",
      title = "Invite to application",
      effect = CREATE,
      core = true,
      openWorld = true,
      aliases = "create_auth_invitation")
  @Description("Invite somebody to sign up; sends an email unless notify is false.")
  @Route("POST /invitations")
  @Secret(value = "url", kept = true)
  JsonNode create(InvitationDraft invitation);

  @Tool(
      name = "clerk_invitation_create_bulk",
      title = "Invite many to application",
      effect = CREATE,
      openWorld = true)
  @Description("Invite up to 10 people by email. One bad entry may fail all.")
  @Route("POST /invitations/bulk")
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
  @Secret("url")
  JsonNode revoke(@Arg("inv_...") String invitationId);
}
