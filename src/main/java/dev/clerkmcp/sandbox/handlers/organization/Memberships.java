package dev.clerkmcp.sandbox.handlers.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.OrganizationRole;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.ListQuery;
import dev.clerkmcp.sandbox.handlers.support.Metadata;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.handlers.user.Identifications;
import dev.clerkmcp.sandbox.handlers.user.Invitations;
import dev.clerkmcp.sandbox.handlers.user.UserList;
import dev.clerkmcp.sandbox.handlers.user.Users;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Handles the endpoints of memberships in organizations. The last member who can manage an
 * organization cannot leave it.
 *
 * <p>A row has {@code organization_id} and {@code user_id}; a view has the objects themselves.
 */
public final class Memberships extends Resource {
  private static final String ACTIVE = "last_active_organization_id";

  private final Table organizations;
  private final Table users;
  private final Table sessions;
  private final Table invitations;
  private final UserList userList;
  private final Roles roles;

  public Memberships(HandlerContext context, Roles roles) {
    super(
        context,
        ObjectKind.ORGANIZATION_MEMBERSHIP,
        "/organizations/{organization_id}/memberships");
    this.organizations = context.table(ObjectKind.ORGANIZATION);
    this.users = context.table(ObjectKind.USER);
    this.sessions = context.table(ObjectKind.SESSION);
    this.invitations = context.table(ObjectKind.ORGANIZATION_INVITATION);
    this.userList = new UserList(context);
    this.roles = roles;
  }

  @Override
  public void register(Routes routes) {
    super.register(routes);
    routes
        .on(
            "PATCH /organizations/{organization_id}/memberships/{user_id}/metadata",
            request -> change(request, row -> Metadata.merge(row, request.fields())))
        .on("GET /organization_memberships", request -> list(request, row -> true))
        .on("GET /users/{user_id}/organization_memberships", this::listOfUser);
  }

  @Override
  public ObjectNode view(ObjectNode row) {
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
    return rows.where("organization_id", organizationId);
  }

  /** The rows of a user, the oldest first. */
  List<ObjectNode> ofUser(String userId) {
    return rows.where("user_id", userId);
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
    ObjectNode row = newRow();
    row.remove(List.of("role_name", "permissions", "organization", "public_user_data"));
    row.put("organization_id", organizationId).put("user_id", userId).put("role", role);
    Metadata.create(row, Json.object());
    return rows.add(row);
  }

  /** The error for a user who is a member already. */
  static ApiError alreadyMember(String who) {
    return ApiError.of(
        400,
        "already_a_member_in_organization",
        "%s is a member of the organization already.",
        who);
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
          403, "not_a_member_in_organization", "%s is not a member of the organization.", userId);
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
          "%s needs a role with %s.",
          userId,
          OrganizationRole.MANAGE_MEMBERS);
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
    return rows.where("organization_id", organizationId).size();
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
          "The organization has %s members and pending invitations, the limit that max_allowed_memberships sets.",
          most);
    }
  }

  @Override
  public JsonNode list(ApiRequest request) {
    String id = id(organizations.get(request.variable("organization_id")));
    return list(request, row -> row.path("organization_id").asText().equals(id));
  }

  private JsonNode listOfUser(ApiRequest request) {
    return page(request, ofUser(id(users.get(request.variable("user_id")))).stream());
  }

  /**
   * The memberships of the users that the request selects, in the order of the users. Only the
   * order {@code created_at} refers to the memberships themselves.
   */
  private JsonNode list(ApiRequest request, Predicate<ObjectNode> which) {
    ListQuery query = new ListQuery(request, this);
    Stream<ObjectNode> found =
        userList.find(request).stream().flatMap(user -> ofUser(id(user)).stream()).filter(which);
    List<ObjectNode> sorted =
        query.orderField().equals("created_at")
            ? query.select(found)
            : query.matching(found).toList();
    return context.page(request, sorted, this::view);
  }

  /** The other parameters select the members as users. */
  @Override
  public boolean selects(String parameter) {
    return parameter.equals("role");
  }

  @Override
  public JsonNode create(ApiRequest request) {
    ObjectNode row =
        join(request.variable("organization_id"), request.field("user_id"), request.field("role"));
    return view(rows.change(id(row), copy -> Metadata.create(copy, request.fields())));
  }

  @Override
  protected void set(ObjectNode row, ApiRequest request) {
    String role = request.field("role");
    ObjectNode organization = organizations.get(row.path("organization_id").asText());
    if (!Roles.isElevated(roles.getFor(organization, role))) {
      checkNotLast(row);
    }
    row.put("role", role);
  }

  @Override
  public JsonNode delete(ApiRequest request) {
    ObjectNode row = row(request);
    checkNotLast(row);
    ObjectNode view = view(row);
    remove(row);
    return view;
  }

  @Override
  protected ObjectNode row(ApiRequest request) {
    String organizationId = id(organizations.get(request.variable("organization_id")));
    String userId = request.variable("user_id");
    ObjectNode row = find(organizationId, userId);
    if (row == null) {
      throw ApiError.of(
          404, "resource_not_found", "%s is not a member of %s.", userId, organizationId);
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
    rows.remove(id(row));
    sessions.changeAll(
        session ->
            session.path("user_id").equals(row.path("user_id"))
                && session.path(ACTIVE).equals(row.path("organization_id")),
        session -> session.putNull(ACTIVE));
  }
}
