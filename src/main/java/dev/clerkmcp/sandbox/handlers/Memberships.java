package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who belongs to which organization, and in which role. Somebody who can manage members always
 * stays.
 *
 * <p>A row has {@code organization_id} and {@code user_id}; the view has the objects themselves.
 */
final class Memberships {
  private static final String ACTIVE = "last_active_organization_id";

  private final HandlerContext instance;
  private final Table memberships;
  private final Table organizations;
  private final Table users;
  private final Table sessions;
  private final RoleCatalog roles;
  private final OrganizationQuota quota;

  Memberships(HandlerContext instance) {
    this.instance = instance;
    this.memberships = instance.table(ObjectKind.ORGANIZATION_MEMBERSHIP);
    this.organizations = instance.table(ObjectKind.ORGANIZATION);
    this.users = instance.table(ObjectKind.USER);
    this.sessions = instance.table(ObjectKind.SESSION);
    this.roles = new RoleCatalog(instance);
    this.quota = new OrganizationQuota(instance);
  }

  void register(Routes on) {
    on.on("POST /organizations/{organization_id}/memberships", this::create)
        .on("PATCH /organizations/{organization_id}/memberships/{user_id}", this::update)
        .on("DELETE /organizations/{organization_id}/memberships/{user_id}", this::delete)
        .on(
            "PATCH /organizations/{organization_id}/memberships/{user_id}/metadata",
            this::mergeMetadata);
    new MembershipList(instance, this).register(on);
  }

  /** What a row looks like to a caller. */
  ObjectNode view(ObjectNode row) {
    ObjectNode view = row.deepCopy();
    view.remove(List.of("organization_id", "user_id"));
    ObjectNode role = roles.find(row.path("role").asText());
    view.put("role_name", role == null ? "" : role.path("name").asText());
    ArrayNode permissions = view.putArray("permissions");
    if (role != null) {
      RoleCatalog.texts(role.path("permission_keys")).stream().sorted().forEach(permissions::add);
    }
    view.set("organization", organizations.get(row.path("organization_id").asText()));
    view.set("public_user_data", PublicData.ofMember(users.get(row.path("user_id").asText())));
    return view;
  }

  /** The rows of an organization, the oldest first. */
  List<ObjectNode> in(String organizationId) {
    return memberships.by("organization_id", organizationId);
  }

  /** The rows of a user, the oldest first. */
  List<ObjectNode> ofUser(String userId) {
    return memberships.by("user_id", userId);
  }

  /** The row of a user in an organization, if there is one. */
  @Nullable ObjectNode find(String organizationId, String userId) {
    for (ObjectNode row : ofUser(userId)) {
      if (row.path("organization_id").asText().equals(organizationId)) {
        return row;
      }
    }
    return null;
  }

  /**
   * Makes a user a member.
   *
   * @return the row
   * @throws ApiError with status 404 for an unknown organization, user or role, with 400 for one
   *     who is a member already, with 403 if the organization is full
   */
  ObjectNode join(String organizationId, String userId, String role) {
    ObjectNode organization = organizations.get(organizationId);
    users.get(userId);
    roles.getFor(organization, role);
    if (find(organizationId, userId) != null) {
      throw alreadyMember(userId);
    }
    quota.checkRoom(organization);
    ObjectNode row =
        instance.newObject(ObjectKind.ORGANIZATION_MEMBERSHIP, "OrganizationMembership");
    row.remove(List.of("role_name", "permissions", "organization", "public_user_data"));
    row.put("organization_id", organizationId).put("user_id", userId).put("role", role);
    Metadata.create(row, Json.object());
    return memberships.add(row);
  }

  /** Refuses one who is a member already. */
  static ApiError alreadyMember(String who) {
    return ApiError.of(
        400,
        "already_a_member_in_organization",
        "%s is a member of the organization already.".formatted(who));
  }

  /**
   * Makes sure that a user may invite people to an organization.
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
    ObjectNode role = roles.find(row.path("role").asText());
    boolean manages =
        role != null
            && RoleCatalog.texts(role.path("permission_keys")).contains(RoleCatalog.MANAGE_MEMBERS);
    if (!manages) {
      throw ApiError.of(
          403,
          "missing_organization_permission",
          "%s needs a role with %s.".formatted(userId, RoleCatalog.MANAGE_MEMBERS));
    }
  }

  /** Whether an organization has a member with all that it needs, other than the given one. */
  boolean hasElevated(String organizationId, String exceptUserId) {
    return in(organizationId).stream()
        .anyMatch(row -> isElevated(row) && !row.path("user_id").asText().equals(exceptUserId));
  }

  /** Removes a user from everywhere, as the last admin too. */
  void removeAllOf(String userId) {
    ofUser(userId).forEach(row -> memberships.remove(row.path("id").asText()));
  }

  /** Removes everybody from an organization. */
  void removeAllIn(String organizationId) {
    in(organizationId).forEach(this::remove);
  }

  private JsonNode create(ApiRequest call) {
    ObjectNode fields = call.fields();
    ObjectNode row =
        join(
            call.variable("organization_id"),
            fields.path("user_id").asText(),
            fields.path("role").asText());
    return view(memberships.change(row.path("id").asText(), copy -> Metadata.create(copy, fields)));
  }

  private JsonNode update(ApiRequest call) {
    ObjectNode row = row(call);
    String role = call.fields().path("role").asText();
    String organizationId = row.path("organization_id").asText();
    ObjectNode newRole = roles.getFor(organizations.get(organizationId), role);
    if (!RoleCatalog.isElevated(newRole)) {
      checkNotLast(row);
    }
    return view(memberships.change(row.path("id").asText(), copy -> copy.put("role", role)));
  }

  private JsonNode delete(ApiRequest call) {
    ObjectNode row = row(call);
    checkNotLast(row);
    ObjectNode view = view(row);
    remove(row);
    return view;
  }

  private JsonNode mergeMetadata(ApiRequest call) {
    return view(
        memberships.change(
            row(call).path("id").asText(), copy -> Metadata.merge(copy, call.fields())));
  }

  private ObjectNode row(ApiRequest call) {
    String organizationId = organizations.get(call.variable("organization_id")).path("id").asText();
    String userId = call.variable("user_id");
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
          "The organization needs a member who can manage it; give another one such a role first.");
    }
  }

  private boolean isElevated(ObjectNode row) {
    ObjectNode role = roles.find(row.path("role").asText());
    return role != null && RoleCatalog.isElevated(role);
  }

  /** The sessions of one who leaves no longer act for the organization. */
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
