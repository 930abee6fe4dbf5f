package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.OperationHandlers;
import dev.clerkmcp.sandbox.handlers.machine.Machines;
import dev.clerkmcp.sandbox.handlers.support.Jwts;
import dev.clerkmcp.sandbox.openapi.ApiContract;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.openapi.RequestValidator;
import dev.clerkmcp.sandbox.seed.SeedData;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.SandboxClock;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.StoreFile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.MultipartReader;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A Clerk instance in memory that answers requests as Clerk's Backend API would. Thread-safe: it
 * carries out one request at a time.
 */
public final class Sandbox {
  /**
   * A secret key for the sandbox as a development instance. Every key with the prefix {@link
   * SecretKey#SANDBOX_TEST} does the same. A key with {@link SecretKey#SANDBOX_LIVE} makes the
   * sandbox a live instance. Every other key is rejected.
   */
  public static final String SECRET_KEY = SecretKey.SANDBOX_TEST + "_not_a_real_key";

  /** Who issues the tokens, in their claim {@code iss}. */
  public static final String ISSUER = Jwts.ISSUER;

  /**
   * The key for applications' frontends. It names the host of the Frontend API, which the sandbox
   * does not have.
   */
  public static final String PUBLISHABLE_KEY =
      "pk_test_"
          + Base64.getEncoder()
              .encodeToString(
                  (URI.create(ISSUER).getHost() + "$").getBytes(StandardCharsets.US_ASCII));

  private static final String BEARER = "Bearer ";

  /** The API URL for clients with the interceptor. The reserved host name can never resolve. */
  public static final String BASE_URL = "https://clerk.sandbox.invalid/v1";

  private static final String VERSION_HEADER = "Clerk-API-Version";
  private static final String VERSION_PARAMETER = "__clerk_api_version";

  private static final long MAX_BODY_BYTES = 8 << 20;

  /** The largest image, and what surrounds it in a form. */
  private static final long MAX_FORM_BYTES = (10 << 20) + 10_000;

  private static final Set<String> UNVERSIONED = Set.of("api_keys", "m2m_tokens");
  private static final List<String> VERIFY_ACCESS_TOKEN =
      List.of("oauth_applications", "access_tokens", "verify");

  /** The API versions that Clerk accepts. The sandbox always answers as the latest one. */
  private static final Set<String> VERSIONS =
      Set.of("2021-02-05", "2024-10-01", "2025-03-12", "2025-04-10", "2025-11-10", "2026-05-12");

  private final ApiContract contract;
  private final RequestValidator validator = new RequestValidator();
  private final Store store;
  private final OperationHandlers handlers;
  private final Runnable save;
  private final FaultInjector faults;
  private long requests;

  /**
   * Opens a sandbox on a store.
   *
   * @param save saves the store after each change; if it fails, the change is undone
   */
  Sandbox(ApiContract contract, Store store, Runnable save, FaultInjector faults) {
    this.contract = contract;
    this.store = store;
    this.handlers = new OperationHandlers(contract, store);
    this.save = save;
    this.faults = faults;
  }

  /**
   * Opens a sandbox with the objects of its file or, without a file, with seed data.
   *
   * @throws IllegalArgumentException if the file cannot be used; the message completes the sentence
   *     "The file ..."
   */
  public static Sandbox open(SandboxSettings settings) {
    SandboxClock clock =
        settings.start() == null ? SandboxClock.real() : SandboxClock.startingAt(settings.start());
    StoreFile file = settings.file() == null ? null : StoreFile.open(settings.file());
    Store saved = file == null ? null : file.load(clock);
    Store store = saved == null ? new Store(settings.seed(), clock) : saved;
    Runnable save = file == null ? () -> {} : () -> file.save(store);
    Sandbox sandbox = new Sandbox(ApiContract.load(), store, save, settings.faults());
    if (saved == null) {
      SeedData.fill(store, sandbox.contract, sandbox.handlers, settings.seed(), settings.users());
      save.run();
    }
    if (settings.webhooks() != null) {
      store.onCommit(new WebhookSender(settings.webhooks(), sandbox.handlers, store)::changed);
    }
    return sandbox;
  }

