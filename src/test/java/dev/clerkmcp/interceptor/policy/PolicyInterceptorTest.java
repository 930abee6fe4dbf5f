package dev.clerkmcp.interceptor.policy;

import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.Effect.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.interceptor.impact.TargetCache;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Interceptors;
import dev.clerkmcp.registry.InternalEndpoint;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolCallContext.Approval;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.ToolIndexEntry;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolRegistryBuilder;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.search.ToolDiscoveryTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the effect of policy rules on calls of tools. */
final class PolicyInterceptorTest {
  private static final String GET = "GET /users/ada";
  private static final String UPDATE_ADA = "PATCH /users/ada";
  private static final String BAN = "POST /users/ada/ban";
  private static final String DELETE = "DELETE /users/ada";

  private final FakeClerk clerk = FakeClerk.answering("{\"id\":\"ada\"}");
  private final List<String> lookUps = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private final Path folder;

  PolicyInterceptorTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @ToolGroup(id = "users", description = "Users")
  interface Users {
    @Tool(name = "clerk_user_get", title = "Get user", effect = READ)
    @Description("One user.")
    @Route("GET /users/{user_id}")
    JsonNode get(@Arg("Which one") String userId);

    @Tool(name = "clerk_user_ban", title = "Ban user", effect = DESTROY, aliases = "ban_user")
    @Description("Ban a user.")
    @Route("POST /users/{user_id}/ban")
    JsonNode ban(@Arg("Which one") String userId);

    @Tool(name = "clerk_user_delete", title = "Delete user", effect = IRREVERSIBLE)
    @Description("Delete a user.")
    @Route("DELETE /users/{user_id}")
    JsonNode delete(@Arg("Which one") String userId);

    @InternalEndpoint(UPDATE)
    @Route("PATCH /users/{user_id}")
    JsonNode update(@Arg("Which one") String userId);
  }

  /** Workflows: one with several requests, some that only read, and one without requests. */
  @ToolGroup(id = "users")
  public static final class Composed {
    private final Users users;

    public Composed(Users users) {
      this.users = users;
    }

    @Tool(name = "clerk_user_offboard", title = "Offboard user", effect = IRREVERSIBLE)
    @Description("Take everything from a user.")
    public JsonNode offboard(@Arg("Which one") String userId) {
      users.get(userId);
      users.update(userId);
      users.ban(userId);
      return users.delete(userId);
    }

    @Tool(name = "clerk_user_overview", title = "Show user", effect = READ)
    @Description("Everything about a user.")
    public JsonNode overview(@Arg("Which one") String userId) {
      return users.get(userId);
    }

    @Tool(name = "clerk_user_check", title = "Check user", effect = UPDATE)
    @Description("Mend a user who needs it.")
    public JsonNode check(@Arg("Which one") String userId) {
      return users.get(userId);
    }

    @Tool(name = "clerk_journal_clear", title = "Clear journal", effect = DESTROY)
    @Description("Clear the journal.")
    public JsonNode clear() {
      return Json.object();
    }
  }

  // Denying

