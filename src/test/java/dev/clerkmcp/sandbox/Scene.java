package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.SandboxCalls.Reply;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What is there for one request: objects that were made through the API because a path or a body
 * names them. Each is made once, so that an invitation and its organization belong together.
 */
final class Scene {
  private final Stage stage = new Stage(1);
  private final String purpose;
  private final Function<String, Recipe> recipes;
  private final Map<String, String> ids = new HashMap<>();
  private final Set<String> making = new LinkedHashSet<>();
  private int serial;

  /**
   * A scene without anything.
   *
   * @param purpose for messages
   */
  Scene(String purpose, Function<String, Recipe> recipes) {
    this.purpose = purpose;
    this.recipes = recipes;
  }

  Stage stage() {
    return stage;
  }

  /** The id of the thing that {@link Things} has a recipe for; it is made if need be. */
  String id(String thing) {
    String known = ids.get(thing);
    if (known == null) {
      if (!making.add(thing)) {
        throw new AssertionError("To make %s, there must be %s already".formatted(thing, making));
      }
      known = recipes.apply(thing).make(this);
      making.remove(thing);
      ids.put(thing, known);
    }
    return known;
  }

  /** Makes a thing if need be, unless another is being made, which says itself what it needs. */
  void prepare(String thing) {
    if (making.isEmpty()) {
      id(thing);
    }
  }

  boolean has(String thing) {
    return ids.containsKey(thing);
  }

  /** A number that was not given before, for what must be unique. */
  int next() {
    return ++serial;
  }

  /** Sends a request that must succeed. */
  JsonNode ok(Ask ask) {
    Reply reply = stage.send(ask);
    if (reply.status() != ask.operation().status()) {
      throw new AssertionError(
          "Preparing %s: %s was answered with %s %s"
              .formatted(purpose, ask, reply.status(), reply.body()));
    }
    return reply.body();
  }

  /** Makes a thing. */
  @FunctionalInterface
  interface Recipe {
    /** Makes it and returns what names it, mostly its id. */
    String make(Scene scene);
  }
}
