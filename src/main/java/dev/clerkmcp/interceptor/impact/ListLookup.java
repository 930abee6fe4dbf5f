package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.util.List;
import java.util.Map;

/**
 * Describes how to find an object that Clerk returns only in a list.
 *
 * @param path the path of the object, which operations use and Clerk cannot read
 * @param list the path of the list
 * @param query the filter of the list; a value in braces is replaced by the argument of that name
 * @param name JSON pointer to the field of a row that equals the last path variable
 * @param paged whether the list has to be read page by page
 */
record ListLookup(String path, String list, Map<String, String> query, String name, boolean paged) {

  private static final String ID = "/id";

  /**
   * The lookups of all objects that Clerk returns only in lists. Of several lists with the same
   * path, the first that has the object counts.
   */
  static final List<ListLookup> ALL =
      List.of(
          paged("/allowlist_identifiers/{identifier_id}", "/allowlist_identifiers", Map.of()),
          whole("/blocklist_identifiers/{identifier_id}", "/blocklist_identifiers", Map.of()),
          whole("/domains/{domain_id}", "/domains", Map.of()),
          whole("/invitations/{invitation_id}", "/invitations", Map.of("query", "{invitation_id}")),
          // Without the status, Clerk leaves out revoked invitations.
          whole(
              "/invitations/{invitation_id}",
              "/invitations",
              Map.of("query", "{invitation_id}", "status", "revoked")),
          whole(
              "/waitlist_entries/{waitlist_entry_id}",
              "/waitlist_entries",
              Map.of("query", "{waitlist_entry_id}")),
          new ListLookup(
              "/organizations/{organization_id}/memberships/{user_id}",
              "/organizations/{organization_id}/memberships",
              Map.of("user_id", "{user_id}"),
              "/public_user_data/user_id",
              false),
          paged(
              "/organizations/{organization_id}/domains/{domain_id}",
              "/organizations/{organization_id}/domains",
              Map.of()),
          paged(
              "/billing/subscription_items/{subscription_item_id}",
              "/billing/subscription_items",
              Map.of("include_free", "true")),
          whole(
              "/directories/{directory_id}/group_role_mappings/{mapping_id}",
              "/directories/{directory_id}/group_role_mappings",
              Map.of()),
          whole(
              "/scim_directories/{scim_directory_id}/group_role_mappings/{mapping_id}",
              "/scim_directories/{scim_directory_id}/group_role_mappings",
              Map.of()));

  /** The lists that may have the object of a path; empty if there is none. */
  static List<ListLookup> at(String path) {
    return ALL.stream().filter(listed -> listed.path.equals(path)).toList();
  }

  /** The arguments of the request for the list. */
  ObjectNode arguments(JsonNode given) {
    ObjectNode arguments = Json.object();
    for (String segment : list.split("/", -1)) {
      if (segment.startsWith("{")) {
        String variable = segment.substring(1, segment.length() - 1);
        arguments.set(variable, given.path(variable));
      }
    }
    for (Map.Entry<String, String> filter : query.entrySet()) {
      String value = filter.getValue();
      boolean argument = value.startsWith("{");
      arguments.put(
          filter.getKey(),
          argument ? given.path(value.substring(1, value.length() - 1)).asText() : value);
    }
    return arguments;
  }

  /** Whether a row is the object. */
  boolean is(JsonNode row, JsonNode given) {
    String variable = path.substring(path.lastIndexOf('{') + 1, path.length() - 1);
    return row.at(name).asText().equals(given.path(variable).asText());
  }

  private static ListLookup whole(String path, String list, Map<String, String> query) {
    return new ListLookup(path, list, query, ID, false);
  }

  private static ListLookup paged(String path, String list, Map<String, String> query) {
    return new ListLookup(path, list, query, ID, true);
  }
}
