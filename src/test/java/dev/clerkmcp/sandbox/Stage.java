package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls.Reply;
import dev.clerkmcp.sandbox.behaviour.Behaviours;
import dev.clerkmcp.sandbox.start.StartingWorld;
import dev.clerkmcp.sandbox.world.World;
import dev.clerkmcp.sandbox.world.WorldClock;
import java.time.Duration;
import java.time.Instant;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** A sandbox for requests in every form, wrong ones too. */
final class Stage {
  private World world;
  private Sandbox sandbox;

  /** An instance with what every one has from its beginning. */
  Stage(long seed) {
    world = new World(seed, clock());
    new Behaviours(SandboxCalls.CONTRACT, world).createDefaults();
    sandbox = open(world);
  }

  private Stage(World world) {
    this.world = world;
    this.sandbox = open(world);
  }

  /** An instance with what a new sandbox holds. */
  static Stage ofStartingWorld(long seed, int users) {
    World world = new World(seed, clock());
    Behaviours behaviours = new Behaviours(SandboxCalls.CONTRACT, world);
    StartingWorld.fill(world, SandboxCalls.CONTRACT, behaviours, seed, users);
    return new Stage(world);
  }

  /** Ends the program and starts it again some time later, with the world that was saved. */
  void restart(Duration later) {
    ObjectNode json = world.toJson();
    json.put("now", world.now() + later.toMillis());
    world = World.fromJson(json, clock());
    sandbox = open(world);
  }

  World world() {
    return world;
  }

  /** A client of the instance. */
  ClerkClient client() {
    return SandboxCalls.client(sandbox);
  }

  /** Everything that the instance holds, to the byte. */
  String state() {
    return world.toJson().toString();
  }

  Reply send(Ask ask) {
    return send(ask.request().build());
  }

  /**
   * Sends a request.
   *
   * @param path below /v1, with the query
   */
  Reply send(String method, String path, @Nullable JsonNode body) {
    boolean bodiless = method.equals("GET") || method.equals("DELETE");
    RequestBody bytes =
        body == null ? RequestBody.EMPTY : RequestBody.create(body.toString(), Ask.JSON);
    return send(
        new Request.Builder()
            .url(Sandbox.BASE_URL + path)
            .header("Authorization", "Bearer " + Sandbox.SECRET_KEY)
            .header("Clerk-API-Version", "2026-05-12")
            .method(method, bodiless ? null : bytes)
            .build());
  }

  Reply send(Request request) {
    Answer answer = sandbox.answer(request);
    try {
      return new Reply(
          answer.status(),
          answer.body().isEmpty() ? MissingNode.getInstance() : Json.read(answer.body()));
    } catch (JsonProcessingException e) {
      throw new AssertionError("%s answers no JSON".formatted(request), e);
    }
  }

  private static Sandbox open(World world) {
    return new Sandbox(SandboxCalls.CONTRACT, world, () -> {}, Trouble.none());
  }

  private static WorldClock clock() {
    return WorldClock.startingAt(Instant.parse("2026-06-01T09:00:00Z"));
  }
}
