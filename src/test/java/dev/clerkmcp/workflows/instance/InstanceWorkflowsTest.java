package dev.clerkmcp.workflows.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.clerk.NetworkSettings;
import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.interceptor.InterceptorFactory;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.RecordingSandbox;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the comparison of two instances, each read with its own key and settings. */
final class InstanceWorkflowsTest {
  private final SandboxCalls staging = SandboxCalls.seeded(1, 20);
  private final SandboxCalls shop = SandboxCalls.seeded(1, 20);
  private final FakeClerk stagingClerk = FakeClerk.answering(request -> answer(staging, request));
  private final FakeClerk shopClerk = FakeClerk.answering(this::shopAnswer);
  private final Invocation invocation = new Invocation(Runnable::run, Caller.UNKNOWN);
  private Function<String, @Nullable Answer> shopErrors = request -> null;
  @TempDir private Path folder;

  @Test
  void equalInstancesAreCounted() throws Exception {
    JsonNode answer = compare();
    assertThat(answer.path("different").asInt()).as(answer.toString()).isZero();
    assertThat(answer.has("differences")).isFalse();
    assertThat(answer.has("not_compared")).isFalse();
    assertThat(answer.at("/equal/roles").asInt()).isPositive();
    assertThat(answer.at("/equal/jwt_templates").asInt()).isPositive();
    assertThat(answer.at("/equal/organization_settings").asInt()).isGreaterThan(5);
    assertThat(answer.at("/equal/allowlist").asInt()).isEqualTo(1);
  }

  @Test
  void everyDifferenceHasOneRow() throws Exception {
    shop.ok("PATCH /instance/organization_settings", "{'max_allowed_memberships':77}");
    shop.ok("PATCH /instance/communication", "{'blocked_country_codes':['DE']}");
    shop.ok("POST /redirect_urls", "{'url':'https://shop.example.com/back'}");
    shop.ok("POST /blocklist_identifiers", "{'identifier':'*@bad.example'}");
    shop.ok("POST /organization_permissions", "{'name':'Sail','key':'org:boat:sail'}");
    staging.ok("POST /jwt_templates", "{'name':'only','claims':{}}");
    for (SandboxCalls world : List.of(staging, shop)) {
      String role = world == shop ? "admin" : "reader";
      world.ok(
          "POST /jwt_templates",
          "{'name':'both','claims':{'https://a.example/b':{'role':'%s','same':[1,2]}}}"
              .formatted(role));
    }
    JsonNode answer = compare();
    assertThat(rows(answer))
        .contains(
            "organization_settings.max_allowed_memberships: 5 77",
            "communication.blocked_country_codes[DE]: (absent) (present)",
            "redirect_urls[https://shop.example.com/back]: (absent) (present)",
            "permissions[org:boat:sail]: (absent) (present)",
            "jwt_templates[only]: (present) (absent)",
            "jwt_templates[both].claims.https://a.example/b.role: reader admin")
        .anyMatch(row -> row.startsWith("blocklist.count: "))
        .hasSize(7);
    assertThat(answer.path("different").asInt()).isEqualTo(7);
  }

  @Test
  void listsAreReadToTheirEnd() throws Exception {
    for (int i = 0; i < 501; i++) {
      shop.ok("POST /redirect_urls", "{'url':'https://%s.example.com/'}".formatted(i));
    }
    JsonNode answer = compare();
    assertThat(answer.path("different").asInt()).isEqualTo(501);
    assertThat(answer.path("differences")).hasSize(200);
    assertThat(answer.path("not_shown").asInt()).isEqualTo(301);
    assertThat(shopClerk.requests())
        .anyMatch(
            request ->
                request.startsWith("GET /redirect_urls") && request.contains("=500&offset=500"));
  }

  @Test
  void refusedListIsNotCompared() throws Exception {
    shopErrors = request -> request.startsWith("GET /role_sets") ? Answer.error(402, "plan") : null;
    JsonNode answer = compare();
    assertThat(answer.path("not_compared")).hasSize(1);
    assertThat(answer.at("/not_compared/0"))
        .isEqualTo(
            Json.object()
                .put("what", "role_sets")
                .put("instance", "shop")
                .put("code", "plan")
                .put("message", "Clerk answered 402: No."));
    assertThat(answer.at("/equal/roles").asInt()).isPositive();
    assertThat(answer.at("/equal").has("role_sets")).isFalse();
  }

