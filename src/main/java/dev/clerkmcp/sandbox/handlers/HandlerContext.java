package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiContract;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.openapi.ObjectTemplates;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;

/** What behaviours work with: the world, and answers in the forms that the contract asks for. */
final class HandlerContext {
  /** Its id, in the objects that name it. */
  static final String ID = "ins_3000000SandboxInstance00000";

  private static final int ROWS = 10;

  private final ApiContract contract;
  private final ObjectTemplates blank;
  private final Store store;

  HandlerContext(ApiContract contract, Store store) {
    this.contract = contract;
    this.blank = new ObjectTemplates(contract);
    this.store = store;
  }

  Store store() {
    return store;
  }

  Table table(ObjectKind kind) {
    return store.table(kind);
  }

  long now() {
    return store.now();
  }

  /** An object of the given name among Clerk's schemas, every field there and empty. */
  ObjectNode blank(String schema) {
    return blank.of(schema);
  }

  /** The answer of an operation, every field there and empty. */
  ObjectNode blankAnswer(ApiRequest call) {
    JsonNode answer = call.operation().answer();
    return answer != null && blank.of(answer) instanceof ObjectNode object ? object : Json.object();
  }

  /** A new object: its id, its kind, and created and updated now. */
  ObjectNode newObject(ObjectKind kind, String schema) {
    ObjectNode object = blank(schema).put("id", store.newId(kind));
    for (String time : List.of("created_at", "updated_at")) {
      if (object.has(time)) {
        object.put(time, now());
      }
    }
    return object;
  }

  /** What a row keeps for the sandbox alone; only of a row that may be changed. */
  static ObjectNode hidden(ObjectNode row) {
    return row.withObject(JsonPointer.compile("/" + Store.HIDDEN));
  }

  /** What remains of an object. */
  static ObjectNode deleted(ObjectKind kind, String id) {
    return Json.object().put("object", kind.object()).put("id", id).put("deleted", true);
  }

  /** The page of the rows that a call asks for: a bare array, or data with the total count. */
  JsonNode page(ApiRequest call, List<? extends JsonNode> rows) {
    int offset = call.query().path("offset").asInt(0);
    int limit = call.query().path("limit").asInt(limitWithout(call));
    ArrayNode page = Json.array();
    rows.stream().skip(offset).limit(limit).forEach(page::add);
    if (contract.answersArray(call.operation()) && !call.query().path("paginated").asBoolean()) {
      return page;
    }
    ObjectNode answer = Json.object();
    answer.set("data", page);
    return answer.put("total_count", rows.size());
  }

  /** Lists that take no limit answer everything. */
  private static int limitWithout(ApiRequest call) {
    JsonNode limit = call.operation().query().path("properties").path("limit");
    return limit.isMissingNode() ? Integer.MAX_VALUE : limit.path("default").asInt(ROWS);
  }
}
