package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.clerk.NetworkSettings;
import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.OperationHandlers;
import dev.clerkmcp.sandbox.openapi.ApiContract;
import dev.clerkmcp.sandbox.seed.SeedData;
import dev.clerkmcp.sandbox.store.SandboxClock;
import dev.clerkmcp.sandbox.store.Store;
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** A sandbox for tests, with short ways to send requests to it. */
public final class SandboxCalls {
  /** Read once for all tests, because it takes a while. */
  public static final ApiContract CONTRACT = ApiContract.load();

  static final MediaType JSON = MediaType.get("application/json");

  private Store store;
  private Sandbox sandbox;

  private SandboxCalls(Store store, Runnable save) {
    this.store = store;
    this.sandbox = new Sandbox(CONTRACT, store, save, FaultInjector.none());
  }

  /** An instance without any object. */
  public static SandboxCalls empty() {
    return of(newStore(1), () -> {});
  }

  /** An instance with the permissions, roles and role set that every instance has. */
  public static SandboxCalls withDefaults(long seed) {
    Store store = newStore(seed);
    new OperationHandlers(CONTRACT, store).createDefaults();
    return of(store, () -> {});
  }

  /** An instance with seed data. */
  public static SandboxCalls seeded(long seed, int users) {
    Store store = newStore(seed);
    SeedData.fill(store, CONTRACT, new OperationHandlers(CONTRACT, store), seed, users);
    return of(store, () -> {});
  }

  /** An instance with the objects of a store, which is saved as given after each change. */
  public static SandboxCalls of(Store store, Runnable save) {
    return new SandboxCalls(store, save);
  }

  private static Store newStore(long seed) {
    return new Store(seed, SandboxClock.startingAt(SandboxSettings.START));
  }

  /** Ends the sandbox and starts it again some time later, with the objects that it had. */
  void restart(Duration later) {
    ObjectNode json = store.toJson();
    json.put("now", store.now() + later.toMillis());
    store = Store.fromJson(json, SandboxClock.startingAt(SandboxSettings.START));
    sandbox = new Sandbox(CONTRACT, store, () -> {}, FaultInjector.none());
  }

  /** The store as JSON: all that the instance holds, to the byte. */
  String state() {
    return store.toJson().toString();
  }

  /** The store of the instance. */
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
            Duration.ofSeconds(60),
            Duration.ofMillis(1),
            null,
            NetworkSettings.DIRECT),
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

  /** Creates a user without password, and returns its id. */
  public String createUser(String email) {
    return ok(
            "POST /users",
            "{'email_address':['%s'],'skip_password_requirement':true}".formatted(email))
        .path("id")
        .asText();
  }

  /**
   * Uploads a file as the form part {@code file}.
   *
   * @param path below /v1
   */
  public Reply upload(String method, String path, String mediaType) {
    RequestBody file = RequestBody.create(new byte[] {1, 2}, MediaType.get(mediaType));
    return send(
        authorized(path)
            .method(
                method,
                new MultipartBody.Builder()
                    .setType(MultipartBody.FORM)
                    .addFormDataPart("file", "file", file)
                    .build())
            .build());
  }

  /**
   * Sends a request with a body as it is.
   *
   * @param path below /v1, with the query
   */
  Reply send(String method, String path, @Nullable String body) {
    return send(method, path, body, Sandbox.SECRET_KEY);
  }

  /**
   * Sends a request with a body as it is.
   *
   * @param path below /v1, with the query
   * @param key decides whether the instance is live
   */
  Reply send(String method, String path, @Nullable String body, String key) {
    RequestBody bytes = body == null || body.isEmpty() ? null : RequestBody.create(body, JSON);
    boolean needsBody = method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    return send(
        authorized(path)
            .header("Authorization", "Bearer " + key)
            .method(method, bytes == null && needsBody ? RequestBody.EMPTY : bytes)
            .build());
  }

  Reply send(OperationRequest request) {
    return send(request.toHttp().build());
  }

  Reply send(Request request) {
    Sandbox.HttpResponse answer = sandbox.answer(request);
    try {
      return new Reply(
          answer.status(),
          answer.body().isEmpty() ? MissingNode.getInstance() : Json.read(answer.body()));
    } catch (JsonProcessingException e) {
      throw new AssertionError("%s is answered without JSON".formatted(request), e);
    }
  }

  /** A request to the sandbox with its key and the newest version of the API. */
  static Request.Builder authorized(String path) {
    return new Request.Builder()
        .url(Sandbox.BASE_URL + path)
        .header("Authorization", "Bearer " + Sandbox.SECRET_KEY)
        .header("Clerk-API-Version", "2026-05-12");
  }

  /** The response of the sandbox. */
  public record Reply(int status, JsonNode body) {
    /**
     * The status of an error with its first code and parameter: {@code 422 form_param_missing
     * name}.
     */
    public String error() {
      JsonNode error = body.path("errors").path(0);
      String parameter = error.path("meta").path("param_name").asText("");
      return "%s %s %s".formatted(status, error.path("code").asText(), parameter).strip();
    }
  }
}
