package dev.clerkmcp.sandbox.behaviour;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.contract.Call;
import dev.clerkmcp.sandbox.world.Kind;
import dev.clerkmcp.sandbox.world.Table;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The lists of memberships: of an organization, of a user, and of the whole instance. */
final class MembershipList {
  private static final List<String> ORDERS =
      List.of("phone_number", "email_address", "created_at", "first_name", "last_name", "username");

  private static final String NEWEST = "-created_at";

  private final Instance instance;
  private final Memberships memberships;
  private final UserList users;
  private final Table organizations;
  private final Table userTable;

  MembershipList(Instance instance, Memberships memberships) {
    this.instance = instance;
    this.memberships = memberships;
    this.users = new UserList(instance);
    this.organizations = instance.table(Kind.ORGANIZATION);
    this.userTable = instance.table(Kind.USER);
  }

  void register(Routes on) {
    on.on("GET /organization_memberships", this::ofInstance)
        .on("GET /organizations/{organization_id}/memberships", this::ofOrganization)
        .on("GET /users/{user_id}/organization_memberships", this::ofUser);
  }

  private JsonNode ofInstance(Call call) {
    return page(call, ordered(call));
  }

  private JsonNode ofOrganization(Call call) {
    String id = organizations.get(call.variable("organization_id")).path("id").asText();
    Set<String> roles = Set.copyOf(call.parameters("role"));
    return page(
        call,
        ordered(call)
            .filter(row -> row.path("organization_id").asText().equals(id))
            .filter(row -> roles.isEmpty() || roles.contains(row.path("role").asText())));
  }

  private JsonNode ofUser(Call call) {
    String id = userTable.get(call.variable("user_id")).path("id").asText();
    Comparator<ObjectNode> newest = Order.of(call, NEWEST, ORDERS).comparator();
    return page(call, memberships.ofUser(id).stream().sorted(newest));
  }

  /**
   * The memberships of the users whom the call asks for, in their order; only by {@code created_at}
   * the memberships have one of their own.
   */
  private Stream<ObjectNode> ordered(Call call) {
    Order order = Order.of(call, NEWEST, ORDERS);
    Stream<ObjectNode> rows =
        users.find(call).stream()
            .flatMap(user -> memberships.ofUser(user.path("id").asText()).stream());
    return order.field().equals("created_at") ? rows.sorted(order.comparator()) : rows;
  }

  /** Only the rows of the page are shown, for a view takes a while. */
  private JsonNode page(Call call, Stream<ObjectNode> rows) {
    JsonNode page = instance.page(call, rows.toList());
    if (page.path("data") instanceof ArrayNode data) {
      for (int i = 0; i < data.size(); i++) {
        data.set(i, memberships.view((ObjectNode) data.get(i)));
      }
    }
    return page;
  }
}
