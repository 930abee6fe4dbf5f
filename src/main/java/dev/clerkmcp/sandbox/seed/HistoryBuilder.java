package dev.clerkmcp.sandbox.seed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.OperationHandlers;
import dev.clerkmcp.sandbox.openapi.ApiContract;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.openapi.ObjectTemplates;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Makes a past: what the API can do is done by its own behaviours at an earlier time, so that the
 * world begins in a state that it could have come to; what only people themselves can do is written
 * into the rows.
 */
final class HistoryBuilder {
  private final Store store;
  private final ApiContract contract;
  private final OperationHandlers behaviours;
  private final ObjectTemplates blank;
  private final SplittableRandom random;
  private final long present;

  HistoryBuilder(Store store, ApiContract contract, OperationHandlers behaviours, long seed) {
    this.store = store;
    this.contract = contract;
    this.behaviours = behaviours;
    this.blank = new ObjectTemplates(contract);
    this.random = new SplittableRandom(seed);
    this.present = store.now();
  }

  SplittableRandom random() {
    return random;
  }

  /** The time that the past leads up to. */
  long present() {
    return present;
  }

  /** The time some days before the present. */
  long daysAgo(double days) {
    return present - Math.round(days * Duration.ofDays(1).toMillis());
  }

  Table table(ObjectKind kind) {
    return store.table(kind);
  }

  String newId(String prefix) {
    return store.newId(prefix);
  }

  /** An object of the given name among Clerk's schemas, every field there and empty. */
  ObjectNode blank(String schema) {
    return blank.of(schema);
  }

  /**
   * Calls an operation at a time.
   *
   * @param variables the values of the path's variables, in their order
   */
  JsonNode call(long time, String route, JsonNode body, String... variables) {
    store.visit(time);
    try {
      ApiOperation operation = contract.operation(route);
      return behaviours.answer(
          new ApiRequest(operation, named(operation, variables), Json.object(), body, false));
    } finally {
      store.comeBack();
    }
  }

  private static Map<String, String> named(ApiOperation operation, String... values) {
    List<String> names =
        operation.segments().stream()
            .filter(segment -> segment.startsWith("{"))
            .map(segment -> segment.substring(1, segment.length() - 1))
            .toList();
    Map<String, String> named = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      named.put(names.get(i), values[i]);
    }
    return named;
  }

  /** Whether something that befalls this share of cases befalls this one. */
  boolean chance(double share) {
    return random.nextDouble() < share;
  }
}
