package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.SandboxCalls.Reply;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The objects that one request needs, in a sandbox of its own. Each is created once through the
 * API, when a path or body first names it, so that an invitation and its organization belong
 * together.
 */
final class Fixtures {
  private final SandboxCalls sandbox = SandboxCalls.withDefaults(1);
  private final String purpose;
  private final Function<String, Recipe> recipes;
  private final Map<String, String> ids = new HashMap<>();
  private final Set<String> inProgress = new LinkedHashSet<>();
  private int serial;

  /**
   * Creates a sandbox without fixtures.
   *
   * @param purpose the operation under test, for messages
   */
  Fixtures(String purpose, Function<String, Recipe> recipes) {
    this.purpose = purpose;
    this.recipes = recipes;
  }

  SandboxCalls sandbox() {
    return sandbox;
  }

  /** The id of a fixture by its name in {@link FixtureRecipes}; creates the fixture if needed. */
  String id(String fixture) {
    String known = ids.get(fixture);
    if (known == null) {
      if (!inProgress.add(fixture)) {
        throw new AssertionError("The fixture %s needs itself: %s".formatted(fixture, inProgress));
      }
      known = recipes.apply(fixture).create(this);
      inProgress.remove(fixture);
      ids.put(fixture, known);
    }
    return known;
  }

  /** Creates a fixture, unless another one is in progress: that one names what it needs. */
  void prepare(String fixture) {
    if (inProgress.isEmpty()) {
      id(fixture);
    }
  }

  boolean has(String fixture) {
    return ids.containsKey(fixture);
  }

  /** A new number, for values that must be unique. */
  int nextNumber() {
    return ++serial;
  }

  /** Sends a request that must succeed. */
  JsonNode ok(OperationRequest request) {
    Reply reply = sandbox.send(request);
    if (reply.status() != request.operation().status()) {
      throw new AssertionError(
          "Preparing %s: %s was answered with %s %s"
              .formatted(purpose, request, reply.status(), reply.body()));
    }
    return reply.body();
  }

  /** Creates a fixture. */
  @FunctionalInterface
  interface Recipe {
    /** Creates it and returns its id, or another value that names it. */
    String create(Fixtures fixtures);
  }
}
