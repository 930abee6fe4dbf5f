package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.interceptor.InterceptorChain;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.server.ToolModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A person's yes, where taking something away needs one, and what is asked. */
final class ConfirmationTest {
  private static final String ADA =
      """
      {"id": "user_1", "object": "user", "first_name": "%s", "public_metadata": {},
       "email_addresses": [{"id": "idn_1", "email_address": "ada@example.com"}],
       "primary_email_address_id": "idn_1", "data": [], "total_count": 2}""";

  private final List<String> questions = new ArrayList<>();
  private String name = "Ada";
  private final FakeClerk clerk =
      FakeClerk.answering(request -> new FakeClerk.Answer(200, ADA.formatted(name)));
  @TempDir private Path folder;

  /** By default only live instances ask. */
  @ParameterizedTest
  @CsvSource({
    "auto, true, true",
    "auto, false, false",
    "always, false, true",
    "never, true, false"
  })
  void settingDecidesWhoAsks(String setting, boolean live, boolean asks) throws Exception {
    ToolRegistry tools = tools(live, Map.of("CLERK_MCP_CONFIRM", setting));
    call(tools, "clerk_user_ban", "{'user_id':'user_1'}", () -> Caller.Answer.DECLINED);
    assertThat(questions).hasSize(asks ? 1 : 0);
    assertThat(changes()).hasSize(asks ? 0 : 1);
  }

  @Test
  void questionSaysWhatWillBeDifferent() throws Exception {
    Path policy = folder.resolve("policy.json");
    Files.writeString(policy, "{\"rules\":[{\"decision\":\"confirm\",\"tools\":[\"clerk_*\"]}]}");
    ToolRegistry tools = tools(false, Map.of("CLERK_MCP_POLICY", policy.toString()));
    call(
        tools,
        "clerk_user_update",
        "{'user_id':'user_1','first_name':'Eve\\nyes','password':'Sup3rS3cretPassw0rd!',"
            + "'private_metadata':{'secret':1},'public_metadata':{'role':'superadmin'}}",
        () -> Caller.Answer.ACCEPTED);
    assertThat(questions).hasSize(1);
    assertThat(questions.get(0))
        .contains("Change user", "ada@example.com", "first_name: from \"Ada\" to \"Eve yes\"")
        .contains("public_metadata.role: \"superadmin\"")
        .doesNotContain("Sup3r", "secret");
    assertThat(changes()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"DECLINED", "CANCELLED", "FAILED"})
  void onlyYesIsYes(Caller.Answer answer) throws Exception {
    ToolRegistry tools = tools(true, Map.of());
    ToolResult result = call(tools, "clerk_user_ban", "{'user_id':'user_1'}", () -> answer);
    assertThat(result.json()).contains("not_confirmed", "Nothing was changed");
    assertThat(changes()).isEmpty();
  }

  @Test
  void callerThatCannotBeAskedAfterAllSaysNoAndThatIsLogged() throws Exception {
    ToolRegistry tools = tools(true, Map.of());
    try (CapturedStderr log = new CapturedStderr()) {
      ToolResult result =
          call(
              tools,
              "clerk_user_ban",
              "{'user_id':'user_1'}",
              () -> {
                throw new IllegalStateException("no window");
              });
      assertThat(result.json()).contains("not_confirmed");
      assertThat(log.text())
          .containsOnlyOnce("A person could not be asked: java.lang.IllegalStateException")
          .doesNotContain("no window");
    }
    assertThat(changes()).isEmpty();
  }

  @Test
  void whatChangesWhilePersonDecidesIsShownAnew() throws Exception {
    ToolRegistry tools = tools(true, Map.of());
    ToolResult result =
        call(
            tools,
            "clerk_user_ban",
            "{'user_id':'user_1'}",
            () -> {
              name = "Eve";
              return Caller.Answer.ACCEPTED;
            });
    assertThat(result.json()).contains("not_confirmed", "changed while", "Eve");
    assertThat(changes()).isEmpty();
  }

