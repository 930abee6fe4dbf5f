package dev.clerkmcp.interceptor.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.CapturedStderr;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.interceptor.InterceptorFactory;
import dev.clerkmcp.interceptor.impact.TargetCache;
import dev.clerkmcp.interceptor.risk.RiskAssessor;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.Interceptors;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolRegistryBuilder;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.server.ToolModule;
import dev.clerkmcp.tools.UserTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests which calls are recorded, and that recorded changes can be undone. */
final class AuditInterceptorTest {
  private static final String ADA =
      """
      {"id": "user_1", "object": "user", "first_name": "Ada", "locked": false,
       "public_metadata": {"plan": "team"},
       "email_addresses": [{"id": "idn_1", "email_address": "ada@example.com"}]}""";

  private final FakeClerk clerk = FakeClerk.answering(ADA);
  @TempDir private Path folder;

  @Test
  void undoPlanNamesTheInstanceOfTheChange() throws Exception {
    ServerConfig config =
        ServerConfig.from(
            Map.of(
                "CLERK_SECRET_KEY",
                "sk_test_notarealkey",
                "CLERK_MCP_SECRETS_DIR",
                folder.resolve("secrets").toString()));
    ClerkInstance staging = new ClerkInstance("staging", clerk.client(), false, config.tools());
    ClerkInstance shop = new ClerkInstance("shop", clerk.client(), true, config.tools());
    ToolRegistry tools =
        ToolModule.registry(
            new ClerkInstances(List.of(staging, shop), shop),
            new InterceptorFactory(config.safety()));
    call(
        tools, "clerk_user_update", "{'user_id':'user_1','first_name':'Eve','instance':'staging'}");
    JsonNode plan = undo(tools);
    assertThat(plan.at("/calls/0/arguments").toString())
        .isEqualTo("{\"user_id\":\"user_1\",\"first_name\":\"Ada\",\"instance\":\"staging\"}");
  }

  /** If a model sent the masked name back, it would overwrite the real one. */
  @Test
  void undoPlanRefersToMaskedNames() throws Exception {
    ToolRegistry tools = tools(Map.of("CLERK_MCP_PII", "mask"));
    call(tools, "clerk_user_update", "{'user_id':'user_1','first_name':'Eve'}");
    JsonNode plan = undo(tools);
    assertThat(plan.at("/calls/0/arguments/first_name").asText())
        .matches("from_change:chg_[0-9a-z]+/1");
    clerk.forget();
    call(tools, "clerk_user_update", plan.at("/calls/0/arguments").toString());
    assertThat(clerk.requests()).anyMatch(request -> request.contains("\"first_name\":\"Ada\""));
  }

  @Test
  void changesAreListedWithTimesInSeconds() throws Exception {
    ToolRegistry tools = tools(Map.of());
    call(tools, "clerk_user_update", "{'user_id':'user_1','first_name':'Eve'}");
    assertThat(
            Json.read(call(tools, "clerk_undo_plan", "{}").json()).at("/changes/0/time").asText())
        .matches("[0-9-]{10}T[0-9:]{8}Z");
  }

  @Test
  void changeIsLoggedBeforeAndAfterItsRequest() throws Exception {
    ToolRegistry tools = tools(audited());
    call(tools, "clerk_update_user", "{'user_id':'user_1','first_name':'Eve'}");
    List<JsonNode> lines = lines();
    assertThat(lines)
        .extracting(line -> line.path("event").asText())
        .containsExactly("begin", "end");
    JsonNode begin = lines.get(0);
    assertThat(begin.path("tool").asText()).isEqualTo("clerk_user_update");
    assertThat(begin.path("called_as").asText()).isEqualTo("clerk_update_user");
    assertThat(begin.path("client").asText()).isEqualTo("tester");
    assertThat(begin.path("decision").asText()).isEqualTo("allowed");
    assertThat(begin.path("target").asText()).contains("user_1", "ada@example.com");
    assertThat(begin.at("/before/first_name").asText()).isEqualTo("Ada");
    assertThat(begin.path("before_digest").asText()).hasSize(64);
    assertThat(lines.get(1).path("status").asInt()).isEqualTo(200);
    assertThat(lines.get(1).path("change")).isEqualTo(begin.path("change"));
    assertThat(AuditVerifier.verify(log()).fault()).isNull();
  }

