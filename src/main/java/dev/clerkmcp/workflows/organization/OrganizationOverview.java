package dev.clerkmcp.workflows.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.json.IsoTime;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.workflows.support.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Renders the overview of an organization, with fewer member rows if it would be too long.
 *
 * @param notRead which parts are missing, and why
 */
record OrganizationOverview(
    JsonNode organization,
    MemberCounts members,
    Optional<ListPage> invitations,
    Optional<ListPage> domains,
    Optional<ListPage> connections,
    ObjectNode notRead) {
  private static final int MAX_TOKENS = 13_000;

  private static final int ROWS = 5;
  private static final int DOMAINS = 10;
  private static final int KEYS = 8;

  /** The lists that are left out if they are empty. */
  private static final List<String> LISTS =
      List.of("flags", "invitations", "domains", "enterprise_connections");

  /** The other fields that are left out if there is no value. */
  private static final List<String> VALUES =
      List.of(
          "name",
          "slug",
          "created_by",
          "role_set_key",
          "created_at",
          "last_active_at",
          "seats_left",
          "members_count",
          "pending_invitations_count");

  /** The overview. */
  ObjectNode render() {
    int rows = members.rows().size();
    ObjectNode answer = render(rows);
    while (Rows.tokens(answer) > MAX_TOKENS && rows > 0) {
      rows = rows * 3 / 4;
      answer = render(rows);
    }
    return answer;
  }

  private ObjectNode render(int memberRows) {
    ObjectNode answer = Json.object().put("id", organization.path("id").asText());
    for (String field : List.of("name", "slug", "created_by", "role_set_key")) {
      Rows.put(answer, field, organization.path(field));
    }
    List<String> flags = flags();
    if (!flags.isEmpty()) {
      flags.forEach(answer.putArray("flags")::add);
    }
    IsoTime.put(answer, "created_at", organization.path("created_at"));
    IsoTime.put(answer, "last_active_at", organization.path("last_active_at"));
    answer.put("admin_delete_enabled", organization.path("admin_delete_enabled").asBoolean());
    seats(answer);
    if (!members.byRole().isEmpty()) {
      ObjectNode byRole = answer.putObject("members_by_role");
      members.byRole().forEach(byRole::put);
    }
    Rows.putRows(answer, "admins", members.admins(), members.admins().size(), members.adminCount());
    members(answer, memberRows);
    list(answer, "invitations", invitations, OrganizationOverview::invitation, ROWS);
    list(answer, "domains", domains, OrganizationOverview::domain, DOMAINS);
    list(answer, "enterprise_connections", connections, OrganizationOverview::connection, DOMAINS);
    Rows.putMetadata(answer, organization, KEYS);
    Rows.addEmpty(answer, LISTS, Json.array(), notRead);
    Rows.addEmpty(answer, VALUES, NullNode.getInstance(), notRead);
    List<String> parts = List.of("members");
    Rows.addEmpty(answer, "admins", parts, Json.array(), notRead);
    Rows.addEmpty(answer, "members_by_role", parts, Json.object(), notRead);
    if (members.total().orElse(0L) == 0) { // else the caller asked for no rows of them
      Rows.addEmpty(answer, "members", parts, Json.array(), notRead);
    }
    Rows.addEmptyMetadata(answer, organization);
    if (!notRead.isEmpty()) {
      answer.set("not_read", notRead);
    }
    return answer;
  }

  private List<String> flags() {
    List<String> flags = new ArrayList<>();
    long count = memberCount();
    if (organization.path("missing_member_with_elevated_permissions").asBoolean()) {
      flags.add("without_admin");
    } else if (members.adminCount() == 1 && count > 1) {
      flags.add("single_admin");
    }
    if (count == 0) {
      flags.add("without_members");
    }
    Long left = seatsLeft();
    if (left != null && left <= 0) {
      flags.add("full");
    }
    return flags;
  }

  private long memberCount() {
    JsonNode count = organization.path("members_count");
    return count.isNumber() ? count.asLong() : members.total().orElse(-1L);
  }

  private long invitationCount() {
    JsonNode count = organization.path("pending_invitations_count");
    return invitations.map(ListPage::total).orElse(count.isNumber() ? count.asLong() : -1L);
  }

  private @Nullable Long seatsLeft() {
    long most = organization.path("max_allowed_memberships").asLong();
    long count = memberCount();
    long invited = invitationCount();
    return most <= 0 || count < 0 || invited < 0
        ? null
        : Long.valueOf(Math.max(0, most - count - invited));
  }

  private void seats(ObjectNode answer) {
    long most = organization.path("max_allowed_memberships").asLong();
    answer.put("max_allowed_memberships", most);
    Long left = seatsLeft();
    if (most == 0) {
      answer.put("seats_left", "unlimited");
    } else if (left != null) {
      answer.put("seats_left", left);
    }
    if (memberCount() >= 0) {
      answer.put("members_count", memberCount());
    }
    if (invitationCount() >= 0) {
      answer.put("pending_invitations_count", invitationCount());
    }
  }

  private void members(ObjectNode answer, int rows) {
    long left = members.total().orElse(0L) - rows;
    if (rows > 0) {
      members.rows().stream().limit(rows).forEach(answer.putArray("members")::add);
    }
    if (left > 0) {
      answer.put("members_left_out", left);
    }
  }

  private static void list(
      ObjectNode answer,
      String name,
      Optional<ListPage> part,
      Function<JsonNode, ObjectNode> row,
      int most) {
    if (part.isEmpty()) {
      return;
    }
    List<ObjectNode> rows = new ArrayList<>();
    part.get().data().forEach(item -> rows.add(row.apply(item)));
    Rows.putRows(answer, name, rows, most, part.get().total());
  }

  private static ObjectNode invitation(JsonNode invitation) {
    ObjectNode row = Json.object().put("id", invitation.path("id").asText());
    Rows.put(row, "email_address", invitation.path("email_address"));
    Rows.put(row, "role", invitation.path("role"));
    IsoTime.put(row, "created_at", invitation.path("created_at"));
    IsoTime.put(row, "expires_at", invitation.path("expires_at"));
    return row;
  }

  private static ObjectNode domain(JsonNode domain) {
    ObjectNode row = Json.object().put("id", domain.path("id").asText());
    Rows.put(row, "name", domain.path("name"));
    Rows.put(row, "enrollment_mode", domain.path("enrollment_mode"));
    return row.put("verified", ClerkUser.isVerified(domain));
  }

  private static ObjectNode connection(JsonNode connection) {
    ObjectNode row = Json.object().put("id", connection.path("id").asText());
    Rows.put(row, "name", connection.path("name"));
    Rows.put(row, "provider", connection.path("provider"));
    row.put("active", connection.path("active").asBoolean());
    if (connection.path("domains") instanceof ArrayNode domains && !domains.isEmpty()) {
      ArrayNode shown = row.putArray("domains");
      for (int i = 0; i < Math.min(DOMAINS, domains.size()); i++) {
        shown.add(domains.get(i));
      }
    }
    return row;
  }
}
