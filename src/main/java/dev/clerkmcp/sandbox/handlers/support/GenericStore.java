package dev.clerkmcp.sandbox.handlers.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiContract;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Handles operations without rules of their own: stores, lists and returns the rows of a
 * collection. The route determines the collection and the objects that the rows belong to.
 */
public final class GenericStore implements Routes.OperationHandler {
  private final ApiContract contract;
  private final HandlerContext context;

  public GenericStore(ApiContract contract, HandlerContext context) {
    this.contract = contract;
    this.context = context;
  }

  /**
   * Creates, lists, reads, changes or deletes rows.
   *
   * @throws ApiError with status 403 if the sandbox does not support the operation
   */
  @Override
  public JsonNode answer(ApiRequest request) {
    List<String> segments = request.operation().segments();
    int last = segments.size() - 1;
    String variable = variableIn(segments.get(last));
    int collection = variable == null ? last : last - 1;
    ObjectKind kind = collection < 0 ? null : ObjectKind.find(singular(segments.get(collection)));
    if (kind == null) {
      throw cannot(request.operation());
    }
    Table table = context.table(kind);
    Map<String, String> owners = owners(request, segments.subList(0, collection));
    if (variable == null) {
      return inCollection(request, table, owners);
    }
    ObjectNode row = table.get(request.variable(variable));
    if (!belongs(row, owners)) {
      throw ApiError.notFound(kind.object(), row.path("id").asText());
    }
    return withRow(request, table, row.path("id").asText());
  }

  private JsonNode inCollection(ApiRequest request, Table table, Map<String, String> owners) {
    ApiOperation operation = request.operation();
    if (operation.method().equals("POST")) {
      return create(request, table, owners);
    }
    boolean lists =
        operation.reads()
            && (contract.answersArray(operation) || context.responseTemplate(request).has("data"));
    if (!lists) {
      throw cannot(operation);
    }
    return context.page(
        request,
        table.stream()
            .filter(row -> belongs(row, owners))
            .sorted(OldListQuery.byCreation(request))
            .toList());
  }

  private JsonNode withRow(ApiRequest request, Table table, String id) {
    return switch (request.operation().method()) {
      case "GET" -> table.get(id);
      case "PATCH", "PUT" -> table.change(id, row -> fill(row, request));
      case "DELETE" -> {
        table.remove(id);
        yield HandlerContext.deleted(table.kind(), id);
      }
      default -> throw cannot(request.operation());
    };
  }

  private ObjectNode create(ApiRequest request, Table table, Map<String, String> owners) {
    ObjectNode row =
        context.responseTemplate(request).put("id", context.store().newId(table.kind()));
    for (String time : List.of("created_at", "updated_at")) {
      if (row.has(time)) {
        row.put(time, context.now());
      }
    }
    owners.forEach(
        (field, id) -> (row.has(field) ? row : HandlerContext.hidden(row)).put(field, id));
    fill(row, request);
    return table.add(row);
  }

  /** Stores the body; values that the object has no field for become hidden. */
  private void fill(ObjectNode row, ApiRequest request) {
    ObjectNode template = context.responseTemplate(request);
    for (Map.Entry<String, JsonNode> field : request.fields().properties()) {
      String name = field.getKey();
      if (!template.has(name)) {
        HandlerContext.hidden(row).set(name, field.getValue());
      } else if (!field.getValue().isNull() || template.path(name).isNull()) {
        row.set(name, field.getValue());
      }
    }
  }

  /** The objects in the path before the collection, such as {@code user_id} with its value. */
  private Map<String, String> owners(ApiRequest request, List<String> way) {
    Map<String, String> owners = new TreeMap<>();
    for (int i = 1; i < way.size(); i++) {
      String variable = variableIn(way.get(i));
      if (variable != null) {
        String object = singular(way.get(i - 1));
        ObjectKind kind = ObjectKind.find(object);
        if (kind == null) {
          throw cannot(request.operation());
        }
        context.table(kind).get(request.variable(variable));
        owners.put(object + "_id", request.variable(variable));
      }
    }
    return owners;
  }

  private static boolean belongs(ObjectNode row, Map<String, String> owners) {
    JsonNode hidden = row.path(Store.HIDDEN).isObject() ? row.path(Store.HIDDEN) : Json.object();
    return owners.entrySet().stream()
        .allMatch(
            owner ->
                (row.has(owner.getKey()) ? row : hidden)
                    .path(owner.getKey())
                    .asText()
                    .equals(owner.getValue()));
  }

  private static ApiError cannot(ApiOperation operation) {
    return ApiError.of(
        403,
        "feature_not_implemented",
        "The sandbox cannot imitate %s.".formatted(operation.route()));
  }

  private static @Nullable String variableIn(String segment) {
    return segment.startsWith("{") ? segment.substring(1, segment.length() - 1) : null;
  }

  private static String singular(String collection) {
    return collection.endsWith("ies")
        ? collection.substring(0, collection.length() - 3) + "y"
        : collection.replaceAll("s$", "");
  }
}