  /** An OkHttp interceptor that sends the requests of a client here instead of the network. */
  public Interceptor interceptor() {
    return new SandboxInterceptor(this, faults);
  }

  /**
   * Serves the sandbox over HTTP to other programs on this machine.
   *
   * @param port the TCP port, 0 for any free one
   * @throws IOException if the port is taken
   */
  public SandboxServer serve(int port) throws IOException {
    return new SandboxServer(this, faults, port);
  }

  /** The secret with which its webhooks are signed. */
  public String webhookSecret() {
    return WebhookSender.secret(store.seed());
  }

  /** The current time in the sandbox. */
  public synchronized Instant now() {
    return Instant.ofEpochMilli(store.now());
  }

  /** Carries a request out, and returns Clerk's response or error. */
  synchronized HttpResponse answer(Request request) {
    String traceId = String.format(Locale.ROOT, "sandbox%025x", ++requests);
    try {
      String key = key(request.header("Authorization"));
      checkVersion(request);
      ApiRequest apiRequest = apiRequest(request, key);
      JsonNode body =
          apiRequest.operation().reads()
              ? handlers.answer(apiRequest)
              : store.change(() -> handlers.answer(apiRequest), save);
      boolean empty = apiRequest.operation().answer() == null;
      return new HttpResponse(
          apiRequest.operation().status(), empty ? "" : withoutHidden(body).toString(), null);
    } catch (ApiError error) {
      return new HttpResponse(error.status(), error.body(traceId).toString(), null);
    }
  }

  /**
   * The key of a request.
   *
   * @throws ApiError with status 401 for a key that is not for the sandbox
   */
  private static String key(@Nullable String header) {
    if (header == null) {
      throw ApiError.of(401, "authentication_invalid", "The Authorization header is missing.");
    }
    if (!header.startsWith(BEARER)) {
      throw ApiError.of(
          401,
          "authorization_header_format_invalid",
          "The Authorization header must be: Bearer, a space, the secret key.");
    }
    String key = header.substring(BEARER.length());
    boolean known =
        key.startsWith(SecretKey.SANDBOX_TEST)
            || key.startsWith(SecretKey.SANDBOX_LIVE)
            || key.startsWith(Machines.KEY);
    if (!known) {
      throw invalidKey();
    }
    return key;
  }

  private static ApiError invalidKey() {
    return ApiError.of(
        401,
        "clerk_key_invalid",
        "This is a sandbox: it takes only keys that begin with %s or %s.",
        SecretKey.SANDBOX_TEST,
        SecretKey.SANDBOX_LIVE);
  }

  /** The machine with a secret key; null for the instance's key. */
  private @Nullable String machineId(String key, ApiOperation operation) {
    if (!key.startsWith(Machines.KEY)) {
      return null;
    }
    return store.table(ObjectKind.MACHINE).stream()
        .filter(machine -> Machines.hasKey(machine, key, store.now()))
        .filter(machine -> operation.template().startsWith("/m2m_tokens"))
        .map(machine -> machine.path("id").asText())
        .findFirst()
        .orElseThrow(Sandbox::invalidKey);
  }

  private static void checkVersion(Request request) {
    String header = request.header(VERSION_HEADER);
    String parameter = request.url().queryParameter(VERSION_PARAMETER);
    String version = header == null ? parameter : header;
    boolean both = header != null && parameter != null;
    if (both || (version != null && !VERSIONS.contains(version))) {
      throw ApiError.of(
          400,
          "api_version_invalid",
          both
              ? "The version is in the header and in the query; give only one."
              : "The API has no version %s.",
          version);
    }
  }

