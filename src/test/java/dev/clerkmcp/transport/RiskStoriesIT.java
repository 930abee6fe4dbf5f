package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.Golden;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.OperationFacts.Risk;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.sandbox.RecordingSandbox;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Makes the most dangerous ordinary call of each risk with a live key. A golden file for each has
 * what a person reads, what their yes changes, and what the audit log keeps of it.
 */
final class RiskStoriesIT {
  private static final Path RESOURCES = Path.of("src/test/resources/dev/clerkmcp");

  /** A faster refusal counts as one by a program. */
  private static final int MILLIS_TO_READ = 600;

  @AutoClose private final RecordingSandbox clerk = new RecordingSandbox();
  @TempDir private Path folder;

  RiskStoriesIT() throws IOException {}

  /** In a dialog of both eras and with a code. A no, and other arguments, change nothing. */
  @ParameterizedTest
  @EnumSource(Risk.class)
  void personDecides(Risk risk) throws Exception {
    Story story = Story.of(risk);
    StringBuilder told = new StringBuilder();
    try (ServerProcess server = server("CLERK_MCP_AUDIT_LOG", log().toString())) {
      Host legacy = Host.legacy(server, true);
      Scene scene = new Scene(story);
      String former = scene.value();
      String question = decline(legacy, scene);
      assertThat(accept(legacy, scene)).isEqualTo(question);
      told.append("> %s %s\n\n%s\n\n".formatted(story.tool(), story.arguments(), question));
      told.append("Before: %s\nAfter:  %s\n".formatted(former, scene.value()));
      List<String> dialog = events();

      Host modern = Host.modern(server);
      Scene again = new Scene(story);
      assertThat(decline(modern, again)).isEqualTo(question);
      assertThat(accept(modern, again)).isEqualTo(question);
      assertThat(again.value()).isEqualTo(scene.value());
      List<String> dialogs = events();
      assertThat(dialogs.subList(dialog.size(), dialogs.size())).isEqualTo(dialog);

      confirmWithCode(Host.legacy(server, false), new Scene(story), risk);
      List<String> all = events();
      told.append("\nAudit log after no and yes:\n");
      dialog.forEach(event -> told.append(event).append('\n'));
      told.append("\nAudit log after a code with other arguments, and with the same:\n");
      all.subList(dialogs.size(), all.size()).forEach(event -> told.append(event).append('\n'));
    }
    Golden.assertMatches(
        RESOURCES.resolve("stories/risks/" + risk.word() + ".txt"), told.toString());
  }

  private static String decline(Host host, Scene scene) throws InterruptedException {
    Told told = host.call(scene.story().tool(), scene.arguments(), "decline");
    assertThat(told.code()).isEqualTo("not_confirmed");
    assertThat(told.result()).contains("The person said no. Nothing was changed.");
    scene.assertUnchanged();
    return told.question();
  }

  private static String accept(Host host, Scene scene) throws InterruptedException {
    Told told = host.call(scene.story().tool(), scene.arguments(), "accept");
    assertThat(told.isError()).as(told.result()).isFalse();
    scene.assertChanged();
    return told.question();
  }

  private static void confirmWithCode(Host host, Scene scene, Risk risk) throws Exception {
    String tool = scene.story().tool();
    Told first = host.call(tool, scene.arguments());
    assertThat(first.question()).isEmpty();
    assertThat(first.code()).isEqualTo("confirmation_needed");
    assertThat(first.json().at("/plan/risks")).hasToString("[\"%s\"]".formatted(risk.word()));
    String confirmation = first.json().path("confirmation").asText();
    Told other = host.call(tool, with(confirmation, scene.otherArguments()));
    assertThat(other.code()).isEqualTo("confirmation_needed");
    assertThat(other.result()).contains("code is for another plan");
    scene.assertUnchanged();
    Told done = host.call(tool, with(confirmation, scene.arguments()));
    assertThat(done.isError()).as(done.result()).isFalse();
    scene.assertChanged();
  }

  private static String with(String confirmation, String arguments) {
    return arguments.replaceFirst("\\{", "{\"confirmation\":\"%s\",".formatted(confirmation));
  }

  /**
   * A rule lifts the question about its risk; the others need a person, whom the host cannot ask.
   */
  @ParameterizedTest
  @EnumSource(Risk.class)
  void ruleLiftsNoOtherRisk(Risk lifted) throws Exception {
    try (ServerProcess server =
        server("CLERK_MCP_CONFIRM_BY", "person", "CLERK_MCP_POLICY", proceedWith(lifted))) {
      Host host = Host.legacy(server, false);
      for (Risk risk : Risk.values()) {
        Scene scene = new Scene(Story.of(risk));
        Told told = host.call(scene.story().tool(), scene.arguments());
        if (risk == lifted) {
          assertThat(told.isError()).as(told.result()).isFalse();
          scene.assertChanged();
        } else {
          assertNoPerson(told);
          scene.assertUnchanged();
        }
      }
    }
  }

