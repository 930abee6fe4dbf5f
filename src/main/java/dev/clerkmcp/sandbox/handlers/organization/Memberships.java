package dev.clerkmcp.sandbox.handlers.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.OrganizationRole;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Metadata;
import dev.clerkmcp.sandbox.handlers.support.OldListQuery;
import dev.clerkmcp.sandbox.handlers.support.OldListQuery.SortOrder;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.handlers.user.Identifications;
import dev.clerkmcp.sandbox.handlers.user.Invitations;
import dev.clerkmcp.sandbox.handlers.user.UserList;
import dev.clerkmcp.sandbox.handlers.user.Users;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Handles the endpoints of memberships in organizations. The last member who can manage an
 * organization cannot leave it.
 *
 * <p>A row has {@code organization_id} and {@code user_id}; a view has the objects themselves.
 */
public final class Memberships {
  private static final String ACTIVE = "last_active_organization_id";

  private static final List<String> ORDERS =
      List.of("phone_number", "email_address", "created_at", "first_name", "last_name", "username");

  private static final String NEWEST_FIRST = "-created_at";

  private final HandlerContext context;
  private final Table memberships;
  private final Table organizations;
  private final Table users;
  private final Table sessions;
  private final Table invitations;
  private final UserList userList;
  private final Roles roles;

  public Memberships(HandlerContext context, Roles roles) {
    this.context = context;
    this.memberships = context.table(ObjectKind.ORGANIZATION_MEMBERSHIP);
    this.organizations = context.table(ObjectKind.ORGANIZATION);
    this.users = context.table(ObjectKind.USER);
    this.sessions = context.table(ObjectKind.SESSION);
    this.invitations = context.table(ObjectKind.ORGANIZATION_INVITATION);
    this.userList = new UserList(context);
    this.roles = roles;
  }

  public void register(Routes routes) {
    routes
        .on("POST /organizations/{organization_id}/memberships", this::create)
        .on("PATCH /organizations/{organization_id}/memberships/{user_id}", this::update)
        .on("DELETE /organizations/{organization_id}/memberships/{user_id}", this::delete)
        .on(
            "PATCH /organizations/{organization_id}/memberships/{user_id}/metadata",
            this::mergeMetadata)
        .on("GET /organization_memberships", this::listOfInstance)
        .on("GET /organizations/{organization_id}/memberships", this::listOfOrganization)
        .on("GET /users/{user_id}/organization_memberships", this::listOfUser);
  }

  /** A row as Clerk shows it. */
  ObjectNode view(ObjectNode row) {
    ObjectNode view = row.deepCopy();
    view.remove(List.of("organization_id", "user_id"));
    ObjectNode role = roles.findByKey(row.path("role").asText());
    view.put("role_name", role == null ? "" : role.path("name").asText());
    ArrayNode permissions = view.putArray("permissions");
    if (role != null) {
      HandlerContext.texts(role.path("permission_keys")).stream()
          .sorted()
          .forEach(permissions::add);
    }
    view.set("organization", organizations.get(row.path("organization_id").asText()));
    view.set("public_user_data", memberData(users.get(row.path("user_id").asText())));
    return view;
  }

  private static ObjectNode memberData(ObjectNode user) {
    ObjectNode data = Users.publicData(user);
    data.set("profile_image_url", data.path("image_url"));
    data.put("identifier", Identifications.findIdentifier(user));
    data.set("username", user.path("username").isTextual() ? user.path("username") : null);
    return data.put("banned", user.path("banned").asBoolean()).put("deprovisioned", false);
  }

  /** The rows of an organization, the oldest first. */
  List<ObjectNode> of(String organizationId) {
    return memberships.by("organization_id", organizationId);
  }

  /** The rows of a user, the oldest first. */
  List<ObjectNode> ofUser(String userId) {
    return memberships.by("user_id", userId);
  }