  /** The object is read again before the second change of the same call. */
  @Test
  void secondChangeIsLoggedWithTheStateAfterTheFirst() throws Exception {
    AtomicBoolean renamed = new AtomicBoolean();
    FakeClerk changing =
        FakeClerk.answering(
            request -> {
              if (request.startsWith("PATCH /users/user_1\n")) {
                renamed.set(true);
              }
              return new Answer(200, renamed.get() ? ADA.replace("Ada", "Eve") : ADA);
            });
    call(
        tools(changing, audited()),
        "clerk_user_update",
        "{'user_id':'user_1','first_name':'Eve','public_metadata':{'plan':'pro'}}");
    assertThat(lines())
        .filteredOn(line -> line.path("event").asText().equals("begin"))
        .extracting(line -> line.at("/before/first_name").asText())
        .containsExactly("Ada", "Eve");
  }

  /** Each call is recorded once, under the name of the tool that discovery runs. */
  @Test
  void deniedCallsAndDryRunsAreLogged() throws Exception {
    Map<String, String> settings = audited();
    settings.put("CLERK_MCP_ACCESS", "write");
    ToolRegistry tools = tools(settings);
    call(tools, "clerk_user_delete", "{'user_id':'user_1'}");
    call(tools, "clerk_tools_write", "{'name':'clerk_user_ban','arguments':{'user_id':'user_1'}}");
    call(tools, "clerk_user_update", "{'user_id':'user_1','first_name':'E','dry_run':true}");
    assertThat(lines())
        .extracting(line -> line.path("tool").asText() + " " + line.path("decision").asText())
        .containsExactly(
            "clerk_user_delete denied", "clerk_user_ban denied", "clerk_user_update dry run");
  }

  /** Otherwise a few dry runs, which change nothing, would fill the disk. */
  @Test
  void largeValuesOfCallsThatChangeNothingAreLoggedAsDigests() throws Exception {
    Map<String, String> settings = audited();
    settings.put("CLERK_MCP_EXCLUDE_TOOLS", "clerk_organization_update");
    ToolRegistry tools = tools(settings);
    String metadata = "{'plan':'pro','notes':['%s','short']}".formatted("x".repeat(1_000_000));
    for (int i = 0; i < 5; i++) {
      call(
          tools,
          "clerk_user_update",
          "{'user_id':'user_1','public_metadata':%s,'dry_run':true}".formatted(metadata));
    }
    call(
        tools,
        "clerk_organization_update",
        "{'organization_id':'org_1','public_metadata':%s}".formatted(metadata));
    assertThat(Files.size(log())).isLessThan(10_000);
    assertThat(lines())
        .extracting(line -> line.path("event").asText())
        .containsExactly("dry_run", "dry_run", "dry_run", "dry_run", "dry_run", "refused");
    for (JsonNode line : lines()) {
      JsonNode logged = line.at("/arguments/public_metadata");
      assertThat(logged.path("plan").asText()).isEqualTo("pro");
      assertThat(logged.at("/notes/1").asText()).isEqualTo("short");
      assertThat(logged.at("/notes/0/bytes").asInt()).isEqualTo(1_000_002);
      assertThat(logged.at("/notes/0/sha256").asText()).hasSize(64);
    }
  }