  @Test
  void rateLimitOfOneListLeavesOthersCompared() throws Exception {
    shopErrors =
        request -> request.startsWith("GET /domains") ? Answer.error(429, "too_many") : null;
    JsonNode answer = compare();
    assertThat(answer.at("/not_compared/0/code").asText()).isEqualTo("too_many");
    assertThat(answer.path("not_compared")).hasSize(1);
  }

  @Test
  void instanceWithoutResponseIsNamed() throws Exception {
    shopErrors = request -> Answer.error(401, "secret_key_invalid");
    ToolResult result = call(registry(instances(Map.of(), Map.of())), "{}");
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("instance shop", "\"status\":401");
  }

  @Test
  void nothingIsSentAfterCancellation() throws Exception {
    ToolRegistry tools =
        registry(
            new ClerkInstances(
                List.of(
                    new ClerkInstance(
                        "staging",
                        FakeClerk.answering(
                                request -> {
                                  invocation.cancel();
                                  return answer(staging, request);
                                })
                            .client(),
                        false,
                        ToolFilter.allowingAll()),
                    new ClerkInstance("shop", shopClerk.client(), false, ToolFilter.allowingAll())),
                null));
    assertThatThrownBy(() -> call(tools, "{'instance':'shop'}"))
        .isInstanceOf(CancellationException.class);
    assertThat(shopClerk.requests()).isEmpty();
  }

  @Test
  void eachInstanceIsReadOnlyWithItsOwnKey() throws Exception {
    try (RecordingSandbox one = new RecordingSandbox();
        RecordingSandbox other = new RecordingSandbox()) {
      ClerkInstance first = instance("staging", "sk_test_notarealstaging1", one.url());
      ClerkInstance second = instance("shop", "sk_test_notarealshopkey2", other.url());
      ToolResult result = call(registry(new ClerkInstances(List.of(first, second), second)), "{}");
      assertThat(Json.read(result.json()).path("different").asInt()).isZero();
      assertThat(result.meta()).containsEntry("dev.clerkmcp/instance", "staging, shop");
      assertThat(one.received())
          .hasSizeGreaterThan(10)
          .allMatch(request -> request.key().equals("sk_test_notarealstaging1"))
          .noneMatch(RecordingSandbox.Received::changes);
      assertThat(other.received())
          .hasSameSizeAs(one.received())
          .allMatch(request -> request.key().equals("sk_test_notarealshopkey2"));
    }
  }

  @Test
  void toolDisabledOnOneInstanceIsRefused() throws Exception {
    Map<String, String> off = Map.of("CLERK_MCP_EXCLUDE_TOOLS", "clerk_instances_compare");
    ToolResult result = call(registry(instances(Map.of(), off)), "{}");
    assertThat(result.json()).contains("tool_switched_off", "on shop", "CLERK_MCP_EXCLUDE_TOOLS");
    assertThat(shopClerk.requests()).isEmpty();
  }

  /** A list that the instance's settings forbid must not be read for a comparison either. */
  @Test
  void listDisabledOnOneInstanceIsNotCompared() throws Exception {
    Map<String, String> off = Map.of("CLERK_MCP_EXCLUDE_TOOLS", "clerk_jwt_templates_list");
    JsonNode answer = Json.read(call(registry(instances(Map.of(), off)), "{}").json());
    assertThat(answer.at("/not_compared/0/what").asText()).isEqualTo("jwt_templates");
    assertThat(answer.at("/not_compared/0/instance").asText()).isEqualTo("shop");
    assertThat(answer.at("/not_compared/0/code").asText()).isEqualTo("tool_switched_off");
    assertThat(shopClerk.requests()).noneMatch(request -> request.contains("jwt_templates"));
    assertThat(stagingClerk.requests()).anyMatch(request -> request.contains("jwt_templates"));
  }

  @Test
  void policyAndAuditApplyToEachInstance() throws Exception {
    Path policy = folder.resolve("policy.json");
    Files.writeString(
        policy,
        "{\"rules\":[{\"decision\":\"deny\",\"tools\":[\"clerk_domains_list\"],\"effects\":[\"read\"]}]}");
    Path audit = folder.resolve("audit.jsonl");
    ServerConfig config =
        config(
            Map.of(
                "CLERK_MCP_POLICY",
                policy.toString(),
                "CLERK_MCP_AUDIT_LOG",
                audit.toString(),
                "CLERK_MCP_AUDIT_READS",
                "true"));
    ToolRegistry tools =
        ToolModule.registry(instances(Map.of(), Map.of()), new InterceptorFactory(config.safety()));
    JsonNode answer = Json.read(call(tools, "{}").json());
    assertThat(answer.path("not_compared")).hasSize(2);
    assertThat(answer.at("/not_compared/0/code").asText()).isEqualTo("denied_by_policy");
    List<String> instances = new ArrayList<>();
    for (String line : Files.readAllLines(audit)) {
      JsonNode entry = Json.read(line);
      if (entry.path("route").asText().startsWith("GET /jwt_templates")) {
        instances.add(entry.path("instance").asText());
      }
    }
    assertThat(instances).containsExactly("staging", "shop");
  }