  @Test
  void deniedToolIsNotRunAndTheRuleIsNamed() throws Exception {
    ToolRegistry tools =
        tools("{'name':'hands off','decision':'deny','public_metadata':{'role':'owner'}}");
    assertThat(call(tools, "clerk_user_ban", "ada"))
        .isEqualTo(
            new ToolResult(
                "{\"error\":{\"code\":\"denied_by_policy\","
                    + "\"message\":\"clerk_user_ban is denied by rule 1 (hands off) of the policy.\","
                    + "\"next\":\"Only a person can change that, in the file that CLERK_MCP_POLICY"
                    + " names.\"}}",
                true,
                List.of()));
    assertThat(clerk.requests()).isEmpty();
    assertThat(call(tools, "clerk_user_ban", "eve").isError()).isFalse();
    assertThat(clerk.requests()).containsExactly("POST /users/eve/ban");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_user_ban    | {'user_id':'ada'}",
        "ban_user          | {'user_id':'ada'}",
        "clerk_tools_write | {'name':'ban_user','arguments':{'user_id':'ada'}}",
      })
  void deniedToolIsRefusedOnEveryCallPath(String name, String arguments) throws Exception {
    ToolRegistry tools = tools("{'decision':'deny','tools':['clerk_user_ban']}");
    assertThat(run(tools, name, arguments).json())
        .contains("denied_by_policy", "clerk_user_ban is denied by rule 1 of the policy.");
    assertThat(clerk.requests()).isEmpty();
  }

  @Test
  void policyDecidesAboutTheToolBehindDiscovery() throws Exception {
    ToolRegistry tools = tools("{'decision':'deny','effects':['irreversible']}");
    String ban = "{'name':'clerk_user_ban','arguments':{'user_id':'ada'}}";
    assertThat(run(tools, "clerk_tools_write", ban).isError()).isFalse();
    assertThat(clerk.requests()).containsExactly(BAN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'decision':'deny'}                                         | clerk_user_offboard | ``",
        "{'decision':'deny','tools':['clerk_user_offboard']}         | clerk_user_offboard | ``",
        "{'decision':'deny','effects':['irreversible']}              | clerk_user_offboard | ``",
        "{'decision':'deny','effects':['read']}                      | clerk_user_get      | ``",
        "{'decision':'deny','tools':['clerk_user_get']}              | clerk_user_get      | ``",
        "{'decision':'deny','effects':['update']}                    | clerk_user_offboard | GET /users/ada",
        "{'decision':'deny','email_domains':['example.com']}         | clerk_user_offboard | GET /users/ada",
        "{'decision':'deny','tools':['clerk_user_ban']}              | clerk_user_ban      | GET /users/ada,PATCH /users/ada",
      })
  void workflowStopsAtTheFirstDeniedRequest(String rule, String denied, String requests)
      throws Exception {
    assertThat(call(tools(rule), "clerk_user_offboard", "ada").json())
        .contains(denied + " is denied by rule 1 of the policy.");
    assertThat(String.join(",", clerk.requests())).isEqualTo(requests);
  }

  @Test
  void earlierRuleAllowsWorkflowForItsUsers() throws Exception {
    ToolRegistry tools =
        tools("{'decision':'allow','email_domains':['example.com']}", "{'decision':'deny'}");
    assertThat(call(tools, "clerk_user_offboard", "ada").isError()).isFalse();
    assertThat(clerk.requests()).containsExactly(GET, UPDATE_ADA, BAN, DELETE);
    clerk.forget();
    assertThat(call(tools, "clerk_user_offboard", "eve").json()).contains("denied by rule 2");
    assertThat(clerk.requests()).containsExactly("GET /users/eve");
  }

  @Test
  void toolWithoutRequestIsDeniedByNameOrEffect() throws Exception {
    assertThat(run(tools("{'decision':'deny','effects':['destroy']}"), "clerk_journal_clear", "{}"))
        .extracting(ToolResult::json)
        .asString()
        .contains("clerk_journal_clear is denied by rule 1 of the policy.");
    ToolRegistry tools = tools("{'decision':'deny','tools':['clerk_user_*']}");
    assertThat(run(tools, "clerk_journal_clear", "{}").isError()).isFalse();
  }

  // Reading

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'decision':'deny'}|false",
        "{'decision':'deny','email_domains':['example.com']}|false",
        "{'decision':'deny','effects':['read'],'email_domains':['elsewhere.net']}|false",
        "{'decision':'deny','effects':['read'],'email_domains':['example.com']}|true",
        "{'decision':'deny','tools':['clerk_user_get']}|true",
      })
  void readsAreDecidedOnlyByRulesAboutReads(String rule, boolean denied) throws Exception {
    ToolRegistry tools = tools(rule);
    for (String tool : List.of("clerk_user_get", "clerk_user_overview")) {
      clerk.forget();
      assertThat(call(tools, tool, "ada").isError()).as(tool).isEqualTo(denied);
      assertThat(clerk.requests()).hasSize(denied ? 0 : 1);
    }
    assertThat(lookUps.isEmpty()).isEqualTo(!rule.contains("effects"));
  }

  // Targets

  @Test
  void failedLookupDeniesWithReason() throws Exception {
    ToolRegistry tools = tools("{'decision':'deny','email_domains':['example.com']}");
    assertThat(call(tools, "clerk_user_delete", "nobody").json())
        .contains(
            "clerk_user_delete is denied by rule 1 of the policy, since the affected"
                + " users or organizations cannot be determined.");
    assertThat(clerk.requests()).isEmpty();
  }

  @Test
  void rulesWithoutTargetsLookUpNothing() throws Exception {
    ToolRegistry tools =
        tools(
            "{'decision':'allow','effects':['destroy']}",
            "{'decision':'deny','email_domains':['example.com']}");
    assertThat(call(tools, "clerk_user_ban", "ada").isError()).isFalse();
    assertThat(lookUps).isEmpty();
  }

  // Confirming

  @Test
  void unconfirmedCallIsRefused() throws Exception {
    ToolRegistry tools = tools("{'name':'ask','decision':'confirm','effects':['destroy']}");
    assertThat(call(tools, "clerk_user_ban", "ada").json())
        .isEqualTo(
            "{\"error\":{\"code\":\"confirmation_needed\",\"message\":\"clerk_user_ban needs a"
                + " person's confirmation by rule 1 (ask) of the policy, and none was"
                + " given.\",\"next\":\"Only a person can confirm it, or change that in the file that"
                + " CLERK_MCP_POLICY names.\"}}");
    assertThat(clerk.requests()).isEmpty();
    assertThat(call(tools, "clerk_user_delete", "ada").isError()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'decision':'confirm','effects':['destroy']}           | clerk_user_ban      | /users/{user_id}/ban",
        "{'decision':'confirm','effects':['destroy']}           | clerk_user_delete   | ``",
        "{'decision':'confirm','effects':['destroy']}           | clerk_user_offboard | /users/{user_id}/ban",
        "{'decision':'confirm','email_domains':['example.com']} | clerk_user_ban      | /users/{user_id}/ban",
        "{'decision':'confirm','email_domains':['example.org']} | clerk_user_ban      | ``",
        "{'decision':'confirm','tools':['clerk_user_offboard']} | clerk_user_offboard | /users/{user_id},/users/{user_id}/ban,/users/{user_id}",
        "{'decision':'confirm','effects':['irreversible']}      | clerk_user_offboard | /users/{user_id},/users/{user_id}/ban,/users/{user_id}",
        "{'decision':'allow'},{'decision':'confirm'}            | clerk_user_offboard | ``",
      })
  void confirmedRequestsAreSent(String rules, String tool, String operations) throws Exception {
    ToolRegistry tools = toolsWithPerson(rules);
    assertThat(call(tools, tool, "ada").isError()).isFalse();
    assertThat(String.join(",", asked)).isEqualTo(operations);
    assertThat(clerk.requests()).endsWith(tool.equals("clerk_user_ban") ? BAN : DELETE);
  }

  @Test
  void deniedRequestStopsTheCallBeforeAnyChange() throws Exception {
    ToolRegistry tools = toolsWithPerson("{'decision':'deny','tools':['clerk_user_ban']}");
    assertThat(call(tools, "clerk_user_offboard", "ada").json()).contains("denied_by_policy");
    assertThat(clerk.requests()).containsExactly(GET);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'decision':'confirm','tools':['clerk_user_check']}    | clerk_user_check    | false",
        "{'decision':'confirm','effects':['update']}            | clerk_user_check    | false",
        "{'decision':'confirm','effects':['read']}              | clerk_user_check    | true",
        "{'decision':'confirm','tools':['clerk_user_*']}        | clerk_user_check    | true",
        "{'decision':'confirm','tools':['clerk_user_overview']} | clerk_user_overview | true",
      })
  void readOfChangingToolNeedsConfirmationOnlyByReadRule(String rule, String tool, boolean needed)
      throws Exception {
    ToolResult result = call(tools(rule), tool, "ada");
    assertThat(result.isError()).as(result.json()).isEqualTo(needed);
    assertThat(result.json().contains("confirmation_needed")).isEqualTo(needed);
  }

  @Test
  void targetIsLookedUpOnceForPlanAndOnceForRequest() throws Exception {
    ToolRegistry tools =
        toolsWithPerson(
            "{'decision':'confirm','email_domains':['example.com']},"
                + "{'decision':'deny','public_metadata':{'role':'owner'}}");
    assertThat(call(tools, "clerk_user_ban", "ada").isError()).isFalse();
    assertThat(lookUps).as("as planned and as sent").hasSize(2);
  }

  /** Clerk knows Ada, an owner, and Eve, a member; every other user is unknown. */
  private List<Subject> touched(ClerkRequest operation) {
    String user = operation.arguments().path("user_id").asText();
    lookUps.add(user);
    if (!List.of("ada", "eve").contains(user)) {
      throw ClerkException.notFound("There is no such user.");
    }
    boolean ada = user.equals("ada");
    JsonNode known =
        json(
            "{'email_addresses':[{'email_address':'%s','verification':{'status':'verified'}}],"
                    .formatted(ada ? "ada@example.com" : "eve@elsewhere.net")
                + "'public_metadata':{'role':'%s'}}".formatted(ada ? "owner" : "member"));
    return List.of(Subject.of(known, List.of()));
  }

  private ToolRegistry tools(String... rules) throws Exception {
    return tools(String.join(",", rules), false);
  }

  /** Tools with a person who confirms whenever the policy requires it. */
  private ToolRegistry toolsWithPerson(String rules) throws Exception {
    return tools(rules, true);
  }

  private ToolRegistry tools(String rules, boolean person) throws Exception {
    ToolRegistryBuilder builder = new ToolRegistryBuilder();
    builder.addObject(new ToolDiscoveryTools(builder::built));
    builder.addEndpoints(Users.class);
    builder.addComposed(Composed.class);
    List<ToolIndexEntry> catalog =
        builder.tools().stream().map(PolicyInterceptorTest::line).toList();
    Path file = folder.resolve("policy.json");
    Files.writeString(file, "{'rules':[%s]}".formatted(rules).replace('\'', '"'));
    Policy read = Policy.parse(file, catalog);
    PolicyInterceptor policy =
        new PolicyInterceptor(
            read,
            this::touched,
            request -> Set.of(),
            new OrganizationNames(read.organizations(), new TargetCache(Map.of())));
    List<ToolInterceptor> around =
        person ? List.of(policy, new Person(policy, asked)) : List.of(policy);
    return builder.build(
        ClerkInstances.of(clerk.client()),
        new Interceptors(List.of(), around, List.of(policy), List.of()));
  }

  private static ToolIndexEntry line(ToolDefinition tool) {
    return new ToolIndexEntry(
        tool.group(), tool.core(), tool.effect(), tool.aliases(), tool.name(), "{}");
  }

  private static ToolResult call(ToolRegistry tools, String name, String user) {
    return run(tools, name, "{'user_id':'%s'}".formatted(user));
  }

  private static ToolResult run(ToolRegistry tools, String name, String arguments) {
    return ToolCaller.call(tools, name, json(arguments));
  }

  private static JsonNode json(String text) {
    try {
      return Json.read(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Confirms a tool once its plan shows that the policy asks for that. */
  private record Person(PolicyInterceptor policy, List<String> asked) implements ToolInterceptor {
    @Override
    public JsonNode intercept(Chain chain) {
      ToolCallContext context = chain.context();
      List<ClerkRequest> all = context.plan(chain::proceed);
      for (ClerkRequest planned : all) {
        if (policy.needsConfirmation(planned)) {
          asked.add(planned.endpoint().path());
          context.approve(new Approval(Approval.By.PERSON, "Ada"), all);
        }
      }
      return chain.proceed();
    }
  }
}
