package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Finds organizations, and adds the counts that a call asks for. */
final class OrganizationList {
  private static final String MEMBERS_COUNT = "members_count";

  private final HandlerContext instance;
  private final Table organizations;
  private final Memberships memberships;
  private final OrganizationQuota quota;

  OrganizationList(HandlerContext instance, Memberships memberships) {
    this.instance = instance;
    this.organizations = instance.table(ObjectKind.ORGANIZATION);
    this.memberships = memberships;
    this.quota = new OrganizationQuota(instance);
  }

  JsonNode page(ApiRequest call) {
    SortOrder order =
        SortOrder.of(call, "-created_at", List.of("name", "created_at", MEMBERS_COUNT));
    Comparator<ObjectNode> comparator =
        order.field().equals(MEMBERS_COUNT)
            ? order.comparator(row -> IntNode.valueOf(quota.members(id(row))))
            : order.comparator();
    return instance.page(
        call, matches(call).sorted(comparator).map(row -> view(row, call)).toList());
  }

  /** An organization with the counts that a call asks for. */
  ObjectNode view(ObjectNode organization, ApiRequest call) {
    ObjectNode view = organization.deepCopy();
    String id = id(organization);
    if (call.query().path("include_members_count").asBoolean()) {
      view.put(MEMBERS_COUNT, quota.members(id));
      view.put("pending_invitations_count", quota.pendingInvitations(id));
    }
    String elevated = "include_missing_member_with_elevated_permissions";
    if (call.query().path(elevated).asBoolean()) {
      view.put("missing_member_with_elevated_permissions", !memberships.hasElevated(id, ""));
    }
    return view;
  }

  private Stream<ObjectNode> matches(ApiRequest call) {
    SignedFilter ids = SignedFilter.of(call.parameters("organization_id"));
    SignedFilter members = SignedFilter.of(call.parameters("user_id"));
    return organizations.stream()
        .filter(NameQuery.of(call, List.of("name", "slug")))
        .filter(row -> ids.keeps(id(row)))
        .filter(row -> members.keepsAny(memberIds(row)));
  }

  private List<String> memberIds(ObjectNode organization) {
    return memberships.in(id(organization)).stream()
        .map(row -> row.path("user_id").asText())
        .toList();
  }

  private static String id(ObjectNode organization) {
    return organization.path("id").asText();
  }
}
