package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The lists of invitations to organizations: of one, of the instance, and to a user. */
final class OrganizationInvitationList {
  private final HandlerContext instance;
  private final Table invitations;
  private final Table organizations;
  private final Table users;
  private final RoleCatalog roles;

  OrganizationInvitationList(HandlerContext instance) {
    this.instance = instance;
    this.invitations = instance.table(ObjectKind.ORGANIZATION_INVITATION);
    this.organizations = instance.table(ObjectKind.ORGANIZATION);
    this.users = instance.table(ObjectKind.USER);
    this.roles = new RoleCatalog(instance);
  }

  void register(Routes on) {
    on.on("GET /organization_invitations", this::ofInstance)
        .on("GET /organizations/{organization_id}/invitations", this::ofOrganization)
        .on("GET /organizations/{organization_id}/invitations/pending", this::pending)
        .on("GET /users/{user_id}/organization_invitations", this::ofUser);
  }

  /** What a row looks like to a caller. */
  ObjectNode view(ObjectNode row) {
    ObjectNode view = row.deepCopy();
    String status = InvitationState.of(row, instance.now());
    view.put("status", status);
    if (!status.equals("pending")) {
      view.putNull("url");
    }
    ObjectNode role = roles.find(row.path("role").asText());
    view.put("role_name", role == null ? "" : role.path("name").asText());
    ObjectNode inviter = users.find(row.path("inviter_id").asText());
    view.set("public_inviter_data", inviter == null ? null : PublicData.ofInviter(inviter));
    return view;
  }

  private JsonNode ofOrganization(ApiRequest call) {
    String address = call.parameter("email_address");
    return page(
        call,
        in(call)
            .filter(status(call))
            .filter(row -> address == null || address(row).equals(lower(address)))
            .sorted(order(call)));
  }

  private JsonNode pending(ApiRequest call) {
    return page(
        call,
        in(call).filter(InvitationState.filter("pending", instance.now())).sorted(order(call)));
  }

  private JsonNode ofInstance(ApiRequest call) {
    String query = call.parameter("query");
    return page(
        call,
        invitations.stream()
            .filter(status(call))
            .filter(row -> query == null || address(row).contains(lower(query)))
            .sorted(order(call)));
  }

  private JsonNode ofUser(ApiRequest call) {
    Set<String> addresses = new HashSet<>();
    users
        .get(call.variable("user_id"))
        .path("email_addresses")
        .forEach(item -> addresses.add(lower(item.path("email_address").asText())));
    return page(
        call,
        invitations.stream()
            .filter(status(call))
            .filter(row -> addresses.contains(address(row)))
            .sorted(order(call)));
  }

  private Stream<ObjectNode> in(ApiRequest call) {
    String id = organizations.get(call.variable("organization_id")).path("id").asText();
    return invitations.by("organization_id", id).stream();
  }

  private Predicate<ObjectNode> status(ApiRequest call) {
    return InvitationState.filter(call.parameter("status"), instance.now());
  }

  private static Comparator<ObjectNode> order(ApiRequest call) {
    return SortOrder.of(call, "-created_at", List.of("created_at", "email_address")).comparator();
  }

  /** Lists that are not of one organization say which one each invitation is to. */
  private JsonNode page(ApiRequest call, Stream<ObjectNode> rows) {
    boolean ofOne = call.variables().containsKey("organization_id");
    return instance.page(call, rows.map(row -> ofOne ? view(row) : withOrganization(row)).toList());
  }

  private ObjectNode withOrganization(ObjectNode row) {
    ObjectNode organization = organizations.get(row.path("organization_id").asText());
    ObjectNode view = view(row);
    view.set("public_organization_data", PublicData.ofOrganization(organization));
    return view;
  }

  private static String address(ObjectNode row) {
    return lower(row.path("email_address").asText());
  }

  private static String lower(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }
}
