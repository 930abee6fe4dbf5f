package dev.clerkmcp.sandbox;

import dev.clerkmcp.sandbox.openapi.ApiOperation;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Named;

/** Selects operations of Clerk's API for tests that run once for each of them. */
final class Operations {
  private static final String NO_DISCOUNTS = "404 discount_not_found";

  /**
   * The errors of the operations that the sandbox does not support, by route. Their messages
   * mention the sandbox.
   */
  static final Map<String, String> UNSUPPORTED =
      Map.of(
          // It returns an HTML page for browsers, which Clerk does not document.
          "GET /public/interstitial",
          "403 feature_not_implemented",
          // Only Clerk's dashboard creates discounts, so the sandbox has none.
          "POST /billing/subscription_items/{subscription_item_id}/discounts",
          NO_DISCOUNTS,
          "DELETE /billing/subscription_items/{subscription_item_id}/discounts/{discount_id}",
          NO_DISCOUNTS);

  private Operations() {}

  /** The operations that the sandbox supports and a test selects, named by their routes. */
  static List<Named<ApiOperation>> supported(Predicate<ApiOperation> wanted) {
    return matching(
        operation -> !UNSUPPORTED.containsKey(operation.route()) && wanted.test(operation));
  }

  /** The operations that a test selects, named by their routes. */
  static List<Named<ApiOperation>> matching(Predicate<ApiOperation> wanted) {
    return SandboxCalls.CONTRACT.operations().stream()
        .filter(wanted)
        .map(operation -> Named.of(operation.route(), operation))
        .toList();
  }

  /** The names of an operation's query parameters without some of them. */
  static Set<String> parameters(String route, String... without) {
    Set<String> names = new HashSet<>();
    SandboxCalls.CONTRACT
        .operation(route)
        .query()
        .path("properties")
        .fieldNames()
        .forEachRemaining(names::add);
    names.removeAll(Set.of(without));
    return names;
  }
}
