package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;

/**
 * Directories: an identity provider's lists of users, kept the same in Clerk. They are one thing
 * under two paths, of which the older says SCIM; each shows the directories of both.
 */
final class Directories {
  static final List<Wording> BOTH =
      List.of(
          new Wording("directory", "/directories", "directory_group_role_mapping"),
          new Wording("scim_directory", "/scim_directories", "scim_group_role_mapping"));

  private final HandlerContext instance;
  private final Table directories;
  private final GroupRoleMappings mappings;

  Directories(HandlerContext instance, GroupRoleMappings mappings) {
    this.instance = instance;
    this.directories = instance.table(ObjectKind.DIRECTORY);
    this.mappings = mappings;
  }

  void register(Routes on) {
    for (Wording words : BOTH) {
      String one = words.path() + "/{" + words.variable() + "}";
      on.on("GET " + words.path(), call -> list(call, words))
          .on("POST " + words.path(), call -> create(call, words))
          .on("GET " + one, call -> view(row(call, words), words))
          .on("PATCH " + one, call -> update(call, words))
          .on("DELETE " + one, call -> delete(call, words))
          .on("POST " + one + "/rotate_api_key", call -> rotate(call, words));
    }
  }

  private JsonNode list(ApiRequest call, Wording words) {
    return instance.page(
        call,
        directories.stream()
            .sorted(SortOrder.of(call, "-created_at", List.of("created_at")).comparator())
            .map(row -> view(row, words))
            .toList());
  }

  private JsonNode create(ApiRequest call, Wording words) {
    String connectionId = call.body().path("enterprise_connection_id").asText();
    ObjectNode connection = instance.table(ObjectKind.ENTERPRISE_CONNECTION).find(connectionId);
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
    JsonNode given = call.body().path("group_role_mappings");
    ObjectNode row = instance.newObject(ObjectKind.DIRECTORY, "Directory");
    String id = row.path("id").asText();
    String name = call.text("name");
    row.put("name", name == null ? connection.path("name").asText() : name)
        .put("enterprise_connection_id", connectionId)
        .put("provider", call.text("provider"))
        .put("endpoint_url", "https://clerk.sandbox.invalid/v1/scim/" + id)
        .put("enabled", true)
        .put("group_role_mapping_enabled", !given.isEmpty());
    row.putObject("attribute_mapping")
        .put("email_address", "userName")
        .put("first_name", "name.givenName")
        .put("last_name", "name.familyName");
    row.set("custom_attributes", connection.path("custom_attributes"));
    String key = instance.store().newSecret("directory_api_key");
    HandlerContext.hidden(row).put("api_key", key);
    directories.add(row);
    mappings.addAll(id, given);
    return view(row, words).put("api_key", key);
  }

  private JsonNode update(ApiRequest call, Wording words) {
    return view(
        directories.change(row(call, words).path("id").asText(), row -> fill(row, call)), words);
  }

  private static void fill(ObjectNode row, ApiRequest call) {
    for (String field : List.of("enabled", "group_role_mapping_enabled", "name", "provider")) {
      if (call.has(field)) {
        row.set(field, call.body().path(field));
      }
    }
    ObjectNode mapping = (ObjectNode) row.path("attribute_mapping");
    call.body()
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

  private JsonNode delete(ApiRequest call, Wording words) {
    String id = row(call, words).path("id").asText();
    directories.remove(id);
    mappings.removeAll(id);
    return HandlerContext.deleted(ObjectKind.DIRECTORY, id).put("object", words.object());
  }

  private JsonNode rotate(ApiRequest call, Wording words) {
    String key = instance.store().newSecret("directory_api_key");
    ObjectNode row =
        directories.change(
            row(call, words).path("id").asText(),
            changed -> HandlerContext.hidden(changed).put("api_key", key));
    return view(row, words).put("api_key", key);
  }

  private ObjectNode row(ApiRequest call, Wording words) {
    return directories.get(call.variable(words.variable()));
  }

  private static ObjectNode view(ObjectNode row, Wording words) {
    ObjectNode view = row.deepCopy().put("object", words.object());
    view.remove(Store.HIDDEN);
    return view;
  }

  /** What one of the two paths calls a directory and a mapping from its groups to roles. */
  record Wording(String object, String path, String mapping) {
    String variable() {
      return object + "_id";
    }
  }
}