  /** The row of a user in an organization, or null. */
  @Nullable ObjectNode find(String organizationId, String userId) {
    for (ObjectNode row : ofUser(userId)) {
      if (row.path("organization_id").asText().equals(organizationId)) {
        return row;
      }
    }
    return null;
  }

  /**
   * Adds a user to an organization.
   *
   * @return the row
   * @throws ApiError with status 404 for an unknown organization, user or role, with 400 if the
   *     user is already a member, with 403 if the organization is full
   */
  ObjectNode join(String organizationId, String userId, String role) {
    ObjectNode organization = organizations.get(organizationId);
    users.get(userId);
    roles.getFor(organization, role);
    if (find(organizationId, userId) != null) {
      throw alreadyMember(userId);
    }
    checkRoom(organization);
    ObjectNode row =
        context.newObject(ObjectKind.ORGANIZATION_MEMBERSHIP, "OrganizationMembership");
    row.remove(List.of("role_name", "permissions", "organization", "public_user_data"));
    row.put("organization_id", organizationId).put("user_id", userId).put("role", role);
    Metadata.create(row, Json.object());
    return memberships.add(row);
  }

  /** The error for a user who is a member already. */
  static ApiError alreadyMember(String who) {
    return ApiError.of(
        400,
        "already_a_member_in_organization",
        "%s is a member of the organization already.".formatted(who));
  }

  /**
   * Checks that a user may invite people to an organization.
   *
   * @throws ApiError with status 404 for an unknown user, with 403 for one without that permission
   */
  void checkManager(String organizationId, String userId) {
    users.get(userId);
    ObjectNode row = find(organizationId, userId);
    if (row == null) {
      throw ApiError.of(
          403,
          "not_a_member_in_organization",
          "%s is not a member of the organization.".formatted(userId));
    }
    ObjectNode role = roles.findByKey(row.path("role").asText());
    boolean manages =
        role != null
            && HandlerContext.texts(role.path("permission_keys"))
                .contains(OrganizationRole.MANAGE_MEMBERS);
    if (!manages) {
      throw ApiError.of(
          403,
          "missing_organization_permission",
          "%s needs a role with %s.".formatted(userId, OrganizationRole.MANAGE_MEMBERS));
    }
  }

  /** Whether an organization has a member with elevated permissions other than the given one. */
  boolean hasElevated(String organizationId, String exceptUserId) {
    return of(organizationId).stream()
        .anyMatch(row -> isElevated(row) && !row.path("user_id").asText().equals(exceptUserId));
  }

  /** Removes all members of an organization. */
  void removeAllIn(String organizationId) {
    of(organizationId).forEach(this::remove);
  }

  int count(String organizationId) {
    return memberships.by("organization_id", organizationId).size();
  }

  int pendingInvitations(String organizationId) {
    return (int)
        invitations.by("organization_id", organizationId).stream()
            .filter(row -> Invitations.isPending(context, row))
            .count();
  }

  /**
   * Checks that an organization has room for one more member. Pending invitations count as members.
   *
   * @throws ApiError with status 403 if it is full
   */
  void checkRoom(ObjectNode organization) {
    String id = organization.path("id").asText();
    int most = organization.path("max_allowed_memberships").asInt();
    if (most != 0 && count(id) + pendingInvitations(id) >= most) {
      throw ApiError.of(
          403,
          "organization_membership_quota_exceeded",
          "The organization has %s members and pending invitations, the limit that max_allowed_memberships sets."
              .formatted(most));
    }
  }

  private JsonNode listOfInstance(ApiRequest request) {
    return pageOfViews(request, ordered(request));
  }

  private JsonNode listOfOrganization(ApiRequest request) {
    String id = organizations.get(request.variable("organization_id")).path("id").asText();
    Set<String> roles = Set.copyOf(request.parameters("role"));
    return pageOfViews(
        request,
        ordered(request)
            .filter(row -> row.path("organization_id").asText().equals(id))
            .filter(row -> roles.isEmpty() || roles.contains(row.path("role").asText())));
  }