  private ApiRequest apiRequest(Request request, String key) {
    List<String> path = new ArrayList<>(request.url().pathSegments());
    boolean known = path.get(0).equals("v1") ? path.remove(0) != null : isUnversioned(path);
    ApiContract.Match match = known ? contract.find(request.method(), path) : null;
    if (match == null) {
      throw ApiError.of(
          404,
          "resource_not_found",
          "Clerk has no operation %s %s.",
          request.method(),
          request.url().encodedPath());
    }
    ApiOperation operation = match.operation();
    return new ApiRequest(
        operation,
        match.variables(),
        validator.query(operation, query(request.url())),
        body(operation, request.body()),
        key.startsWith(SecretKey.SANDBOX_LIVE),
        machineId(key, operation));
  }

  /** Whether Clerk serves a path without the version too, as its own libraries call it. */
  private static boolean isUnversioned(List<String> path) {
    return UNVERSIONED.contains(path.get(0)) || path.equals(VERIFY_ACCESS_TOKEN);
  }

  private static Map<String, List<String>> query(HttpUrl url) {
    Map<String, List<String>> query = new HashMap<>();
    for (int i = 0; i < url.querySize(); i++) {
      String value = url.queryParameterValue(i);
      query
          .computeIfAbsent(url.queryParameterName(i), name -> new ArrayList<>())
          .add(value == null ? "" : value);
    }
    return query;
  }

  private JsonNode body(ApiOperation operation, @Nullable RequestBody body) {
    Buffer bytes = new Buffer();
    try {
      if (body != null) {
        body.writeTo(bytes);
      }
      if (bytes.size() > (operation.form() ? MAX_FORM_BYTES : MAX_BODY_BYTES)) {
        throw operation.form()
            ? ApiError.of(413, "image_too_large", "The image is larger than 10 MB.")
            : ApiError.of(413, "request_body_too_large", "The request body is larger than 8 MB.");
      }
      MediaType type = body == null ? null : body.contentType();
      if (operation.form()) {
        return validator.checked(operation, parts(bytes, type));
      }
      if (operation.body() != null
          && bytes.size() > 0
          && (type == null || !type.subtype().equals("json"))) {
        throw ApiError.of(
            415, "unsupported_content_type", "The Content-Type must be application/json.");
      }
      return validator.body(operation, bytes.readUtf8());
    } catch (IOException e) {
      throw ApiError.of(400, "request_body_invalid", "The request body cannot be read.");
    }
  }

  /** The parts of a form by name: the media type of an image, the text of any other part. */
  private static JsonNode parts(Buffer bytes, @Nullable MediaType type) throws IOException {
    String boundary = type == null ? null : type.parameter("boundary");
    if (boundary == null) {
      return MissingNode.getInstance();
    }
    ObjectNode parts = Json.object();
    try (MultipartReader reader = new MultipartReader(bytes, boundary)) {
      for (MultipartReader.Part part = reader.nextPart(); part != null; part = reader.nextPart()) {
        String disposition = part.headers().get("Content-Disposition");
        String name =
            disposition == null ? "" : disposition.replaceAll(".*[; ]name=\"([^\"]*)\".*", "$1");
        String mediaType = part.headers().get("Content-Type");
        String text = part.body().readUtf8();
        parts.put(name, mediaType != null && mediaType.startsWith("image/") ? mediaType : text);
      }
    }
    return parts;
  }

  /** A copy of a response body without the sandbox's hidden fields; clients' own JSON stays. */
  static JsonNode withoutHidden(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode copy = Json.object();
      object
          .properties()
          .forEach(
              field -> {
                String name = field.getKey();
                if (!name.equals(Store.HIDDEN)) {
                  boolean free = name.endsWith("metadata") || name.equals("claims");
                  copy.set(name, free ? field.getValue() : withoutHidden(field.getValue()));
                }
              });
      return copy;
    }
    if (node.isArray()) {
      ArrayNode copy = Json.array();
      node.forEach(item -> copy.add(withoutHidden(item)));
      return copy;
    }
    return node.isMissingNode() ? NullNode.getInstance() : node;
  }

  /**
   * The sandbox's response to a request.
   *
   * @param body JSON; empty if the operation has no response body
   * @param retryAfterSeconds the value of the header Retry-After, or null for no such header
   */
  record HttpResponse(int status, String body, @Nullable Integer retryAfterSeconds) {}
}
