package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.clerk.Network;
import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.OperationHandlers;
import dev.clerkmcp.sandbox.openapi.ApiContract;
import dev.clerkmcp.sandbox.seed.SeedData;
import dev.clerkmcp.sandbox.store.SandboxClock;
import dev.clerkmcp.sandbox.store.Store;
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** Sends requests to a sandbox as a client would, without the client. */
public final class SandboxCalls {
  /** Read once for all tests, for it takes a while. */
  public static final ApiContract CONTRACT = ApiContract.load();

  private final Store store;
  private final Sandbox sandbox;

  private SandboxCalls(Store store, Sandbox sandbox) {
    this.store = store;
    this.sandbox = sandbox;
  }

  /** An instance that holds nothing. */
  public static SandboxCalls ofEmptyWorld() {
    return of(new Store(1, SandboxClock.startingAt(SandboxSettings.START)), () -> {});
  }

  /** An instance that holds what a new sandbox holds. */
  public static SandboxCalls ofStartingWorld(long seed, int users) {
    Store store = new Store(seed, SandboxClock.startingAt(SandboxSettings.START));
    OperationHandlers behaviours = new OperationHandlers(CONTRACT, store);
    SeedData.fill(store, CONTRACT, behaviours, seed, users);
    return of(store, () -> {});
  }

  /** The instance of a world, saved as given after each change. */
  static SandboxCalls of(Store store, Runnable save) {
    return new SandboxCalls(store, new Sandbox(CONTRACT, store, save, FaultInjector.none()));
  }

  /** What the instance holds. */
  public Store store() {
    return store;
  }

  /** A client of the instance. */
  public ClerkClient client() {
    return client(sandbox);
  }

  static ClerkClient client(Sandbox sandbox) {
    return ClerkClient.create(
        new ClerkClient.Settings(
            SecretKey.of(Sandbox.SECRET_KEY),
            Sandbox.BASE_URL,
            "test",
            Duration.ofSeconds(5),
            Duration.ofMillis(1),
            null,
            Network.DIRECT),
        sandbox.interceptor());
  }

  /** Sends a request without body. */
  public Reply call(String method, String path) {
    return send(method, path, null);
  }

  /**
   * Sends a request.
   *
   * @param path below /v1, with the query
   * @param body JSON, in which single quotes may stand for double ones
   */
  public Reply call(String method, String path, String body) {
    return send(method, path, body.replace('\'', '"'));
  }

  /**
   * Sends a request that must succeed, and returns the answer.
   *
   * @param route method and path below /v1: {@code POST /users}
   */
  public JsonNode ok(String route, String body) {
    Reply reply =
        call(route.substring(0, route.indexOf(' ')), route.substring(route.indexOf(' ') + 1), body);
    if (reply.status() >= 300) {
      throw new AssertionError(route + " " + body + ": " + reply.body());
    }
    return reply.body();
  }

  /** Sends a request without body that must succeed, and returns the answer. */
  public JsonNode ok(String route) {
    return ok(route, "");
  }

  /** Sends a request with a body as it is. */
  Reply send(String method, String path, @Nullable String body) {
    RequestBody bytes =
        body == null || body.isEmpty()
            ? null
            : RequestBody.create(body, MediaType.get("application/json"));
    boolean needsBody = method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    Request request =
        new Request.Builder()
            .url(Sandbox.BASE_URL + path)
            .header("Authorization", "Bearer " + Sandbox.SECRET_KEY)
            .header("Clerk-API-Version", "2026-05-12")
            .method(method, bytes == null && needsBody ? RequestBody.EMPTY : bytes)
            .build();
    SandboxResponse answer = sandbox.answer(request);
    try {
      return new Reply(
          answer.status(),
          answer.body().isEmpty() ? MissingNode.getInstance() : Json.read(answer.body()));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** What the sandbox answered. */
  public record Reply(int status, JsonNode body) {
    /**
     * Status and the first code of a refusal with the parameter to blame: {@code 422
     * form_param_missing name}.
     */
    public String refusal() {
      JsonNode error = body.path("errors").path(0);
      String parameter = error.path("meta").path("param_name").asText("");
      return "%s %s %s".formatted(status, error.path("code").asText(), parameter).strip();
    }
  }
}