  /** The state before it is in a side file, from which another process plans its undo. */
  @Test
  void largeChangeIsMadeAndCanBeUndoneFromTheLog() throws Exception {
    String large = "y".repeat(9_000_000);
    FakeClerk full = FakeClerk.answering(ADA.replace("team", large));
    ToolResult changed =
        call(
            tools(full, audited()),
            "clerk_user_metadata_update",
            "{'user_id':'user_1','public_metadata':{'plan':'%s'}}"
                .formatted("z".repeat(9_000_000)));
    assertThat(changed.isError()).as(changed.json()).isFalse();
    assertThat(Files.size(log())).isLessThan(10_000);
    assertThat(AuditVerifier.verify(log())).isEqualTo(new AuditVerifier.Verdict(2, 0, null));

    String change = lines().get(0).path("change").asText();
    Map<String, String> whole = audited();
    whole.put("CLERK_MCP_MAX_RESULT_TOKENS", "1000000");
    ToolRegistry later = tools(FakeClerk.answering(ADA.replace("team", "short")), whole);
    ToolResult plan = call(later, "clerk_undo_plan", "{'change':'%s'}".formatted(change));
    assertThat(plan.isError()).as(plan.json()).isFalse();
    assertThat(plan.json()).contains("clerk_user_metadata_");
    for (JsonNode line : lines()) {
      for (JsonNode side : line.path("side_files")) {
        delete(folder.resolve(side.asText()));
      }
    }
    assertThat(call(later, "clerk_undo_plan", "{'change':'%s'}".formatted(change)).json())
        .contains("audit_log_unreadable");
  }

  @Test
  void changesGoOnAfterTheLogWasMoved() throws Exception {
    ToolRegistry tools = tools(audited());
    call(tools, "clerk_user_lock", "{'user_id':'user_1'}");
    String change = lines().get(0).path("change").asText();
    Files.move(log(), folder.resolve("audit.jsonl-20260601"));
    ToolResult second = call(tools, "clerk_user_ban", "{'user_id':'user_1'}");
    assertThat(second.isError()).as(second.json()).isFalse();
    assertThat(AuditVerifier.verify(log())).isEqualTo(new AuditVerifier.Verdict(4, 0, null));
    ToolRegistry later = tools(audited());
    assertThat(Json.read(call(later, "clerk_undo_plan", "{}").json()).path("total_count").asInt())
        .isEqualTo(2);
    assertThat(
            Json.read(call(later, "clerk_undo_plan", "{'change':'%s'}".formatted(change)).json())
                .at("/calls/0/tool")
                .asText())
        .isEqualTo("clerk_user_unlock");
  }

  /** A full disk is named as the cause only if it is. */
  @Test
  void refusalNamesTheCause() throws Exception {
    ToolRegistry tools = tools(audited());
    delete(log());
    ToolResult result = call(tools, "clerk_user_lock", "{'user_id':'user_1'}");
    assertThat(result.json())
        .contains(
            "the audit log was deleted or replaced while in use; put it back, or restart the server",
            "A person must check the file in CLERK_MCP_AUDIT_LOG.")
        .doesNotContain("full");
    assertThat(clerk.requests()).noneMatch(request -> request.startsWith("POST"));
  }

  @Test
  void deniedDiscoveryCallIsLoggedWithoutArguments() throws Exception {
    Map<String, String> settings = audited();
    settings.put("CLERK_MCP_READ_ONLY", "true");
    ToolRegistry tools = tools(settings);
    call(
        tools,
        "clerk_tools_write",
        "{'name':'clerk_user_create','arguments':{'password':'Sup3rS3cretPassw0rd!'}}");
    assertThat(lines()).hasSize(1);
    assertThat(lines().get(0).path("arguments").toString())
        .isEqualTo("{\"name\":\"clerk_user_create\"}");
  }

  @Test
  void readsAreLoggedIfConfigured() throws Exception {
    Map<String, String> settings = audited();
    settings.put("CLERK_MCP_AUDIT_READS", "true");
    settings.put("CLERK_MCP_EXCLUDE_TOOLS", "clerk_session_get");
    ToolRegistry tools = tools(settings);
    call(tools, "clerk_user_get", "{'user_id':'user_1'}");
    call(tools, "clerk_session_get", "{'session_id':'sess_1'}");
    assertThat(lines())
        .extracting(line -> line.path("event").asText() + " " + line.path("tool").asText())
        .containsExactly("read clerk_user_get", "refused clerk_session_get");
  }

  /** The log may become unwritable between the two requests of a change. */
  @Test
  void errorSaysWhichPartWasChanged() throws Exception {
    FakeClerk losing =
        FakeClerk.answering(
            request -> {
              if (request.startsWith("PATCH /users/user_1\n")) {
                delete(log());
              }
              return new Answer(200, ADA);
            });
    ToolRegistry tools = tools(losing, audited());
    ToolResult result =
        call(
            tools,
            "clerk_user_update",
            "{'user_id':'user_1','first_name':'Eve','public_metadata':{'plan':'pro'}}");
    assertThat(result.json())
        .contains("The fields were changed; the metadata was not.", "audit_log_unwritable");
    assertThat(losing.requests()).filteredOn(r -> r.contains("/metadata")).isEmpty();
  }

