package dev.clerkmcp.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.ExampleArguments;
import dev.clerkmcp.clerk.Cancellation;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.NetworkSettings;
import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Tests that a Prism server with Clerk's OpenAPI file accepts every request of a tool. */
@EnabledIfSystemProperty(
    named = "clerk.prism",
    matches = ".+",
    disabledReason = "needs -Dclerk.prism=<URL of prism mock --errors with Clerk's OpenAPI file>")
final class PrismTest {
  /** The fields that a workflow needs in one answer to send its next request. */
  private static final String ANSWER =
      """
      {
        "id": "org_1",
        "name": "old",
        "claims": {"old": 1},
        "data": [{"id": "dmn_1", "public_user_data": {"user_id": "user_id_1"}}],
        "total_count": 1
      }
      """;

  private static final String USER = "user_" + "0".repeat(27);
  private static final Judge PRISM = new Judge();
  private static final ClerkClient CLERK = client();
  private static final ToolRegistry REGISTRY = ToolModule.registry(CLERK);

  static final List<Named<ToolDefinition>> TOOLS =
      REGISTRY.tools().stream()
          .filter(
              tool ->
                  !Set.of(ToolFilter.DISCOVERY, "undo")
                      .contains(tool.group())) // send none of theirs
          .filter(tool -> !tool.name().equals("clerk_instances_compare")) // needs two instances
          .map(tool -> Named.of(tool.name(), tool))
          .toList();

  @ParameterizedTest
  @FieldSource("TOOLS")
  void requestsAreAccepted(ToolDefinition tool) throws IOException {
    JsonNode schema = tool.arguments().fullSchema();
    boolean needsMore = tool.name().matches("clerk_(user|organization)_update|clerk_metadata_set");
    ObjectNode required = ExampleArguments.required(schema);
    ObjectNode all = ExampleArguments.all(tool.name(), schema);
    switch (tool.name()) {
      case "clerk_user_offboard" -> {
        required.put("user_id", USER); // sent on as the subject of API keys, where the form counts
        all.put("user_id", USER);
      }
      case "clerk_saml_connection_create" ->
          required.set("domains", all.path("domains")); // or else the deprecated domain
      case "clerk_admin_portal_link_token_create" ->
          all.put("organization_id", "org_" + "0".repeat(27)); // here alone the form counts
      default -> {}
    }
    assertAccepted(tool, required, !needsMore);
    assertAccepted(tool, all, true);
  }

  /**
   * Prism's acceptance proves something only if it rejects a wrong path, method, query and body.
   */
  @Test
  void wrongRequestsAreRejected() {
    PRISM.forget();
    Cancellation never = new Cancellation();
    CLERK.exchange(Endpoint.parse("GET /nowhere"), Json.object(), never);
    CLERK.exchange(Endpoint.parse("PUT /users"), Json.object(), never);
    CLERK.exchange(Endpoint.parse("GET /users"), Json.object().put("limit", "many"), never);
    CLERK.exchange(Endpoint.parse("POST /organizations"), Json.object().put("nam", "x"), never);
    assertThat(PRISM.rejections()).hasSize(4);
  }

  private static void assertAccepted(ToolDefinition tool, ObjectNode arguments, boolean sends) {
    PRISM.forget();
    ToolResult result = REGISTRY.call(tool, arguments, Invocation.current());
    String call = tool.name() + " " + arguments;
    assertThat(PRISM.rejections()).as(call).isEmpty();
    assertThat(PRISM.hasRequests()).as("%s is sent", call).isEqualTo(sends);
    assertThat(result.isError()).as("%s: %s", call, result.json()).isEqualTo(!sends);
  }

  private static ClerkClient client() {
    return ClerkClient.create(
        new ClerkClient.Settings(
            SecretKey.of("sk_test_notarealkey"),
            System.getProperty("clerk.prism", ""),
            "test",
            Duration.ofSeconds(30),
            Duration.ofMillis(1),
            null,
            NetworkSettings.DIRECT),
        PRISM);
  }

  /**
   * Lets Prism check each request, but answers itself: Prism's made-up answers often violate the
   * schema, or cannot be used by a workflow.
   */
  private static final class Judge implements Interceptor {
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> rejections = new CopyOnWriteArrayList<>();

    @Override
    public Response intercept(Chain chain) throws IOException {
      Request request = chain.request();
      String line = request.method() + " " + request.url().encodedPath();
      requests.add(line);
      try (Response response = chain.proceed(request)) {
        for (String reason : reasons(response)) {
          rejections.add(line + ": " + reason);
        }
        return response
            .newBuilder()
            .code(200)
            .body(ResponseBody.create(answer(line), MediaType.get("application/json")))
            .build();
      }
    }

    boolean hasRequests() {
      return !requests.isEmpty();
    }

    List<String> rejections() {
      return List.copyOf(rejections);
    }

    void forget() {
      requests.clear();
      rejections.clear();
    }

    /** Prism's objections to the request, without those to its own answer. */
    private static List<String> reasons(Response response) throws IOException {
      JsonNode violations = Json.read(response.header("sl-violations", "[]"));
      if (!response.isSuccessful() && violations.isEmpty()) {
        return List.of(response.body().string());
      }
      return violations
          .valueStream()
          .filter(violation -> violation.at("/location/0").asText().equals("request"))
          .map(violation -> violation.path("message").asText())
          .toList();
    }

    private static String answer(String line) {
      return switch (line) {
        case "GET /users" -> "[{\"id\":\"user_1\"}]";
        case "GET /api_keys" -> "{\"data\":[{\"id\":\"ak_%s\"}]}".formatted("0".repeat(32));
        default -> ANSWER;
      };
    }
  }
}