  /** A tool that reads before it writes must write what was shown. */
  @Test
  void nothingIsSentThatWasNotConfirmed() throws Exception {
    int[] reads = {0};
    FakeClerk changing =
        FakeClerk.answering(
            request ->
                new FakeClerk.Answer(
                    200,
                    "{\"id\":\"jtmp_1\",\"name\":\"%s\",\"claims\":{},\"lifetime\":60}"
                        .formatted(reads[0]++ < 4 ? "mine" : "other")));
    ToolRegistry tools = tools(changing, true, Map.of());
    ToolResult result =
        call(
            tools,
            "clerk_jwt_template_update",
            "{'template_id':'jtmp_1','lifetime':90}",
            () -> Caller.Answer.ACCEPTED);
    assertThat(result.json()).containsPattern("changed_meanwhile|changed while");
    assertThat(changing.requests()).allMatch(request -> request.startsWith("GET "));
  }

  /** An undo must restore the state right before the change, not the state when it was planned. */
  @Test
  void recordedStateIsReadAfterTheConfirmation() throws Exception {
    AtomicBoolean answered = new AtomicBoolean();
    AtomicInteger reads = new AtomicInteger();
    FakeClerk changing =
        FakeClerk.answering(
            request -> {
              boolean counts = answered.get() && request.startsWith("GET /users/user_1");
              boolean first = !counts || reads.incrementAndGet() == 1; // compares with the plan
              return new FakeClerk.Answer(200, ADA.formatted(first ? "Ada" : "Eve"));
            });
    Path log = folder.resolve("audit.jsonl");
    ToolResult result =
        call(
            tools(changing, true, Map.of("CLERK_MCP_AUDIT_LOG", log.toString())),
            "clerk_user_ban",
            "{'user_id':'user_1'}",
            () -> {
              answered.set(true);
              return Caller.Answer.ACCEPTED;
            });
    assertThat(result.isError()).as(result.json()).isFalse();
    JsonNode begin = Json.read(Files.readAllLines(log).get(0));
    assertThat(begin.at("/before/first_name").asText()).isEqualTo("Eve");
  }

  @Test
  void patienceEnds() throws Exception {
    ToolRegistry tools = tools(true, Map.of("CLERK_MCP_CONFIRM_TIMEOUT", "1"));
    ToolResult result =
        tools.call(
            Objects.requireNonNull(tools.find("clerk_user_ban")),
            Json.object().put("user_id", "user_1"),
            new Invocation(Runnable::run, asking(CompletableFuture::new)));
    assertThat(result.json()).contains("not_confirmed", "in time");
    assertThat(changes()).isEmpty();
  }

  private ToolRegistry tools(boolean live, Map<String, String> settings) throws Exception {
    return tools(clerk, live, settings);
  }

  private ToolRegistry tools(FakeClerk fake, boolean live, Map<String, String> settings)
      throws Exception {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("CLERK_SECRET_KEY", live ? "sk_live_notarealkey" : "sk_test_notarealkey");
    environment.put("CLERK_MCP_ALLOW_IRREVERSIBLE", "true");
    environment.put("CLERK_MCP_SECRETS_DIR", folder.resolve("secrets").toString());
    ServerConfig config = ServerConfig.from(environment);
    return ToolModule.registry(
        ClerkInstances.of(new ClerkInstance("test", fake.client(), live, config.tools())),
        new InterceptorChain(config.safety()));
  }

  private ToolResult call(
      ToolRegistry tools, String tool, String arguments, Supplier<Caller.Answer> answer)
      throws Exception {
    JsonNode json = Json.read(arguments.replace('\'', '"'));
    Caller caller = asking(() -> CompletableFuture.completedFuture(answer.get()));
    return tools.call(
        Objects.requireNonNull(tools.find(tool)), json, new Invocation(Runnable::run, caller));
  }

  private List<String> changes() {
    return clerk.requests().stream().filter(request -> !request.startsWith("GET ")).toList();
  }

  private Caller asking(Supplier<CompletableFuture<Caller.Answer>> answer) {
    return new Caller() {
      @Override
      public String name() {
        return "tester";
      }

      @Override
      public boolean canAsk() {
        return true;
      }

      @Override
      public boolean callsAgain() {
        return true;
      }

      @Override
      public CompletableFuture<Caller.Answer> ask(String question) {
        questions.add(question);
        return answer.get();
      }
    };
  }
}
