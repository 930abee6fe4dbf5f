package dev.clerkmcp.sandbox.handlers.enterprise;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.OldListQuery;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;

/**
 * Handles the directory endpoints: a directory is a list of users that Clerk synchronizes with an
 * identity provider. The API has two paths for directories, of which the older one says SCIM; both
 * show all directories.
 */
public final class Directories {
  static final List<Wording> BOTH =
      List.of(
          new Wording("directory", "/directories", "directory_group_role_mapping"),
          new Wording("scim_directory", "/scim_directories", "scim_group_role_mapping"));

  private final HandlerContext context;
  private final Table directories;
  private final GroupRoleMappings mappings;

  public Directories(HandlerContext context, GroupRoleMappings mappings) {
    this.context = context;
    this.directories = context.table(ObjectKind.DIRECTORY);
    this.mappings = mappings;
  }

  public void register(Routes routes) {
    for (Wording words : BOTH) {
      String one = words.path() + "/{" + words.variable() + "}";
      routes
          .on("GET " + words.path(), request -> list(request, words))
          .on("POST " + words.path(), request -> create(request, words))
          .on("GET " + one, request -> view(row(request, words), words))
          .on("PATCH " + one, request -> update(request, words))
          .on("DELETE " + one, request -> delete(request, words))
          .on("POST " + one + "/rotate_api_key", request -> rotate(request, words));
    }
  }

  private JsonNode list(ApiRequest request, Wording words) {
    return context.page(
        request,
        directories.stream()
            .sorted(OldListQuery.byCreation(request))
            .map(row -> view(row, words))
            .toList());
  }

  private JsonNode create(ApiRequest request, Wording words) {
    String connectionId = request.body().path("enterprise_connection_id").asText();
    ObjectNode connection = context.table(ObjectKind.ENTERPRISE_CONNECTION).find(connectionId);
    if (connection == null) {
      throw ApiError.invalid(
          "form_resource_not_found",
          "enterprise_connection_id",
          "There is no enterprise connection %s.".formatted(connectionId));
    }
    if (directories.stream()
        .anyMatch(row -> row.path("enterprise_connection_id").asText().equals(connectionId))) {
      throw ApiError.invalid(
          "scim_directory_enterprise_connection_already_used",
          "enterprise_connection_id",
          "The enterprise connection has a directory already.");
    }
    JsonNode given = request.body().path("group_role_mappings");
    ObjectNode row = context.newObject(ObjectKind.DIRECTORY, "Directory");
    String id = row.path("id").asText();
    String name = request.text("name");
    row.put("name", name == null ? connection.path("name").asText() : name)
        .put("enterprise_connection_id", connectionId)
        .put("provider", request.text("provider"))
        .put("endpoint_url", "https://clerk.sandbox.invalid/v1/scim/" + id)
        .put("enabled", true)
        .put("group_role_mapping_enabled", !given.isEmpty());
    row.putObject("attribute_mapping")
        .put("email_address", "userName")
        .put("first_name", "name.givenName")
        .put("last_name", "name.familyName");
    row.set("custom_attributes", connection.path("custom_attributes"));
    String key = context.store().newSecret("directory_api_key");
    HandlerContext.hidden(row).put("api_key", key);
    directories.add(row);
    mappings.addAll(id, given);
    return view(row, words).put("api_key", key);
  }

  private JsonNode update(ApiRequest request, Wording words) {
    return view(
        directories.change(row(request, words).path("id").asText(), row -> fill(row, request)),
        words);
  }

  private static void fill(ObjectNode row, ApiRequest request) {
    for (String field : List.of("enabled", "group_role_mapping_enabled", "name", "provider")) {
      if (request.has(field)) {
        row.set(field, request.body().path(field));
      }
    }
    ObjectNode mapping = (ObjectNode) row.path("attribute_mapping");
    request
        .body()
        .path("attribute_mapping")
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().isNull()) {
                mapping.remove(entry.getKey());
              } else {
                mapping.set(entry.getKey(), entry.getValue());
              }
            });
  }

  private JsonNode delete(ApiRequest request, Wording words) {
    String id = row(request, words).path("id").asText();
    directories.remove(id);
    mappings.removeAll(id);
    return HandlerContext.deleted(words.object(), id);
  }

  private JsonNode rotate(ApiRequest request, Wording words) {
    String key = context.store().newSecret("directory_api_key");
    ObjectNode row =
        directories.change(
            row(request, words).path("id").asText(),
            changed -> HandlerContext.hidden(changed).put("api_key", key));
    return view(row, words).put("api_key", key);
  }

  private ObjectNode row(ApiRequest request, Wording words) {
    return directories.get(request.variable(words.variable()));
  }

  private static ObjectNode view(ObjectNode row, Wording words) {
    ObjectNode view = row.deepCopy().put("object", words.object());
    view.remove(Store.HIDDEN);
    return view;
  }

  /** The names of a directory and of a group-to-role mapping under one of the two paths. */
  record Wording(String object, String path, String mapping) {
    String variable() {
      return object + "_id";
    }
  }
}
