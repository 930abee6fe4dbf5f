package dev.clerkmcp.sandbox.handlers.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.handlers.support.Metadata;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.handlers.support.Restrictions;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.handlers.user.Identifications;
import dev.clerkmcp.sandbox.handlers.user.Invitations;
import dev.clerkmcp.sandbox.handlers.user.Users;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Handles the endpoints of invitations to organizations: creates, lists and revokes them, and lets
 * them expire.
 */
public final class OrganizationInvitations extends Resource {
  private static final int DAYS = 30;

  private final Table organizations;
  private final Table users;
  private final Memberships memberships;
  private final Roles roles;

  public OrganizationInvitations(HandlerContext context, Memberships memberships, Roles roles) {
    super(
        context,
        ObjectKind.ORGANIZATION_INVITATION,
        "/organizations/{organization_id}/invitations");
    this.organizations = context.table(ObjectKind.ORGANIZATION);
    this.users = context.table(ObjectKind.USER);
    this.memberships = memberships;
    this.roles = roles;
  }

  @Override
  public void register(Routes routes) {
    String path = "/organizations/{organization_id}/invitations";
    routes
        .on("POST " + path + "/bulk", this::createAll)
        .on("GET " + path + "/pending", request -> list(request, "pending"))
        .on("POST " + path + "/{invitation_id}/revoke", this::revoke)
        .on("GET /organization_invitations", this::listOfInstance)
        .on("GET /users/{user_id}/organization_invitations", this::listOfUser);
    super.register(routes);
  }

  @Override
  public JsonNode create(ApiRequest request) {
    return view(invite(organization(request), request.fields()));
  }

  /** Creates all invitations or none. */
  private JsonNode createAll(ApiRequest request) {
    ObjectNode organization = organization(request);
    ObjectNode answer = Json.object();
    for (JsonNode given : request.body()) {
      answer.withArray("/data").add(view(invite(organization, given)));
    }
    return answer.put("total_count", answer.path("data").size());
  }

  private ObjectNode invite(ObjectNode organization, JsonNode given) {
    String organizationId = organization.path("id").asText();
    String address = InputRules.emailAddress("email_address", given.path("email_address").asText());
    roles.getFor(organization, given.path("role").asText());
    if (given.hasNonNull("inviter_user_id")) {
      memberships.checkManager(organizationId, given.path("inviter_user_id").asText());
    }
    checkRedirect(given);
    new Restrictions(context).check(address);
    checkNew(organizationId, address);
    memberships.checkRoom(organization);

    ObjectNode row = newRow();
    row.put("organization_id", organizationId)
        .put("email_address", address)
        .put("role", given.path("role").asText())
        .put("status", "pending")
        .put(
            "url",
            "https://clerk.sandbox.invalid/v1/tickets/accept?ticket="
                + context.store().newSecret("invitation_ticket"))
        .put("expires_at", context.now() + validity(given));
    if (given.hasNonNull("inviter_user_id")) {
      row.set("inviter_id", given.path("inviter_user_id"));
    }
    Metadata.create(row, given);
    return rows.add(row);
  }

  private static long validity(JsonNode given) {
    return Duration.ofDays(given.path("expires_in_days").asInt(DAYS)).toMillis();
  }

  private static void checkRedirect(JsonNode given) {
    if (given.hasNonNull("redirect_url")) {
      InputRules.url("redirect_url", given.path("redirect_url").asText());
    }
  }

  private void checkNew(String organizationId, String address) {
    ObjectNode user = users.findBy("email_address", address.toLowerCase(Locale.ROOT));
    if (user != null && memberships.find(organizationId, user.path("id").asText()) != null) {
      throw Memberships.alreadyMember(address);
    }
    for (ObjectNode other : rows.where("organization_id", organizationId)) {
      if (Invitations.isPending(context, other)
          && other.path("email_address").asText().equalsIgnoreCase(address)) {
        throw ApiError.of(
            400,
            "organization_invitation_not_unique",
            "%s has a pending invitation to the organization; revoke that one first.",
            address);
      }
    }
  }

  private JsonNode revoke(ApiRequest request) {
    return change(
        request,
        invitation -> {
          String requester = request.text("requesting_user_id");
          if (requester != null) {
            memberships.checkManager(invitation.path("organization_id").asText(), requester);
          }
          String status = Invitations.status(context, invitation);
          if (!status.equals("pending")) {
            throw ApiError.of(
                404,
                "organization_invitation_not_pending",
                "Only a pending invitation can be revoked; this one is %s.",
                status);
          }
          invitation.put("status", "revoked");
        });
  }

  private ObjectNode organization(ApiRequest request) {
    return organizations.get(request.variable("organization_id"));
  }

  @Override
  protected ObjectNode current(ObjectNode row) {
    return context.withExpiry(row, "pending", "expires_at");
  }

  @Override
  public ObjectNode view(ObjectNode row) {
    ObjectNode view = current(row).deepCopy();
    if (!view.path("status").asText().equals("pending")) {
      view.putNull("url");
    }
    ObjectNode role = roles.findByKey(row.path("role").asText());
    view.put("role_name", role == null ? "" : role.path("name").asText());
    ObjectNode inviter = users.find(row.path("inviter_id").asText());
    view.set("public_inviter_data", inviter == null ? null : inviterData(inviter));
    return view;
  }

  private static ObjectNode inviterData(ObjectNode user) {
    String identifier = Identifications.findIdentifier(user);
    return Users.publicData(user).put("identifier", identifier == null ? "" : identifier);
  }

  /** Without a status, all that are not revoked are listed. */
  @Override
  public JsonNode list(ApiRequest request) {
    return list(request, request.parameter("status"));
  }

  private JsonNode list(ApiRequest request, @Nullable String status) {
    String id = organization(request).path("id").asText();
    return page(
        request,
        rows.where("organization_id", id).stream().filter(Invitations.withStatus(context, status)));
  }

  private JsonNode listOfInstance(ApiRequest request) {
    return page(request, rows.stream().filter(status(request)));
  }

  private JsonNode listOfUser(ApiRequest request) {
    Set<String> addresses = new HashSet<>();
    users
        .get(request.variable("user_id"))
        .path("email_addresses")
        .forEach(item -> addresses.add(lower(item.path("email_address").asText())));
    return page(
        request,
        rows.stream()
            .filter(status(request))
            .filter(row -> addresses.contains(lower(row.path("email_address").asText()))));
  }

  private Predicate<ObjectNode> status(ApiRequest request) {
    return Invitations.withStatus(context, request.parameter("status"));
  }

  @Override
  public List<String> searched() {
    return List.of("email_address");
  }

  /** A list across organizations shows each invitation's organization. */
  @Override
  protected ObjectNode view(ObjectNode row, ApiRequest request) {
    ObjectNode view = view(row);
    if (!request.variables().containsKey("organization_id")) {
      ObjectNode organization = organizations.get(row.path("organization_id").asText());
      view.set("public_organization_data", Organizations.publicData(organization));
    }
    return view;
  }

  private static String lower(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }
}
