package dev.clerkmcp.sandbox.handlers.enterprise;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import java.util.List;

/**
 * Handles the directory endpoints: a directory is a list of users that Clerk synchronizes with an
 * identity provider. The API has two paths for directories, of which the older one says SCIM; both
 * show all directories.
 */
public final class Directories extends Resource {
  static final List<Wording> BOTH =
      List.of(
          new Wording("directory", "/directories", "directory_group_role_mapping"),
          new Wording("scim_directory", "/scim_directories", "scim_group_role_mapping"));

  private final GroupRoleMappings mappings;
  private final Wording words;

  private Directories(HandlerContext context, GroupRoleMappings mappings, Wording words) {
    super(context, ObjectKind.DIRECTORY, words.path());
    this.mappings = mappings;
    this.words = words;
  }

  /** Sets the handlers of both paths. */
  public static void register(HandlerContext context, GroupRoleMappings mappings, Routes routes) {
    for (Wording words : BOTH) {
      new Directories(context, mappings, words).register(routes);
    }
  }

  @Override
  public void register(Routes routes) {
    super.register(routes);
    routes.on(
        "POST %s/{%s}/rotate_api_key".formatted(words.path(), words.variable()), this::rotate);
  }

  @Override
  protected void start(ObjectNode row, ApiRequest request) {
    String connectionId = request.field("enterprise_connection_id");
    ObjectNode connection = context.table(ObjectKind.ENTERPRISE_CONNECTION).find(connectionId);
    if (connection == null) {
      throw ApiError.invalid(
          "form_resource_not_found",
          "enterprise_connection_id",
          "There is no enterprise connection %s.",
          connectionId);
    }
    if (rows.findWhere("enterprise_connection_id", connectionId) != null) {
      throw ApiError.invalid(
          "scim_directory_enterprise_connection_already_used",
          "enterprise_connection_id",
          "The enterprise connection has a directory already.");
    }
    row.put("name", connection.path("name").asText())
        .put("enterprise_connection_id", connectionId)
        .put("endpoint_url", "https://clerk.sandbox.invalid/v1/scim/" + id(row))
        .put("enabled", true)
        .put("group_role_mapping_enabled", !request.body().path("group_role_mappings").isEmpty());
    row.putObject("attribute_mapping")
        .put("email_address", "userName")
        .put("first_name", "name.givenName")
        .put("last_name", "name.familyName");
    row.set("custom_attributes", connection.path("custom_attributes"));
  }

  @Override
  protected JsonNode added(ObjectNode row, ApiRequest request) {
    mappings.addAll(id(row), request.body().path("group_role_mappings"));
    return withNewKey(row);
  }

  @Override
  protected void set(ObjectNode row, ApiRequest request) {
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

  @Override
  protected void removing(ObjectNode row) {
    mappings.removeAll(id(row));
  }

  @Override
  public JsonNode delete(ApiRequest request) {
    super.delete(request);
    return HandlerContext.deleted(words.object(), request.variable(words.variable()));
  }

  private JsonNode rotate(ApiRequest request) {
    return withNewKey(row(request));
  }

  private JsonNode withNewKey(ObjectNode row) {
    String key = context.store().newSecret("directory_api_key");
    return view(rows.change(id(row), changed -> HandlerContext.hidden(changed).put("api_key", key)))
        .put("api_key", key);
  }

  @Override
  public ObjectNode view(ObjectNode row) {
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