  @Test
  void cancelledChangeIsLoggedWithUnknownOutcome() throws Exception {
    Invocation invocation = new Invocation(Runnable::run, CALLER);
    FakeClerk cancelling =
        FakeClerk.answering(
            request -> {
              if (request.startsWith("POST")) {
                invocation.cancel();
                throw new UncheckedIOException(new IOException("broken off"));
              }
              return new Answer(200, ADA);
            });
    ToolRegistry tools = tools(cancelling, audited());
    assertThatThrownBy(
            () ->
                ToolCaller.call(
                    tools, "clerk_user_lock", Json.object().put("user_id", "user_1"), invocation))
        .isInstanceOf(CancellationException.class);
    assertThat(lines().get(1).path("outcome").asText()).isEqualTo("unknown");
    assertThat(undo(tools).at("/calls/0/tool").asText()).isEqualTo("clerk_user_unlock");
  }

  /** Clerk made the change, whatever fails in this process afterwards. */
  @Test
  void failureAfterTheAnswerIsLoggedWithUnknownOutcome() throws Exception {
    AuditLog audit = AuditLog.open(log(), 1_000_000);
    ChangeHistory changes = new ChangeHistory(audit);
    ToolRegistryBuilder builder = new ToolRegistryBuilder();
    builder.addEndpoints(UserTools.class);
    TargetCache targets = new TargetCache(builder.readEndpoints());
    RiskAssessor risks = new RiskAssessor(targets, List.of(), false);
    AuditInterceptor auditing =
        new AuditInterceptor(audit, false, targets, risks, changes, InstantSource.system());
    RequestInterceptor failing =
        chain -> {
          JsonNode unused = chain.proceed();
          throw new IllegalStateException("afterwards");
        };
    ToolRegistry tools =
        builder.build(
            ClerkInstances.of(
                new ClerkInstance("test", clerk.client(), false, ToolFilter.allowingAll())),
            new Interceptors(List.of(), List.of(), List.of(auditing, failing), List.of()));
    try (CapturedStderr log = new CapturedStderr()) {
      assertThat(call(tools, "clerk_user_lock", "{'user_id':'user_1'}").isError()).isTrue();
      assertThat(log.text()).contains("IllegalStateException");
    }
    assertThat(clerk.changes()).hasSize(1);
    assertThat(lines().get(1).path("outcome").asText()).isEqualTo("unknown");
    assertThat(changes.list()).hasSize(1);
  }

  /** An ID that is not in the log is not searched again, in whichever tool it stands. */
  @Test
  void unknownChangeIsSearchedOnce() throws Exception {
    ToolRegistry tools = tools(audited());
    assertThat(call(tools, "clerk_undo_plan", "{'change':'chg_x'}").json()).contains("not known");
    Files.delete(log());
    String made = "{'user_id':'user_1','public_metadata':{'from_change':'%s/1'}}";
    assertThat(call(tools, "clerk_user_metadata_replace", made.formatted("chg_x")).json())
        .contains("not_as_planned");
    assertThat(call(tools, "clerk_user_metadata_replace", made.formatted("chg_y")).json())
        .contains("audit_log_unreadable");
  }

  /** All calls of a plan refer to one change, which is read for the plan. */
  @Test
  void changeOfAnEarlierProcessIsSearchedOnceForItsPlan() throws Exception {
    call(tools(audited()), "clerk_user_update", "{'user_id':'user_1','first_name':'Eve'}");
    Map<String, String> masked = audited();
    masked.put("CLERK_MCP_PII", "mask");
    ToolRegistry tools = tools(masked);
    JsonNode plan = undo(tools);
    Files.delete(log());
    assertThat(call(tools, "clerk_user_update", plan.at("/calls/0/arguments").toString()).json())
        .contains("audit_log_unwritable"); // and not audit_log_unreadable
  }

