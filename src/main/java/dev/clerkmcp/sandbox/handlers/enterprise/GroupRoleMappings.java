package dev.clerkmcp.sandbox.handlers.enterprise;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.enterprise.Directories.Wording;
import dev.clerkmcp.sandbox.handlers.organization.Roles;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Handles the endpoints of group role mappings: from the groups of directories to roles. If several
 * mappings apply, the lowest precedence wins.
 */
public final class GroupRoleMappings {
  private final HandlerContext context;
  private final Roles roles;
  private final Table mappings;

  public GroupRoleMappings(HandlerContext context, Roles roles) {
    this.context = context;
    this.roles = roles;
    this.mappings = context.table(ObjectKind.GROUP_ROLE_MAPPING);
  }

  public void register(Routes routes) {
    for (Wording words : Directories.BOTH) {
      String all = "%s/{%s}/group_role_mappings".formatted(words.path(), words.variable());
      routes
          .on("GET " + all, request -> list(directory(request, words), words))
          .on("POST " + all, request -> create(request, words))
          .on("PUT " + all, request -> replace(request, words))
          .on("DELETE " + all + "/{mapping_id}", request -> delete(request, words));
    }
  }

  /** Adds mappings to a directory. Those without a precedence come after the others. */
  void addAll(String directoryId, JsonNode given) {
    Set<String> groups = new HashSet<>();
    for (JsonNode mapping : given) {
      if (!groups.add(group(mapping))) {
        throw ApiError.invalid(
            "form_param_duplicate",
            "mappings",
            "The group %s is given twice; give it one role.",
            group(mapping));
      }
      add(directoryId, mapping);
    }
  }

  /** Removes all mappings of a directory. */
  void removeAll(String directoryId) {
    of(directoryId).forEach(row -> mappings.remove(row.path("id").asText()));
  }

  private JsonNode list(ObjectNode directory, Wording words) {
    List<ObjectNode> rows = of(directory.path("id").asText());
    ObjectNode answer = Json.object();
    ArrayNode data = answer.putArray("data");
    rows.forEach(row -> data.add(view(row, words)));
    return answer.put("total_count", rows.size());
  }

  private JsonNode create(ApiRequest request, Wording words) {
    String directoryId = enabledDirectory(request, words);
    return view(add(directoryId, request.body()), words);
  }

  private JsonNode replace(ApiRequest request, Wording words) {
    String directoryId = enabledDirectory(request, words);
    removeAll(directoryId);
    addAll(directoryId, request.body().path("mappings"));
    return list(directory(request, words), words);
  }

  private JsonNode delete(ApiRequest request, Wording words) {
    String directoryId = enabledDirectory(request, words);
    String id = request.variable("mapping_id");
    if (!mappings.get(id).path("directory_id").asText().equals(directoryId)) {
      throw ApiError.notFound(ObjectKind.GROUP_ROLE_MAPPING.object(), id);
    }
    mappings.remove(id);
    return HandlerContext.deleted(words.mapping(), id);
  }

  private ObjectNode add(String directoryId, JsonNode given) {
    String group = group(given);
    String roleId = given.path("role_id").asText();
    if (context.table(ObjectKind.ROLE).find(roleId) == null) {
      throw ApiError.invalid("form_resource_not_found", "role_id", "There is no role %s.", roleId);
    }
    List<ObjectNode> others = of(directoryId);
    if (others.stream().anyMatch(row -> row.path("directory_group_id").asText().equals(group))) {
      throw ApiError.taken("directory_group_id");
    }
    int last = others.isEmpty() ? 0 : others.get(others.size() - 1).path("precedence").asInt();
    String display = given.path("scim_group_display_name").asText("");
    ObjectNode row =
        context
            .newObject(ObjectKind.GROUP_ROLE_MAPPING, "DirectoryGroupRoleMapping")
            .put("directory_id", directoryId)
            .put("scim_directory_id", directoryId)
            .put("directory_group_id", group)
            .put("scim_group_id", group)
            .put(
                "directory_group_display_name",
                given.path("directory_group_display_name").asText(display))
            .put("precedence", given.path("precedence").asInt(last + 1));
    row.set("scim_group_display_name", row.path("directory_group_display_name"));
    HandlerContext.hidden(row).put("role_id", roleId);
    return mappings.add(row);
  }

  /** The id of the group, which a mapping can give under an old and a new name. */
  private static String group(JsonNode mapping) {
    String id = mapping.path("directory_group_id").asText("");
    String scimId = mapping.path("scim_group_id").asText("");
    if (id.isEmpty() && scimId.isEmpty()) {
      throw ApiError.invalid(
          "form_conditional_param_missing",
          "directory_group_id",
          "directory_group_id must be included.");
    }
    if (!id.isEmpty() && !scimId.isEmpty() && !id.equals(scimId)) {
      throw ApiError.invalid(
          "form_param_value_conflict",
          "scim_group_id",
          "scim_group_id is the old name of directory_group_id; give one of them.");
    }
    return id.isEmpty() ? scimId : id;
  }

  private List<ObjectNode> of(String directoryId) {
    return mappings.stream()
        .filter(row -> row.path("directory_id").asText().equals(directoryId))
        .sorted(Comparator.comparingInt(row -> row.path("precedence").asInt()))
        .toList();
  }

  private ObjectNode directory(ApiRequest request, Wording words) {
    return context.table(ObjectKind.DIRECTORY).get(request.variable(words.variable()));
  }

  private String enabledDirectory(ApiRequest request, Wording words) {
    ObjectNode directory = directory(request, words);
    if (!directory.path("group_role_mapping_enabled").asBoolean()) {
      throw ApiError.of(
          400,
          "feature_not_enabled",
          "Set group_role_mapping_enabled of the directory to true first.");
    }
    return directory.path("id").asText();
  }

  private ObjectNode view(ObjectNode row, Wording words) {
    ObjectNode view = row.deepCopy().put("object", words.mapping());
    ObjectNode role =
        context.table(ObjectKind.ROLE).find(HandlerContext.hidden(view).path("role_id").asText());
    if (role != null) {
      view.set("role", roles.view(role));
    }
    return view;
  }
}
