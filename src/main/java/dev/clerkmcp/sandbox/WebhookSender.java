package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.OperationHandlers;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Store.Change;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a program on this machine of what changes in the sandbox, in the form and with the
 * signature of Clerk's webhooks, so that it can test its handlers. One event follows the other;
 * what is not answered with success is sent again.
 *
 * @see <a href="https://docs.svix.com/receiving/verifying-payloads/how-manual">The signature</a>
 */
public final class WebhookSender {
  private static final Logger log = LoggerFactory.getLogger(WebhookSender.class);

  private static final MediaType JSON = MediaType.get("application/json");
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  /** The delays before an event is sent again, in milliseconds. */
  private static final List<Long> RETRIES = List.of(1_000L, 5_000L, 30_000L);

  /** The names of the kinds of objects in the types of events. */
  private static final Map<ObjectKind, String> NAMES =
      Map.of(
          ObjectKind.ORGANIZATION, "organization",
          ObjectKind.ORGANIZATION_DOMAIN, "organizationDomain",
          ObjectKind.ORGANIZATION_INVITATION, "organizationInvitation",
          ObjectKind.ORGANIZATION_MEMBERSHIP, "organizationMembership",
          ObjectKind.PERMISSION, "permission",
          ObjectKind.ROLE, "role",
          ObjectKind.SESSION, "session",
          ObjectKind.USER, "user",
          ObjectKind.WAITLIST_ENTRY, "waitlistEntry");

  private final URI url;
  private final OperationHandlers handlers;
  private final Store store;
  private final OkHttpClient client =
      new OkHttpClient.Builder().callTimeout(TIMEOUT).followRedirects(false).build();
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1,
          work -> {
            Thread daemon = new Thread(work, "sandbox-webhooks");
            daemon.setDaemon(true);
            return daemon;
          });

  private long number;

  WebhookSender(URI url, OperationHandlers handlers, Store store) {
    this.url = url;
    this.handlers = handlers;
    this.store = store;
  }

  /** An event of the sandbox, ready to be sent. */
  private record Event(String id, String type, String body) {}

  /**
   * The secret of the signatures, which the seed decides. It is no secret: it signs nothing real.
   */
  public static String secret(long seed) {
    byte[] bytes =
        String.format(Locale.ROOT, "sandbox-webhooks%08x", seed)
            .getBytes(StandardCharsets.US_ASCII);
    return "whsec_" + Base64.getEncoder().encodeToString(bytes);
  }

  /** Queues the events of a transaction. */
  void changed(List<Change> changes) {
    for (Change change : changes) {
      String action = findAction(change);
      String name = NAMES.get(change.kind());
      if (name != null && action != null) {
        String id = String.format(Locale.ROOT, "msg_sandbox%020d", ++number);
        String type = name + "." + action;
        Event event = new Event(id, type, body(type, change).toString());
        thread.execute(() -> send(event, 0));
      }
    }
  }

  /** What happened to an object, in Clerk's word; null if Clerk tells nothing of it. */
  private static @Nullable String findAction(Change change) {
    ObjectNode before = change.before();
    ObjectNode after = change.after();
    if (before == null) {
      return after == null ? null : "created";
    }
    if (after == null) {
      return switch (change.kind()) {
        case SESSION -> "removed";
        case ORGANIZATION_INVITATION, WAITLIST_ENTRY -> null;
        default -> "deleted";
      };
    }
    if (before.equals(after)) {
      return null;
    }
    String status = after.path("status").asText();
    boolean isNew = !before.path("status").asText().equals(status);
    return switch (change.kind()) {
      case SESSION ->
          isNew && List.of("ended", "removed", "revoked").contains(status) ? status : null;
      case ORGANIZATION_INVITATION ->
          isNew && List.of("accepted", "revoked").contains(status) ? status : null;
      default -> "updated";
    };
  }

  private ObjectNode body(String type, Change change) {
    ObjectNode event = Json.object();
    event.set("data", data(change));
    event
        .put("object", "event")
        .put("type", type)
        .put("timestamp", store.now())
        .put("instance_id", HandlerContext.INSTANCE_ID)
        .putObject("event_attributes")
        .putObject("http_request")
        .put("client_ip", "127.0.0.1")
        .put("user_agent", "clerk-mcp sandbox");
    return event;
  }

  private JsonNode data(Change change) {
    ObjectNode row = change.after() == null ? change.before() : change.after();
    if (row == null) {
      return Json.object();
    }
    boolean whole = change.after() != null || change.kind() == ObjectKind.ORGANIZATION_MEMBERSHIP;
    try {
      return whole
          ? Sandbox.withoutHidden(handlers.view(change.kind(), row))
          : deleted(change, row);
    } catch (ApiError e) {
      return deleted(change, row); // what it belonged to is gone as well
    }
  }

  private static ObjectNode deleted(Change change, ObjectNode row) {
    return HandlerContext.deleted(change.kind(), row.path("id").asText());
  }

  private void send(Event event, int attempt) {
    boolean delivered = false;
    String outcome;
    try (Response response = client.newCall(request(event)).execute()) {
      delivered = response.isSuccessful();
      outcome = "was answered with " + response.code();
    } catch (IOException e) {
      outcome = "could not be delivered";
    }
    if (delivered) {
      log.debug("The webhook {} {}", event.type(), outcome);
    } else if (attempt < RETRIES.size()) {
      long delay = RETRIES.get(attempt);
      log.info("The webhook {} {}; it is sent again in {} ms", event.type(), outcome, delay);
      ScheduledFuture<?> unused =
          thread.schedule(() -> send(event, attempt + 1), delay, TimeUnit.MILLISECONDS);
    } else {
      log.warn("The webhook {} {}, for the last time", event.type(), outcome);
    }
  }

  private Request request(Event event) {
    // The time of the signature is the real one: a receiver refuses what is older than minutes.
    long seconds = System.currentTimeMillis() / 1000;
    return new Request.Builder()
        .url(url.toString())
        .header("svix-id", event.id())
        .header("svix-timestamp", Long.toString(seconds))
        .header("svix-signature", "v1," + signature(event, seconds))
        .header("User-Agent", "Svix-Webhooks/sandbox")
        .post(RequestBody.create(event.body().getBytes(StandardCharsets.UTF_8), JSON))
        .build();
  }

  private String signature(Event event, long seconds) {
    byte[] key = Base64.getDecoder().decode(secret(store.seed()).substring("whsec_".length()));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      String signed = "%s.%s.%s".formatted(event.id(), seconds, event.body());
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