  @Test
  void ruleForAllRisksLiftsNothingIrreversible() throws Exception {
    try (ServerProcess server =
        server("CLERK_MCP_CONFIRM_BY", "person", "CLERK_MCP_POLICY", proceedWith(Risk.values()))) {
      Host host = Host.legacy(server, false);
      Scene scene = new Scene(Story.of(Risk.FEDERATION));
      String user = "{\"user_id\":\"%s\"}".formatted(scene.user());
      assertNoPerson(host.call("clerk_user_delete", user));
      assertNoPerson(host.call("clerk_user_mfa_disable", user));
      assertNoPerson(host.call("clerk_user_password_remove", user));
      String application = "{\"oauth_application_id\":\"%s\"}".formatted(scene.application());
      assertNoPerson(host.call("clerk_oauth_application_delete", application));
      assertNoPerson(host.call("clerk_oauth_application_secret_rotate", application));
      scene.assertUnchanged();
    }
  }

  @Test
  void ruleForAllRisksOpensNothingThatAccessCloses() throws Exception {
    try (ServerProcess server =
        server("CLERK_MCP_ACCESS", "read", "CLERK_MCP_POLICY", proceedWith(Risk.values()))) {
      Host host = Host.legacy(server, false);
      for (Risk risk : Risk.values()) {
        Scene scene = new Scene(Story.of(risk));
        Told told = host.call(scene.story().tool(), scene.arguments());
        assertThat(told.code()).isEqualTo("tool_switched_off");
        assertThat(told.result()).contains("CLERK_MCP_ACCESS");
        scene.assertUnchanged();
      }
    }
  }

  private static void assertNoPerson(Told told) {
    assertThat(told.code()).as(told.result()).isEqualTo("no_person_to_ask");
    assertThat(told.result()).contains("CLERK_MCP_CONFIRM_BY", "Nothing was changed");
    assertThat(told.json().has("confirmation")).isFalse();
  }

  /** Claude Code asks a person before every call of the marked tools. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void toolsWithACertainRiskAreMarked(boolean modern) throws Exception {
    Set<String> marked = new TreeSet<>();
    try (ServerProcess server =
        server("CLERK_MCP_TOOLSETS", "all", "CLERK_MCP_DEPRECATED", "true")) {
      if (modern) {
        server.send(ModernRequests.request("1", "tools/list", ""));
      } else {
        server.initialized().send(ServerProcess.request("1", "tools/list", "{}"));
      }
      for (JsonNode tool : server.receive().at("/result/tools")) {
        JsonNode mark = tool.path("_meta").path("anthropic/requiresUserInteraction");
        assertThat(mark.isMissingNode() || mark.asBoolean()).isTrue();
        if (mark.asBoolean()) {
          marked.add(tool.path("name").asText());
        }
      }
    }
    assertThat(marked).isEqualTo(toolsWithACertainRisk()).isNotEmpty();
  }

  /** The composed tools whose every call has a risk. */
  private static final Map<String, String> ALWAYS =
      Map.of("clerk_allowlist_create", "federation", "clerk_blocklist_create", "federation");

  /** From the table that a person reviews: a risk with a condition is not certain. */
  private static Set<String> toolsWithACertainRisk() throws IOException {
    Map<String, String> risks = new HashMap<>();
    for (String row : Files.readAllLines(RESOURCES.resolve("risks.tsv"))) {
      String[] cells = row.split("\t", -1);
      risks.put(cells[0], cells[2]);
    }
    Set<String> tools = new TreeSet<>();
    for (ToolDefinition tool : ToolModule.registry(SandboxCalls.empty().client()).tools()) {
      String all =
          tool.endpoint() == null
              ? ALWAYS.getOrDefault(tool.name(), "")
              : risks.getOrDefault(tool.endpoint().route(), "");
      if (Arrays.stream(all.split("; ", -1)).anyMatch(risk -> risk.matches("[a-z_]+"))) {
        tools.add(tool.name());
      }
    }
    return tools;
  }

