package dev.clerkmcp.sandbox;

import dev.clerkmcp.sandbox.openapi.ApiOperation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Named;

/** Clerk's operations, for tests that are run for each of them. */
final class Operations {
  private Operations() {}

  /** Those that a test is about, under their routes. */
  static List<Named<ApiOperation>> that(Predicate<ApiOperation> wanted) {
    return SandboxCalls.CONTRACT.operations().stream()
        .filter(wanted)
        .map(operation -> Named.of(operation.route(), operation))
        .toList();
  }

  /** The names of an operation's query parameters but for some. */
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
