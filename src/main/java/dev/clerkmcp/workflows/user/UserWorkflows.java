package dev.clerkmcp.workflows.user;

import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.Effect.UPDATE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.CallOptions;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.registry.argument.PartialUpdate;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.tools.OrganizationMembershipWorkflows;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.tools.UserTools.UserFilter;
import dev.clerkmcp.tools.UserTools.UserMetadata;
import dev.clerkmcp.tools.UserTools.UserOrder;
import dev.clerkmcp.tools.UserTools.UserPrimaries;
import dev.clerkmcp.tools.UserTools.UserProfile;
import dev.clerkmcp.workflows.support.TwoPartUpdate;
import dev.clerkmcp.workflows.support.UserTotal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lists users with their total number and, within an organization, their roles. Changes a user and
 * their metadata with one tool call, which sends up to two requests to Clerk.
 */
@ToolGroup(id = "users")
public final class UserWorkflows {
  private final UserTools users;
  private final OrganizationMembershipTools memberships;

  public UserWorkflows(UserTools users, OrganizationMembershipTools memberships) {
    this.users = users;
    this.memberships = memberships;
  }

  @Tool(
      name = "clerk_users_list",
      title = "List users",
      effect = READ,
      core = true,
      alwaysLoad = true,
      where =
          "E.g. !mfa, !password, providers = google, organizations >= 2, public_metadata.plan = team",
      aliases = {"clerk_list_users", "list_auth_users"})
  @Description(
      "List users, newest first. Rows have days: without last_sign_in_at it"
          + " is that of created_at (or never_signed_in), without last_active_at that of"
          + " last_sign_in_at.")
  public ListPage list(
      @Arg("Its members, with roles") @Nullable String organization,
      PartialUpdate<UserFilter> filter,
      UserOrder order,
      PageRequest page) {
    PartialUpdate<UserFilter> wanted = organization == null ? filter : within(organization, filter);
    UserTotal counting = counting(wanted);
    ArrayNode rows = users.list(wanted, page, order).data();
    if (organization != null) {
      addRoles(rows, organization);
    }
    noteUnverified(rows, wanted.json());
    noteEmptyLast(order);
    Long total = isTotalShown() ? counting.findOrTell() : counting.find();
    return new ListPage(rows, total, next(rows, total, order, page));
  }

  @Tool(
      name = "clerk_user_update",
      title = "Change user",
      effect = UPDATE,
      core = true,
      searchHint = "rename, reset password",
      openWorld = true,
      aliases = "clerk_update_user",
      sends = {"PATCH /users/{user_id}", "PATCH /users/{user_id}/metadata"})
  @Description(
      "Change a user; what is left out stays. Metadata is merged. More arguments, e.g. other primaries:"
          + " clerk_tools_search.")
  public JsonNode update(
      @Arg("user_...") String userId,
      PartialUpdate<UserProfile> profile,
      PartialUpdate<UserPrimaries> primaries,
      PartialUpdate<UserMetadata> metadata) {
    ObjectNode fields = profile.json().deepCopy().setAll(primaries.json());
    return TwoPartUpdate.run(
        fields,
        () -> users.update(userId, profile, primaries),
        metadata.json(),
        () -> users.mergeMetadata(userId, metadata));
  }

  /** Tells where Clerk puts users without the time by which they are ordered. */
  private static void noteEmptyLast(UserOrder order) {
    String field = order.orderBy() == null ? "" : order.orderBy().replaceFirst("^[+-]", "");
    if (List.of("last_sign_in_at", "last_active_at").contains(field)) {
      Invocation.current()
          .note("Clerk puts users without %s last, in both directions.".formatted(field));
    }
  }

  /** The total, which is asked once in a call that reads several pages. */
  private UserTotal counting(PartialUpdate<UserFilter> filter) {
    Total total = context().attribute(Total.class, Total::new);
    UserTotal counting = total.counting;
    if (counting == null) {
      counting = UserTotal.begin(users, filter);
      total.counting = counting;
    }
    return counting;
  }

  private static final class Total {
    private @Nullable UserTotal counting;
  }

  /** Whether the answer tells how many users match the filter, rather than what was read. */
  private static boolean isTotalShown() {
    CallOptions options = context().options();
    return !options.selects() && options.export() == null;
  }

  private static ToolCallContext context() {
    return Objects.requireNonNull(Invocation.current().context());
  }

  /** Tells which rows were found by an identifier that is not proven to be the user's. */
  private static void noteUnverified(ArrayNode rows, ObjectNode filter) {
    List<String> unverified = new ArrayList<>();
    for (JsonNode row : rows) {
      ClerkUser user = new ClerkUser(row);
      for (Identifier kind : Identifier.values()) {
        for (JsonNode value : filter.path(kind.field())) {
          if (user.has(kind, value.asText()) && !user.isNamedBy(kind, value.asText())) {
            unverified.add(
                "%s of %s"
                    .formatted(QuotedText.plain(value.asText()), QuotedText.plain(user.id())));
          }
        }
      }
    }
    if (!unverified.isEmpty()) {
      Invocation.current()
          .note(
              "Unverified, so not proven to be theirs: %s."
                  .formatted(QuotedText.first(unverified)));
    }
  }

  private static PartialUpdate<UserFilter> within(
      String organizationId, PartialUpdate<UserFilter> filter) {
    if (filter.json().has("organization_id")) {
      throw InvalidArgumentsException.of("organization_id", "cannot be combined with organization");
    }
    ObjectNode wanted = filter.json().deepCopy();
    wanted.putArray("organization_id").add(organizationId);
    return new PartialUpdate<>(wanted);
  }

  private void addRoles(ArrayNode users, String organizationId) {
    List<String> ids = new ArrayList<>();
    users.forEach(user -> ids.add(user.path("id").asText()));
    Map<String, JsonNode> members =
        OrganizationMembershipWorkflows.members(organizationId, ids, memberships);
    for (JsonNode user : users) {
      JsonNode membership = members.get(user.path("id").asText());
      ((ObjectNode) user)
          .set("organization_role", membership == null ? null : membership.path("role"));
    }
  }

  /** The arguments for the next page: a cursor where Clerk has one. */
  private static @Nullable ObjectNode next(
      ArrayNode rows, @Nullable Long total, UserOrder order, PageRequest page) {
    long limit = page.limit() == null ? ListPage.DEFAULT_LIMIT : page.limit();
    long end = (page.offset() == null ? 0 : page.offset()) + rows.size();
    boolean full = rows.size() >= limit;
    boolean counted = total != null && order.startingAfter() == null;
    boolean more = counted ? end < total : full;
    if (!more || rows.isEmpty()) {
      return null;
    }
    String orderBy = order.orderBy();
    boolean byCreation = orderBy == null || orderBy.endsWith("created_at");
    return byCreation && page.offset() == null
        ? UserOrder.next(rows)
        : Json.object().put("offset", end);
  }
}
