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
 * Carries out operations at earlier times, so that the seed data is in a state that the API could
 * have produced. Changes that only end users can make are written into the rows directly.
 */
final class HistoryBuilder {
  private final Store store;
  private final ApiContract contract;
  private final OperationHandlers handlers;
  private final ObjectTemplates templates;
  private final SplittableRandom random;
  private final long present;

  HistoryBuilder(Store store, ApiContract contract, OperationHandlers handlers, long seed) {
    this.store = store;
    this.contract = contract;
    this.handlers = handlers;
    this.templates = new ObjectTemplates(contract);
    this.random = new SplittableRandom(seed);
    this.present = store.now();
  }

  SplittableRandom random() {
    return random;
  }

  /** The time at which the history ends, in milliseconds since 1970. */
  long present() {
    return present;
  }

  /** The time some days before the present, in milliseconds since 1970. */
  long daysAgo(double days) {
    return present - Math.round(days * Duration.ofDays(1).toMillis());
  }

  Table table(ObjectKind kind) {
    return store.table(kind);
  }

  String newId(String prefix) {
    return store.newId(prefix);
  }

  /** An object of the given name among Clerk's schemas, with every field present and empty. */
  ObjectNode template(String schema) {
    return templates.of(schema);
  }

  /**
   * Carries out an operation at a time.
   *
   * @param time in milliseconds since 1970
   * @param variables the values of the path variables, in their order
   */
  JsonNode call(long time, String route, JsonNode body, String... variables) {
    ApiOperation operation = contract.operation(route);
    ApiRequest request =
        new ApiRequest(operation, named(operation, variables), Json.object(), body, false, null);
    store.overrideTime(time);
    try {
      return handlers.answer(request);
    } finally {
      store.clearTimeOverride();
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

  /** True with a probability from 0 to 1. */
  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }
}