  @Test
  void credentialsInClaimsAreMasked() throws Exception {
    shop.ok("POST /jwt_templates", "{'name':'only','claims':{'a':'sk_live_notarealkeyofanybody'}}");
    staging.ok("POST /jwt_templates", "{'name':'only','claims':{'a':'x'}}");
    String json =
        call(
                ToolModule.registry(
                    instances(Map.of(), Map.of()),
                    new InterceptorFactory(config(Map.of()).safety())),
                "{}")
            .json();
    assertThat(json).contains("jwt_templates[only].claims.a").doesNotContain("notarealkeyof");
  }

  @Test
  void oneInstanceCannotBeCompared() throws Exception {
    ToolResult result = call(ToolModule.registry(stagingClerk.client()), "{}");
    assertThat(result.json()).contains("one_instance_only", "CLERK_MCP_INSTANCES", "key_file");
    assertThat(stagingClerk.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "staging, staging, must differ from first",
    "staging, live, there are staging",
    "prod, shop, \"name\":\"first\""
  })
  void namesMustBeOfTwoConfiguredInstances(String first, String second, String problem)
      throws Exception {
    ToolResult result =
        call(
            registry(instances(Map.of(), Map.of())),
            "{'first':'%s','second':'%s'}".formatted(first, second));
    assertThat(result.json()).contains("invalid_arguments", problem);
    assertThat(stagingClerk.requests()).isEmpty();
  }

  private JsonNode compare() throws Exception {
    ToolResult result = call(registry(instances(Map.of(), Map.of())), "{}");
    assertThat(result.isError()).as(result.json()).isFalse();
    return Json.read(result.json());
  }

  private ToolResult call(ToolRegistry tools, String further) throws IOException {
    ObjectNode arguments = Json.object().put("first", "staging").put("second", "shop");
    arguments.setAll((ObjectNode) Json.read(further.replace('\'', '"')));
    return ToolCaller.call(tools, "clerk_instances_compare", arguments, invocation);
  }

  private ToolRegistry registry(ClerkInstances instances) throws Exception {
    return ToolModule.registry(instances, new InterceptorFactory(config(Map.of()).safety()));
  }

  private ClerkInstances instances(Map<String, String> ofStaging, Map<String, String> ofShop)
      throws Exception {
    ClerkInstance first =
        new ClerkInstance("staging", stagingClerk.client(), false, config(ofStaging).tools());
    ClerkInstance second =
        new ClerkInstance("shop", shopClerk.client(), false, config(ofShop).tools());
    return new ClerkInstances(List.of(first, second), first);
  }

  private ServerConfig config(Map<String, String> settings) throws Exception {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("CLERK_SECRET_KEY", "sk_test_notarealkey");
    environment.put("CLERK_MCP_SECRETS_DIR", folder.resolve("secrets").toString());
    return ServerConfig.from(environment);
  }

  private static ClerkInstance instance(String name, String key, String url) {
    ClerkClient client =
        ClerkClient.create(
            new ClerkClient.Settings(
                SecretKey.of(key),
                url + "/v1",
                "test",
                Duration.ofSeconds(20),
                Duration.ofMillis(1),
                null,
                NetworkSettings.DIRECT));
    return new ClerkInstance(name, client, false, ToolFilter.allowingAll());
  }

  private static List<String> rows(JsonNode answer) {
    List<String> rows = new ArrayList<>();
    for (JsonNode row : answer.path("differences")) {
      rows.add(
          "%s: %s %s"
              .formatted(
                  row.path("what").asText(),
                  row.path("first").asText(),
                  row.path("second").asText()));
    }
    return rows;
  }

  private Answer shopAnswer(String request) {
    Answer refusal = shopErrors.apply(request);
    return refusal == null ? answer(shop, request) : refusal;
  }

  private static Answer answer(SandboxCalls sandbox, String request) {
    String[] parts = request.split(" ", 2);
    SandboxCalls.Reply reply = sandbox.call(parts[0], parts[1]);
    return new Answer(reply.status(), reply.body().toString());
  }
}
