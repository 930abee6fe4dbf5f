package dev.clerkmcp.sandbox.handlers.support;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiContract;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.openapi.ObjectTemplates;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gives handlers the store, new objects with every field that Clerk documents, and the pages of
 * lists.
 */
public final class HandlerContext {
  /** The id of the sandbox's instance, in the objects that name it. */
  public static final String INSTANCE_ID = "ins_3000000SandboxInstance00000";

  /** The number of rows on a page if neither the request nor the contract gives a limit. */
  private static final int DEFAULT_LIMIT = 10;

  private final ApiContract contract;
  private final ObjectTemplates templates;
  private final Store store;
  private final Jwts jwts;

  /** Creates the context of all handlers of one store. */
  public HandlerContext(ApiContract contract, Store store) {
    this.contract = contract;
    this.templates = new ObjectTemplates(contract);
    this.store = store;
    this.jwts = new Jwts(store.seed());
  }

  /** Signs and reads the instance's tokens. */
  public Jwts jwts() {
    return jwts;
  }

  /** The store of the instance. */
  public Store store() {
    return store;
  }

  /** The objects of a kind. */
  public Table table(ObjectKind kind) {
    return store.table(kind);
  }

  /** The sandbox's time in milliseconds since 1970. */
  public long now() {
    return store.now();
  }

  /** An object of the given name among Clerk's schemas, with every field present and empty. */
  public ObjectNode template(String schema) {
    return templates.of(schema);
  }

  /** The response body of an operation, with every field present and empty. */
  public ObjectNode responseTemplate(ApiRequest request) {
    JsonNode answer = request.operation().answer();
    return answer != null && templates.of(answer) instanceof ObjectNode object
        ? object
        : Json.object();
  }

  /**
   * The object that is read below a path, or else created at it, with every field empty; without
   * fields if it is only listed.
   */
  ObjectNode templateAt(String path) {
    // What a creation answers may also have a secret that is shown only once.
    return Stream.of("GET " + path + "/{", "POST " + path)
        .flatMap(
            route ->
                contract.operations().stream()
                    .filter(operation -> operation.route().startsWith(route))
                    .filter(
                        operation -> operation.segments().size() - path.split("/", -1).length < 1)
                    .map(ApiOperation::answer))
        .map(answer -> answer == null ? Json.object() : templates.of(answer))
        .filter(object -> !object.isEmpty())
        .map(ObjectNode.class::cast)
        .findFirst()
        .orElseGet(Json::object);
  }

  /** A new object with its id, created and updated now. */
  public ObjectNode newObject(ObjectKind kind, String schema) {
    return newObject(store.newId(kind), template(schema));
  }

  /** Gives an empty object its id and times. */
  ObjectNode newObject(String id, ObjectNode object) {
    object.put("id", id);
    for (String time : List.of("created_at", "updated_at")) {
      if (object.has(time)) {
        object.put(time, now());
      }
    }
    return object;
  }

  /**
   * The fields of a row that never leave the sandbox, added if the row has none. Call it only on a
   * new row or a copy: rows in a table must not be changed in place.
   */
  public static ObjectNode hidden(ObjectNode row) {
    return row.withObject(JsonPointer.compile("/" + Store.HIDDEN));
  }

  /** The body with which Clerk confirms a deletion. */
  public static ObjectNode deleted(ObjectKind kind, String id) {
    return deleted(kind.object(), id);
  }

  /** The body with which Clerk confirms the deletion of an object that has no table of its own. */
  public static ObjectNode deleted(String object, String id) {
    return Json.object().put("object", object).put("id", id).put("deleted", true);
  }

  /** The texts of a JSON array. */
  public static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** Replaces a text in a list of texts of a row, or removes it if the new text is null. */
  public static void replace(ObjectNode row, String list, String text, @Nullable String newText) {
    Set<String> replaced = new LinkedHashSet<>();
    for (String held : texts(row.path(list))) {
      String kept = held.equals(text) ? newText : held;
      if (kept != null) {
        replaced.add(kept);
      }
    }
    ArrayNode array = row.putArray(list);
    replaced.forEach(array::add);
  }

  /** The URL of an image by its id, or of the default image of the object with the id. */
  public static String imageUrl(String id) {
    return "https://clerk.sandbox.invalid/images/" + id;
  }

  /** The URL that signs in the holder of a ticket. */
  public static String ticketUrl(String ticket) {
    return "https://accounts.sandbox.invalid/tickets/accept?ticket=" + ticket;
  }

  /**
   * The row with the status {@code expired} if its time is over; otherwise the row itself. The
   * stored row does not change.
   *
   * @param status the only status that expires
   * @param timeField the field with the time of expiry, null in objects that do not expire
   */
  public ObjectNode withExpiry(ObjectNode row, String status, String timeField) {
    boolean expired =
        row.path("status").asText().equals(status)
            && row.hasNonNull(timeField)
            && row.path(timeField).asLong() <= now();
    return expired ? row.deepCopy().put("status", "expired") : row;
  }

  /** The requested page of the rows: a bare array, or an object with data and the total count. */
  public JsonNode page(ApiRequest request, List<? extends JsonNode> rows) {
    return page(request, rows, row -> row);
  }

  /** The requested page of rows; views are made only of these, because some take a while. */
  public <T extends JsonNode> JsonNode page(
      ApiRequest request, List<T> rows, Function<T, ? extends JsonNode> view) {
    long offset = request.query().path("offset").asLong(0);
    int limit = request.query().path("limit").asInt(defaultLimit(request));
    ArrayNode page = Json.array();
    rows.stream().skip(offset).limit(limit).map(view).forEach(page::add);
    if (contract.answersArray(request.operation())
        && !request.query().path("paginated").asBoolean()) {
      return page;
    }
    ObjectNode answer = Json.object();
    answer.set("data", page);
    return answer.put("total_count", rows.size());
  }

  /** Lists without a limit parameter return every row. */
  private static int defaultLimit(ApiRequest request) {
    JsonNode limit = request.operation().query().path("properties").path("limit");
    return limit.isMissingNode() ? Integer.MAX_VALUE : limit.path("default").asInt(DEFAULT_LIMIT);
  }
}