  private ServerProcess server(String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "CLERK_SECRET_KEY", "sk_live_notarealkey",
                "CLERK_API_URL", clerk.url(),
                "CLERK_MCP_ALLOW_IRREVERSIBLE", "true",
                "CLERK_MCP_PACING", "false",
                "CLERK_MCP_SECRETS_DIR", folder.resolve("secrets").toString()));
    all.addAll(List.of(settings));
    return new ServerProcess(all.toArray(String[]::new));
  }

  private String proceedWith(Risk... risks) {
    String words =
        Arrays.stream(risks).map(risk -> "'" + risk.word() + "'").collect(Collectors.joining(","));
    Map<String, String> setting =
        ToolCaller.policy(folder, "{'decision':'proceed','risks':[%s]}".formatted(words));
    return setting.values().iterator().next();
  }

  private Path log() {
    return folder.resolve("audit.jsonl");
  }

  /** The records of the audit log, each in a few words. */
  private List<String> events() throws IOException {
    List<String> events = new ArrayList<>();
    for (String line : Files.readAllLines(log())) {
      JsonNode event = Json.read(line);
      List<String> words = new ArrayList<>();
      for (String field :
          List.of("event", "via", "answer", "route", "risks", "decision", "outcome", "code")) {
        JsonNode value = event.path(field);
        words.add(value.isArray() ? value.toString().replace('"', '\'') : value.asText());
      }
      words.removeIf(String::isEmpty);
      events.add(String.join(", ", words));
      boolean took = event.has("answer") || event.has("outcome");
      assertThat(event.path("duration_ms").isIntegralNumber()).as(line).isEqualTo(took);
      if (event.path("answer").asText().equals("declined")) {
        // The server's clock may start after the person's: it has sent the question by then.
        assertThat(event.path("duration_ms").asInt()).isGreaterThan(MILLIS_TO_READ / 2);
      }
    }
    return events;
  }

  /**
   * A call, and where its effect shows.
   *
   * @param arguments JSON, in which single quotes may stand for double ones; APP is an OAuth
   *     application, CUSTOMERS are twelve addresses
   * @param part the part of the arguments that other arguments have differently
   * @param otherPart what they have there
   * @param route reads from the sandbox what the call changes; USER is the user's ID
   * @param pointer to the value in the answer of that route
   */
  private record Story(
      String tool, String arguments, String part, String otherPart, String route, String pointer) {
    static Story of(Risk risk) {
      return switch (risk) {
        case CREDENTIAL ->
            new Story(
                "clerk_user_update",
                "{'user_id':'ada@example.com','first_name':'Adele',"
                    + "'bypass_client_trust':true,'password':'Tr0ub4dor-and-3-horses',"
                    + "'skip_password_checks':true}",
                "horses",
                "mules",
                "GET /users/USER",
                "/password_enabled");
        case IDENTITY ->
            new Story(
                "clerk_email_address_create",
                "{'user_id':'ada@example.com','email_address':'eve@attacker.example',"
                    + "'verified':true,'primary':true}",
                "eve",
                "mallory",
                "GET /users/USER",
                "/email_addresses/1/email_address");
        case PRIVILEGE ->
            new Story(
                "clerk_org_membership_create",
                "{'organization_id':'blue-harbor','user_id':'ada@example.com',"
                    + "'role':'org:admin'}",
                "blue-harbor",
                "quiet-orbit",
                "GET /users/USER/organization_memberships",
                "/data/0/role");
        case FEDERATION ->
            new Story(
                "clerk_oauth_application_update",
                "{'oauth_application_id':'APP','consent_screen_enabled':false,"
                    + "'name':'Partner Dashboard 2','redirect_uris':["
                    + "'https://partner.example.com/callback',"
                    + "'https://partner.example.com.attacker.example/callback']}",
                "attacker.example",
                "attacker2.example",
                "GET /oauth_applications/APP",
                "/redirect_uris");
        case MASS ->
            new Story(
                "clerk_invitations_send_bulk",
                "{'emails':[CUSTOMERS],'expires_in_days':365}",
                "365",
                "364",
                "GET /invitations?query=customers.example&paginated=true",
                "/total_count");
        case MONEY ->
            new Story(
                "clerk_user_billing_credit_adjust",
                "{'user_id':'ada@example.com','action':'increase','amount':500000,"
                    + "'note':'goodwill','idempotency_key':'2026-06'}",
                "500000",
                "900000",
                "GET /users/USER/billing/credits",
                "/balance/amount_formatted");
        case INSTANCE ->
            new Story(
                "clerk_instance_org_settings_update",
                "{'enabled':false,'max_allowed_memberships':5}",
                ":5",
                ":6",
                "GET /instance/organization_settings",
                "/enabled");
        case SIGN_OUT ->
            new Story(
                "clerk_user_sessions_revoke",
                "{'user_id':'ada@example.com'}",
                "ada",
                "charles",
                "GET /sessions?user_id=USER&status=active&paginated=true",
                "/total_count");
      };
    }
  }

  /** A fresh sandbox, in which the call of a story has not been made. */
  private final class Scene {
    private final Story story;
    private final SandboxCalls sandbox;
    private final String user;
    private final String application;
    private String state;

    Scene(Story story) {
      this.story = story;
      sandbox = clerk.reset();
      user = createUser("Ada", "Lovelace", "ada@example.com");
      createUser("Charles", "Babbage", "charles@example.com");
      application = sandbox.ok("GET /oauth_applications").at("/data/0/id").asText();
      state = state();
    }

    /** A user without password who is signed in twice. */
    private String createUser(String firstName, String lastName, String address) {
      String id =
          sandbox
              .ok(
                  "POST /users",
                  "{'first_name':'%s','last_name':'%s','email_address':['%s'],"
                          .formatted(firstName, lastName, address)
                      + "'skip_password_requirement':true}")
              .path("id")
              .asText();
      sandbox.ok("POST /sessions", "{'user_id':'%s'}".formatted(id));
      sandbox.ok("POST /sessions", "{'user_id':'%s'}".formatted(id));
      return id;
    }

    Story story() {
      return story;
    }

    String user() {
      return user;
    }

    String application() {
      return application;
    }

    String arguments() {
      String customers =
          IntStream.rangeClosed(1, 12)
              .mapToObj("'customer%s@customers.example'"::formatted)
              .collect(Collectors.joining(","));
      return story
          .arguments()
          .replace("APP", application)
          .replace("CUSTOMERS", customers)
          .replace('\'', '"');
    }

    String otherArguments() {
      return arguments().replace(story.part(), story.otherPart());
    }

    /** The value that the call changes. */
    String value() {
      String route = story.route().replace("USER", user).replace("APP", application);
      JsonNode value = sandbox.ok(route).at(story.pointer());
      return "%s of %s is %s"
          .formatted(
              story.pointer().substring(1),
              story.route().substring("GET /".length()),
              value.isMissingNode() ? "nothing" : value);
    }

    /** All that the sandbox holds. */
    private String state() {
      return sandbox.store().toJson().toString();
    }

    void assertUnchanged() {
      assertThat(state()).isEqualTo(state);
    }

    void assertChanged() {
      assertThat(state()).isNotEqualTo(state);
      state = state();
    }
  }

  /**
   * What a host got from a call.
   *
   * @param question empty if it was not asked
   */
  private record Told(String question, boolean isError, String result) {
    static Told of(String question, JsonNode answer) {
      JsonNode result = answer.path("result");
      assertThat(result.has("content")).as(answer.toString()).isTrue();
      return new Told(
          question, result.path("isError").asBoolean(), result.at("/content/0/text").asText());
    }

    JsonNode json() {
      try {
        return Json.read(result);
      } catch (IOException e) {
        throw new AssertionError(result, e);
      }
    }

    String code() {
      return json().at("/error/code").asText();
    }
  }

  /** A host of one of the eras. */
  private record Host(ServerProcess server, boolean isModern) {
    static Host modern(ServerProcess server) {
      return new Host(server, true);
    }

    static Host legacy(ServerProcess server, boolean asks) {
      server.send(
          ServerProcess.initialize("2025-11-25")
              .replace("\"capabilities\":{}", "\"capabilities\":" + capabilities(asks)));
      server.receive();
      return new Host(server, false);
    }

    private static String capabilities(boolean asks) {
      return asks ? "{\"elicitation\":{}}" : "{}";
    }

    /** Makes a call that leads to no question. */
    Told call(String tool, String arguments) {
      server.send(ServerProcess.call("1", tool, arguments));
      return Told.of("", server.receive());
    }

    /** Makes a call, and answers the question about it. */
    Told call(String tool, String arguments, String action) throws InterruptedException {
      String answer = "{\"action\":\"%s\",\"content\":{}}".formatted(action);
      if (!isModern) {
        server.send(ServerProcess.call("1", tool, arguments));
        JsonNode question = server.receive();
        read(question.at("/params/message"), action);
        server.send(
            "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}".formatted(question.path("id"), answer));
        return Told.of(question.at("/params/message").asText(), server.receive());
      }
      JsonNode asked = send(tool, arguments, "").path("result");
      JsonNode message = asked.at("/inputRequests/confirmation/params/message");
      read(message, action);
      String members =
          ",\"requestState\":%s,\"inputResponses\":{\"confirmation\":%s}"
              .formatted(asked.path("requestState"), answer);
      return Told.of(message.asText(), send(tool, arguments, members));
    }

    private JsonNode send(String tool, String arguments, String members) {
      server.send(
          ModernRequests.request(
              "1",
              "tools/call",
              ModernRequests.toCall(tool, arguments) + members,
              capabilities(true),
              ""));
      return server.receive();
    }

    private static void read(JsonNode message, String action) throws InterruptedException {
      assertThat(message.isTextual()).as("the question").isTrue();
      if (action.equals("decline")) {
        TimeUnit.MILLISECONDS.sleep(MILLIS_TO_READ);
      }
    }
  }
}