  private JsonNode listOfUser(ApiRequest request) {
    String id = users.get(request.variable("user_id")).path("id").asText();
    Comparator<ObjectNode> newest = OldListQuery.order(request, NEWEST_FIRST, ORDERS).comparator();
    return pageOfViews(request, ofUser(id).stream().sorted(newest));
  }

  /**
   * The memberships of the users that the request selects, in the order of the users. Only the
   * order {@code created_at} refers to the memberships themselves.
   */
  private Stream<ObjectNode> ordered(ApiRequest request) {
    SortOrder order = OldListQuery.order(request, NEWEST_FIRST, ORDERS);
    Stream<ObjectNode> rows =
        userList.find(request).stream().flatMap(user -> ofUser(user.path("id").asText()).stream());
    return order.field().equals("created_at") ? rows.sorted(order.comparator()) : rows;
  }

  /** The requested page. Views are created only for its rows, because each takes a while. */
  private JsonNode pageOfViews(ApiRequest request, Stream<ObjectNode> rows) {
    JsonNode page = context.page(request, rows.toList());
    if (page.path("data") instanceof ArrayNode data) {
      for (int i = 0; i < data.size(); i++) {
        data.set(i, view((ObjectNode) data.get(i)));
      }
    }
    return page;
  }

  private JsonNode create(ApiRequest request) {
    ObjectNode fields = request.fields();
    ObjectNode row =
        join(
            request.variable("organization_id"),
            fields.path("user_id").asText(),
            fields.path("role").asText());
    return view(memberships.change(row.path("id").asText(), copy -> Metadata.create(copy, fields)));
  }

  private JsonNode update(ApiRequest request) {
    ObjectNode row = row(request);
    String role = request.fields().path("role").asText();
    String organizationId = row.path("organization_id").asText();
    ObjectNode newRole = roles.getFor(organizations.get(organizationId), role);
    if (!Roles.isElevated(newRole)) {
      checkNotLast(row);
    }
    return view(memberships.change(row.path("id").asText(), copy -> copy.put("role", role)));
  }

  private JsonNode delete(ApiRequest request) {
    ObjectNode row = row(request);
    checkNotLast(row);
    ObjectNode view = view(row);
    remove(row);
    return view;
  }

  private JsonNode mergeMetadata(ApiRequest request) {
    return view(
        memberships.change(
            row(request).path("id").asText(), copy -> Metadata.merge(copy, request.fields())));
  }

  private ObjectNode row(ApiRequest request) {
    String organizationId =
        organizations.get(request.variable("organization_id")).path("id").asText();
    String userId = request.variable("user_id");
    ObjectNode row = find(organizationId, userId);
    if (row == null) {
      throw ApiError.of(
          404, "resource_not_found", "%s is not a member of %s.".formatted(userId, organizationId));
    }
    return row;
  }

  private void checkNotLast(ObjectNode row) {
    if (isElevated(row)
        && !hasElevated(row.path("organization_id").asText(), row.path("user_id").asText())) {
      throw ApiError.of(
          400,
          "organization_minimum_permissions_needed",
          "The organization needs a member who can manage it; give another member a role that can first.");
    }
  }

  private boolean isElevated(ObjectNode row) {
    ObjectNode role = roles.findByKey(row.path("role").asText());
    return role != null && Roles.isElevated(role);
  }

  /** Removes a row. The organization is then no longer active in the user's sessions. */
  private void remove(ObjectNode row) {
    memberships.remove(row.path("id").asText());
    String organizationId = row.path("organization_id").asText();
    for (ObjectNode session : sessions.by("user_id", row.path("user_id").asText())) {
      if (session.path(ACTIVE).asText().equals(organizationId)) {
        sessions.change(session.path("id").asText(), copy -> copy.putNull(ACTIVE));
      }
    }
  }
}
