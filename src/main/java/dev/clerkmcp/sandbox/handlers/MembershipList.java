package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The lists of memberships: of an organization, of a user, and of the whole instance. */
final class MembershipList {
  private static final List<String> ORDERS =
      List.of("phone_number", "email_address", "created_at", "first_name", "last_name", "username");

  private static final String NEWEST = "-created_at";

  private final HandlerContext instance;
  private final Memberships memberships;
  private final UserList users;
  private final Table organizations;
  private final Table userTable;

  MembershipList(HandlerContext instance, Memberships memberships) {
    this.instance = instance;
    this.memberships = memberships;
    this.users = new UserList(instance);
    this.organizations = instance.table(ObjectKind.ORGANIZATION);
    this.userTable = instance.table(ObjectKind.USER);
  }

  void register(Routes on) {
    on.on("GET /organization_memberships", this::ofInstance)
        .on("GET /organizations/{organization_id}/memberships", this::ofOrganization)
        .on("GET /users/{user_id}/organization_memberships", this::ofUser);
  }

  private JsonNode ofInstance(ApiRequest call) {
    return page(call, ordered(call));
  }

  private JsonNode ofOrganization(ApiRequest call) {
    String id = organizations.get(call.variable("organization_id")).path("id").asText();
    Set<String> roles = Set.copyOf(call.parameters("role"));
    return page(
        call,
        ordered(call)
            .filter(row -> row.path("organization_id").asText().equals(id))
            .filter(row -> roles.isEmpty() || roles.contains(row.path("role").asText())));
  }

  private JsonNode ofUser(ApiRequest call) {
    String id = userTable.get(call.variable("user_id")).path("id").asText();
    Comparator<ObjectNode> newest = SortOrder.of(call, NEWEST, ORDERS).comparator();
    return page(call, memberships.ofUser(id).stream().sorted(newest));
  }

  /**
   * The memberships of the users whom the call asks for, in their order; only by {@code created_at}
   * the memberships have one of their own.
   */
  private Stream<ObjectNode> ordered(ApiRequest call) {
    SortOrder order = SortOrder.of(call, NEWEST, ORDERS);
    Stream<ObjectNode> rows =
        users.find(call).stream()
            .flatMap(user -> memberships.ofUser(user.path("id").asText()).stream());
    return order.field().equals("created_at") ? rows.sorted(order.comparator()) : rows;
  }

  /** Only the rows of the page are shown, for a view takes a while. */
  private JsonNode page(ApiRequest call, Stream<ObjectNode> rows) {
    JsonNode page = instance.page(call, rows.toList());
    if (page.path("data") instanceof ArrayNode data) {
      for (int i = 0; i < data.size(); i++) {
        data.set(i, memberships.view((ObjectNode) data.get(i)));
      }
    }
    return page;
  }
}