  @Test
  void cancelledCallSearchesNoLog() throws Exception {
    call(tools(audited()), "clerk_user_lock", "{'user_id':'user_1'}");
    ToolRegistry tools = tools(audited());
    Invocation invocation = new Invocation(Runnable::run, CALLER);
    invocation.cancel();
    for (String change : List.of("{}", "{'change':'chg_x'}")) {
      assertThatThrownBy(
              () ->
                  ToolCaller.call(
                      tools, "clerk_undo_plan", ToolCaller.arguments(change), invocation))
          .isInstanceOf(CancellationException.class);
    }
  }

  /** The change of another process is found in the log. */
  @Test
  void changeOfAnEarlierProcessCanBeUndone() throws Exception {
    call(tools(audited()), "clerk_user_lock", "{'user_id':'user_1'}");
    String change = lines().get(0).path("change").asText();
    ToolResult plan =
        call(tools(audited()), "clerk_undo_plan", "{'change':'%s'}".formatted(change));
    assertThat(Json.read(plan.json()).at("/calls/0/tool").asText()).isEqualTo("clerk_user_unlock");
  }

  /** A change of which the log says that Clerk refused it is not one to put back. */
  @Test
  void changesOfEarlierProcessesAreListedFromTheLog() throws Exception {
    ToolRegistry earlier = tools(audited());
    call(earlier, "clerk_user_lock", "{'user_id':'user_1'}");
    call(earlier, "clerk_user_ban", "{'user_id':'user_1'}");
    FakeClerk refusing =
        FakeClerk.answering(
            request ->
                request.startsWith("GET ")
                    ? new Answer(200, ADA)
                    : new Answer(403, "{\"errors\":[{\"code\":\"no\",\"message\":\"no\"}]}"));
    call(tools(refusing, audited()), "clerk_user_unlock", "{'user_id':'user_1'}");
    ToolRegistry tools = tools(audited());
    call(tools, "clerk_user_unban", "{'user_id':'user_1'}");
    JsonNode listed = Json.read(call(tools, "clerk_undo_plan", "{}").json());
    assertThat(listed.path("total_count").asInt()).isEqualTo(3);
    assertThat(listed.path("changes"))
        .extracting(change -> change.path("tool").asText())
        .containsExactly("clerk_user_unban", "clerk_user_ban", "clerk_user_lock");
  }

  @Test
  void unknownChangeIsExplained() throws Exception {
    String unknown = "{'change':'chg_x'}";
    assertThat(call(tools(Map.of()), "clerk_undo_plan", unknown).json())
        .contains("this process has recorded no change", "CLERK_MCP_AUDIT_LOG keeps changes");
    ToolRegistry tools = tools(audited());
    assertThat(call(tools, "clerk_undo_plan", unknown).json())
        .contains("CLERK_MCP_AUDIT_LOG has no change on record");
    call(tools, "clerk_user_lock", "{'user_id':'user_1'}");
    assertThat(call(tools, "clerk_undo_plan", unknown).json())
        .contains("without it, the changes that are known are listed");
  }

  private static final Caller CALLER = Caller.named("tester");

  private ToolRegistry tools(Map<String, String> settings) {
    return tools(clerk, settings);
  }

  private ToolRegistry tools(FakeClerk fake, Map<String, String> settings) {
    return ToolCaller.tools(fake.client(), folder, settings);
  }

  private Map<String, String> audited() {
    return new HashMap<>(Map.of("CLERK_MCP_AUDIT_LOG", log().toString()));
  }

  private Path log() {
    return folder.resolve("audit.jsonl");
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<JsonNode> lines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(log())) {
      lines.add(Json.read(line));
    }
    return lines;
  }

  private static JsonNode undo(ToolRegistry tools) throws Exception {
    JsonNode changes = Json.read(call(tools, "clerk_undo_plan", "{}").json());
    String latest = changes.at("/changes/0/change").asText();
    return Json.read(call(tools, "clerk_undo_plan", "{'change':'%s'}".formatted(latest)).json());
  }

  private static ToolResult call(ToolRegistry tools, String name, String arguments) {
    return ToolCaller.call(tools, name, arguments, CALLER);
  }
}
