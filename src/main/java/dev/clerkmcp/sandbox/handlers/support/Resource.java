package dev.clerkmcp.sandbox.handlers.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one kind, with the operations that nearly every kind has at one path: list,
 * create, get, update and delete. A subclass says what is special about its kind.
 *
 * <p>If the path names the objects that own the rows, as {@code
 * /organizations/{organization_id}/domains} does, only their rows are found, and new rows get their
 * ids.
 */
public class Resource implements ListQuery.Rows {
  protected final HandlerContext context;
  protected final Table rows;
  private final String path;
  private final ObjectNode template;

  /**
   * Creates the resource of a kind.
   *
   * @param path of the list, such as {@code /machines}
   */
  public Resource(HandlerContext context, ObjectKind kind, String path) {
    this.context = context;
    this.rows = context.table(kind);
    this.path = path;
    this.template = context.templateAt(path);
  }

  ObjectKind kind() {
    return rows.kind();
  }

  /** Sets the handlers of the operations at the path, and of those that only this kind has. */
  public void register(Routes routes) {
    routes.onResource(path, this);
  }

  /** Returns the requested page of the rows that match the query. */
  public JsonNode list(ApiRequest request) {
    Map<String, String> owners = owners(request);
    return page(request, rows.stream().filter(row -> isOf(row, owners)));
  }

  /** Adds an object and returns it. */
  public JsonNode create(ApiRequest request) {
    ObjectNode row = newRow();
    owners(request)
        .forEach((field, id) -> (row.has(field) ? row : HandlerContext.hidden(row)).put(field, id));
    start(row, request);
    set(row, request);
    ObjectNode added = rows.add(row);
    return added(added, request);
  }

  /** Returns an object. */
  public JsonNode get(ApiRequest request) {
    return view(current(row(request)), request);
  }

  /** Changes an object and returns it. */
  public JsonNode update(ApiRequest request) {
    ObjectNode before = row(request);
    ObjectNode after = rows.change(id(before), row -> set(row, request));
    changed(before, after);
    return view(current(after), request);
  }

  /** Removes an object, and confirms it. */
  public JsonNode delete(ApiRequest request) {
    ObjectNode row = row(request);
    removing(row);
    rows.remove(id(row));
    return HandlerContext.deleted(rows.kind(), id(row));
  }

  /** A new row with every field that Clerk documents, empty, with its id and times. */
  protected ObjectNode newRow() {
    return context.newObject(newId(), template.deepCopy());
  }

  /** The id of a new row. */
  protected String newId() {
    return context.store().newId(rows.kind());
  }

  /** Gives a new row the values that it has before the request's own are set. */
  protected void start(ObjectNode row, ApiRequest request) {}

  /**
   * Sets what a request to create or to update gives: each field of the body that the object has.
   * Null empties a field that may be empty, and else changes nothing. Values for which the object
   * has no field become hidden.
   */
  protected void set(ObjectNode row, ApiRequest request) {
    for (Map.Entry<String, JsonNode> field : request.fields().properties()) {
      String name = field.getKey();
      if (!row.has(name)) {
        HandlerContext.hidden(row).set(name, field.getValue());
      } else {
        copy(row, request, name);
      }
    }
  }

  /** Copies given fields from the body of a request; null counts only where a field may be null. */
  protected void copy(ObjectNode row, ApiRequest request, String... names) {
    for (String name : names) {
      JsonNode value = request.fields().get(name);
      if (value != null && (!value.isNull() || template.path(name).isNull())) {
        row.set(name, value);
      }
    }
  }

  /** What else follows from a creation, and what the request is answered with. */
  protected JsonNode added(ObjectNode row, ApiRequest request) {
    return view(current(row), request);
  }

  /** What else follows from a change. */
  protected void changed(ObjectNode before, ObjectNode after) {}

  /** What else follows from the removal of a row, which is still there. */
  protected void removing(ObjectNode row) {}

  /** A row as it is now, for example with the status expired; lists are filtered by it. */
  protected ObjectNode current(ObjectNode row) {
    return row;
  }

  /** A row as Clerk shows it. */
  public ObjectNode view(ObjectNode row) {
    return row;
  }

  /** A row as Clerk shows it in answer to a request. */
  protected ObjectNode view(ObjectNode row, ApiRequest request) {
    return view(row);
  }

  /** The rows that match the query of a request, sorted, and cut to the requested page. */
  protected JsonNode page(ApiRequest request, Stream<ObjectNode> found) {
    return context.page(
        request,
        new ListQuery(request, this).select(found.map(this::current)),
        row -> view(row, request));
  }

  /** The row with an id, or null. */
  protected @Nullable ObjectNode find(String id) {
    return rows.find(id);
  }

  /**
   * The row that the path of a request names.
   *
   * @throws ApiError with status 404 if there is none, or it belongs to another owner
   */
  protected ObjectNode row(ApiRequest request) {
    List<String> variables = ApiOperation.variables(request.operation().template());
    String id = request.variable(variables.get(ApiOperation.variables(path).size()));
    Map<String, String> owners = owners(request);
    ObjectNode row = find(id);
    if (row == null || !isOf(row, owners)) {
      throw ApiError.notFound(rows.kind().object(), id);
    }
    return row;
  }

  /** Changes the row that the path of a request names, and returns its view. */
  protected ObjectNode change(ApiRequest request, Consumer<ObjectNode> change) {
    ObjectNode row = row(request);
    return view(current(rows.change(id(row), change)), request);
  }

  /** Whether another row has the text in a field. */
  protected boolean isTaken(String field, String text, ObjectNode row) {
    return rows.where(field, text).stream().anyMatch(other -> !id(other).equals(id(row)));
  }

  protected static String id(ObjectNode row) {
    return row.path("id").asText();
  }

  /** The ids of the objects that the path names before its last segment; all must exist. */
  private Map<String, String> owners(ApiRequest request) {
    Map<String, String> owners = new LinkedHashMap<>();
    for (String variable : ApiOperation.variables(path)) {
      ObjectKind kind = ObjectKind.find(variable.replaceFirst("_id$|ID$", ""));
      if (kind != null) {
        String id = id(context.table(kind).get(request.variable(variable)));
        owners.put(kind.object() + "_id", id);
      }
    }
    return owners;
  }

  private static boolean isOf(ObjectNode row, Map<String, String> owners) {
    return owners.entrySet().stream()
        .allMatch(
            owner ->
                (row.has(owner.getKey()) ? row : row.path(Store.HIDDEN))
                    .path(owner.getKey())
                    .asText()
                    .equals(owner.getValue()));
  }
}
