package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls.Reply;
import dev.clerkmcp.sandbox.handlers.OperationHandlers;
import dev.clerkmcp.sandbox.seed.SeedData;
import dev.clerkmcp.sandbox.store.SandboxClock;
import dev.clerkmcp.sandbox.store.Store;
import java.time.Duration;
import java.time.Instant;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** A sandbox for requests in every form, wrong ones too. */
final class Stage {
  private Store store;
  private Sandbox sandbox;

  /** An instance with what every one has from its beginning. */
  Stage(long seed) {
    store = new Store(seed, clock());
    new OperationHandlers(SandboxCalls.CONTRACT, store).createDefaults();
    sandbox = open(store);
  }

  private Stage(Store store) {
    this.store = store;
    this.sandbox = open(store);
  }

  /** An instance with what a new sandbox holds. */
  static Stage ofStartingWorld(long seed, int users) {
    Store store = new Store(seed, clock());
    OperationHandlers behaviours = new OperationHandlers(SandboxCalls.CONTRACT, store);
    SeedData.fill(store, SandboxCalls.CONTRACT, behaviours, seed, users);
    return new Stage(store);
  }

  /** Ends the program and starts it again some time later, with the world that was saved. */
  void restart(Duration later) {
    ObjectNode json = store.toJson();
    json.put("now", store.now() + later.toMillis());
    store = Store.fromJson(json, clock());
    sandbox = open(store);
  }

  Store store() {
    return store;
  }

  /** A client of the instance. */
  ClerkClient client() {
    return SandboxCalls.client(sandbox);
  }

  /** Everything that the instance holds, to the byte. */
  String state() {
    return store.toJson().toString();
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
    SandboxResponse answer = sandbox.answer(request);
    try {
      return new Reply(
          answer.status(),
          answer.body().isEmpty() ? MissingNode.getInstance() : Json.read(answer.body()));
    } catch (JsonProcessingException e) {
      throw new AssertionError("%s answers no JSON".formatted(request), e);
    }
  }

  private static Sandbox open(Store store) {
    return new Sandbox(SandboxCalls.CONTRACT, store, () -> {}, FaultInjector.none());
  }

  private static SandboxClock clock() {
    return SandboxClock.startingAt(Instant.parse("2026-06-01T09:00:00Z"));
  }
}
