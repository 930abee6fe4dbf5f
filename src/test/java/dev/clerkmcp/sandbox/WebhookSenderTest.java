package dev.clerkmcp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The webhooks of the sandbox, as a receiver gets them. */
final class WebhookSenderTest {
  private final MockWebServer receiver = new MockWebServer();
  private OkHttpClient clerk = new OkHttpClient();

  @BeforeEach
  void start() throws Exception {
    receiver.start();
    URI url = receiver.url("/webhooks").uri();
    clerk =
        new OkHttpClient.Builder()
            .addInterceptor(
                Sandbox.open(
                        new SandboxSettings(
                            1, 0, SandboxSettings.START, null, FaultInjector.none(), url))
                    .interceptor())
            .build();
  }

  @AfterEach
  void stop() throws Exception {
    receiver.close();
  }

  @Test
  void changesAreToldInTheirOrder() throws Exception {
    String ada =
        call("POST", "/users", "{'email_address':['ada@example.com']}").path("id").asText();
    String acme =
        call("POST", "/organizations", "{'name':'Acme','created_by':'%s'}".formatted(ada))
            .path("id")
            .asText();
    call("POST", "/sessions", "{'user_id':'%s'}".formatted(ada));
    call("POST", "/users/" + ada + "/ban", "");
    call("GET", "/users", "");
    call("POST", "/users", "{'email_address':['ada@example.com']}"); // is refused
    call("DELETE", "/users/" + ada, "");
    List<JsonNode> events = events(8);
    assertThat(events)
        .extracting(event -> event.path("type").asText())
        .containsExactly(
            "user.created",
            "organization.created",
            "organizationMembership.created",
            "session.created",
            "user.updated",
            "session.revoked",
            "user.deleted",
            "session.removed");
    assertThat(events.get(0).path("object").asText()).isEqualTo("event");
    assertThat(events.get(0).at("/data/email_addresses/0/email_address").asText())
        .isEqualTo("ada@example.com");
    assertThat(events.get(2).at("/data/organization/id").asText()).isEqualTo(acme);
    assertThat(events.get(2).at("/data/public_user_data/user_id").asText()).isEqualTo(ada);
    assertThat(events.get(6).path("data"))
        .hasToString("{\"object\":\"user\",\"id\":\"%s\",\"deleted\":true}".formatted(ada));
    assertThat(events.toString()).doesNotContain("_sandbox\"");
  }

  /** Svix's libraries verify by the secret that the command prints. */
  @Test
  void eventsAreSigned() throws Exception {
    call("POST", "/users", "{'email_address':['ada@example.com']}");
    receiver.enqueue(new MockResponse.Builder().build());
    RecordedRequest request =
        Objects.requireNonNull(receiver.takeRequest(10, TimeUnit.SECONDS), "nothing came");
    assertThat(request.getHeaders().get("svix-id")).startsWith("msg_");
    long age =
        System.currentTimeMillis() / 1000
            - Long.parseLong(String.valueOf(request.getHeaders().get("svix-timestamp")));
    assertThat(age).isBetween(0L, 30L);
    String secret = WebhookSender.secret(1);
    assertThat(secret).startsWith("whsec_");
    Mac mac = Mac.getInstance("HmacSHA256");
    byte[] key = Base64.getDecoder().decode(secret.substring(6));
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    String signed =
        "%s.%s.%s"
            .formatted(
                request.getHeaders().get("svix-id"),
                request.getHeaders().get("svix-timestamp"),
                Objects.requireNonNull(request.getBody()).utf8());
    assertThat(request.getHeaders().get("svix-signature"))
        .isEqualTo(
            "v1,"
                + Base64.getEncoder()
                    .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void eventIsSentAgainUntilItIsTaken() throws Exception {
    receiver.enqueue(new MockResponse.Builder().code(500).build());
    receiver.enqueue(new MockResponse.Builder().build());
    call("POST", "/users", "{'email_address':['ada@example.com']}");
    String first = String.valueOf(taken().getHeaders().get("svix-id"));
    assertThat(taken().getHeaders().get("svix-id")).isEqualTo(first);
    assertThat(receiver.takeRequest(2, TimeUnit.SECONDS)).isNull();
  }

  private List<JsonNode> events(int count) throws Exception {
    List<JsonNode> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      receiver.enqueue(new MockResponse.Builder().build());
    }
    for (int i = 0; i < count; i++) {
      events.add(Json.read(Objects.requireNonNull(taken().getBody()).utf8()));
    }
    return events;
  }

  private RecordedRequest taken() throws InterruptedException {
    return Objects.requireNonNull(receiver.takeRequest(10, TimeUnit.SECONDS), "nothing came");
  }

  private JsonNode call(String method, String path, String body) throws Exception {
    RequestBody sent =
        method.equals("GET")
            ? null
            : RequestBody.create(
                body.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
                MediaType.get("application/json"));
    Request request =
        new Request.Builder()
            .url(Sandbox.BASE_URL + path)
            .header("Authorization", "Bearer " + Sandbox.SECRET_KEY)
            .method(method, sent)
            .build();
    try (Response response = clerk.newCall(request).execute()) {
      return Json.read(response.body().string());
    }
  }
}
