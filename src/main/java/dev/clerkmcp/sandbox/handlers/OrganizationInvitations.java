package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.time.Duration;
import java.util.Locale;

/** Invitations to organizations, from being sent to being revoked or expired. */
final class OrganizationInvitations {
  private static final int DAYS = 30;

  private final HandlerContext instance;
  private final Table invitations;
  private final Table organizations;
  private final Table users;
  private final Memberships memberships;
  private final RoleCatalog roles;
  private final OrganizationQuota quota;
  private final OrganizationInvitationList list;

  OrganizationInvitations(HandlerContext instance, Memberships memberships) {
    this.instance = instance;
    this.invitations = instance.table(ObjectKind.ORGANIZATION_INVITATION);
    this.organizations = instance.table(ObjectKind.ORGANIZATION);
    this.users = instance.table(ObjectKind.USER);
    this.memberships = memberships;
    this.roles = new RoleCatalog(instance);
    this.quota = new OrganizationQuota(instance);
    this.list = new OrganizationInvitationList(instance);
  }

  void register(Routes on) {
    on.on("POST /organizations/{organization_id}/invitations", this::create)
        .on("POST /organizations/{organization_id}/invitations/bulk", this::createAll)
        .on(
            "GET /organizations/{organization_id}/invitations/{invitation_id}",
            call -> list.view(invitation(call)))
        .on(
            "POST /organizations/{organization_id}/invitations/{invitation_id}/revoke",
            this::revoke);
    list.register(on);
  }

  private JsonNode create(ApiRequest call) {
    return list.view(invite(organization(call), call.fields()));
  }

  /** The first one that is refused takes the others with it. */
  private JsonNode createAll(ApiRequest call) {
    ObjectNode organization = organization(call);
    ObjectNode answer = Json.object();
    for (JsonNode given : call.body()) {
      answer.withArray("/data").add(list.view(invite(organization, given)));
    }
    return answer.put("total_count", answer.path("data").size());
  }

  private ObjectNode invite(ObjectNode organization, JsonNode given) {
    String organizationId = organization.path("id").asText();
    String address = Identifier.emailAddress("email_address", given.path("email_address").asText());
    roles.getFor(organization, given.path("role").asText());
    if (given.hasNonNull("inviter_user_id")) {
      memberships.checkManager(organizationId, given.path("inviter_user_id").asText());
    }
    checkRedirect(given);
    checkNew(organizationId, address);
    quota.checkRoom(organization);

    ObjectNode row =
        instance.newObject(ObjectKind.ORGANIZATION_INVITATION, "OrganizationInvitation");
    row.put("organization_id", organizationId)
        .put("email_address", address)
        .put("role", given.path("role").asText())
        .put("status", "pending")
        .put("url", "https://clerk.sandbox.invalid/v1/tickets/accept?ticket=" + ticket())
        .put("expires_at", instance.now() + validity(given));
    if (given.hasNonNull("inviter_user_id")) {
      row.set("inviter_id", given.path("inviter_user_id"));
    }
    Metadata.create(row, given);
    return invitations.add(row);
  }

  private String ticket() {
    return instance.store().newSecret("invitation_ticket");
  }

  private static long validity(JsonNode given) {
    return Duration.ofDays(given.path("expires_in_days").asInt(DAYS)).toMillis();
  }

  private static void checkRedirect(JsonNode given) {
    if (given.hasNonNull("redirect_url")) {
      AbsoluteUrl.checked("redirect_url", given.path("redirect_url").asText());
    }
  }

  private void checkNew(String organizationId, String address) {
    ObjectNode user = users.findBy("email_address", address.toLowerCase(Locale.ROOT));
    if (user != null && memberships.find(organizationId, user.path("id").asText()) != null) {
      throw Memberships.alreadyMember(address);
    }
    for (ObjectNode other : invitations.by("organization_id", organizationId)) {
      if (InvitationState.isPending(other, instance.now())
          && other.path("email_address").asText().equalsIgnoreCase(address)) {
        throw ApiError.of(
            400,
            "organization_invitation_not_unique",
            "%s has a pending invitation to the organization; revoke that one first."
                .formatted(address));
      }
    }
  }

  private JsonNode revoke(ApiRequest call) {
    ObjectNode invitation = invitation(call);
    String requester = call.text("requesting_user_id");
    if (requester != null) {
      memberships.checkManager(invitation.path("organization_id").asText(), requester);
    }
    String status = InvitationState.of(invitation, instance.now());
    if (!status.equals("pending")) {
      throw ApiError.of(
          404,
          "organization_invitation_not_pending",
          "Only a pending invitation can be revoked; this one is %s.".formatted(status));
    }
    return list.view(
        invitations.change(invitation.path("id").asText(), row -> row.put("status", "revoked")));
  }

  private ObjectNode organization(ApiRequest call) {
    return organizations.get(call.variable("organization_id"));
  }

  private ObjectNode invitation(ApiRequest call) {
    String organizationId = organization(call).path("id").asText();
    ObjectNode invitation = invitations.get(call.variable("invitation_id"));
    if (!invitation.path("organization_id").asText().equals(organizationId)) {
      throw ApiError.notFound("organization_invitation", invitation.path("id").asText());
    }
    return invitation;
  }
}
