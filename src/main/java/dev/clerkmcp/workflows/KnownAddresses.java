package dev.clerkmcp.workflows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Given;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.Listing;
import dev.clerkmcp.tools.MembershipFilter;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.tools.Page;
import dev.clerkmcp.tools.UserFilter;
import dev.clerkmcp.tools.UserTools;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds out which of some email addresses Clerk knows already, and as what. */
final class KnownAddresses {
  /** The most values of one query parameter that Clerk takes. */
  private static final int MOST_VALUES = 100;

  private static final int MOST_ROWS = 500;

  private KnownAddresses() {}

  /** A list of pending invitations; with an address, of those that fit it. */
  interface Pending {
    Listing list(@Nullable String address, Page page);
  }

  /** The IDs of the users who have any of the addresses, by address. */
  static Map<String, String> users(List<String> addresses, UserTools users) {
    List<Supplier<Listing>> parts = new ArrayList<>();
    for (List<String> portion : Portions.of(addresses, MOST_VALUES)) {
      Given<UserFilter> filter = new Given<>(filter("email_address", portion));
      Page page = new Page(MOST_ROWS, null);
      parts.add(Invocation.current().fork(() -> users.list(filter, page, null, null)));
    }
    Set<String> wanted = Set.copyOf(addresses);
    Map<String, String> found = new TreeMap<>();
    for (JsonNode user : rows(parts)) {
      for (JsonNode address : user.path("email_addresses")) {
        String normal = EmailList.normal(address.path("email_address").asText());
        if (wanted.contains(normal)) {
          found.put(normal, user.path("id").asText());
        }
      }
    }
    return found;
  }

  /** Who of some users is a member of an organization, by ID. */
  static Set<String> members(
      Set<String> userIds, String organizationId, OrganizationMembershipTools memberships) {
    List<Supplier<Listing>> parts = new ArrayList<>();
    for (List<String> portion : Portions.of(List.copyOf(userIds), MOST_VALUES)) {
      Given<MembershipFilter> filter = new Given<>(filter("user_id", portion));
      Page page = new Page(MOST_ROWS, null);
      parts.add(Invocation.current().fork(() -> memberships.list(organizationId, filter, page)));
    }
    Set<String> members = new HashSet<>();
    for (JsonNode membership : rows(parts)) {
      members.add(membership.path("public_user_data").path("user_id").asText());
    }
    return members;
  }

  /** Who of them has a pending invitation. */
  static Set<String> invited(List<String> addresses, Pending pending) {
    if (addresses.isEmpty()) {
      return Set.of();
    }
    Listing first = pending.list(null, new Page(MOST_ROWS, 0L));
    long total = first.totalCount() == null ? first.data().size() : first.totalCount();
    List<Supplier<Listing>> parts = new ArrayList<>();
    parts.add(() -> first);
    if (total / MOST_ROWS > addresses.size()) { // then it takes less to ask for each address
      for (String address : addresses) {
        parts.add(part(pending, address, 0));
      }
    } else {
      for (long offset = MOST_ROWS; offset < total; offset += MOST_ROWS) {
        parts.add(part(pending, null, offset));
      }
    }
    Set<String> invited = new HashSet<>();
    for (JsonNode invitation : rows(parts)) {
      invited.add(EmailList.normal(invitation.path("email_address").asText()));
    }
    invited.retainAll(Set.copyOf(addresses));
    return invited;
  }

  private static Supplier<Listing> part(Pending pending, @Nullable String address, long offset) {
    Page page = new Page(MOST_ROWS, offset);
    return Invocation.current().fork(() -> pending.list(address, page));
  }

  private static List<JsonNode> rows(List<Supplier<Listing>> parts) {
    List<JsonNode> rows = new ArrayList<>();
    parts.forEach(part -> part.get().data().forEach(rows::add));
    return rows;
  }

  private static ObjectNode filter(String name, List<String> values) {
    ObjectNode filter = Json.object();
    ArrayNode list = filter.putArray(name);
    values.forEach(list::add);
    return filter;
  }
}
