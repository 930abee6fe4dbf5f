package dev.clerkmcp.interceptor.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.ExampleArguments;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.config.ConfigException;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.interceptor.InterceptorFactory;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.TokenEstimate;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the limits of answers, how truncated answers continue, and exports. */
final class OutputTest {
  private static ClerkClient sandbox;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    sandbox = SandboxCalls.seeded(1, 120).client();
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 2_000, 10_000})
  void truncatedListContinuesAfterItsLastRow(int tokens) throws Exception {
    ToolRegistry tools = tools(sandbox, Map.of("CLERK_MCP_MAX_RESULT_TOKENS", "" + tokens));
    Set<String> seen = new HashSet<>();
    ObjectNode arguments = Json.object().put("limit", 100);
    int pages = 0;
    for (boolean more = true; more; pages++) {
      ToolResult result = ToolCaller.call(tools, "clerk_users_list", arguments);
      JsonNode answer = Json.read(result.json());
      assertThat(TokenEstimate.of(result.text())).as("with its notes").isLessThanOrEqualTo(tokens);
      assertThat(answer.path("total_count").asInt()).isEqualTo(120);
      answer.path("data").forEach(row -> assertThat(seen.add(row.path("id").asText())).isTrue());
      more = answer.path("has_more").asBoolean();
      if (more && answer.path("data").size() < 100) {
        assertThat(result.notes())
            .anyMatch(note -> note.startsWith("Showing " + answer.path("data").size() + " of 1"));
      }
      answer.path("next").properties().forEach(e -> arguments.set(e.getKey(), e.getValue()));
    }
    assertThat(seen).hasSize(120);
    assertThat(pages).isGreaterThanOrEqualTo(2);
  }

  @Test
  void oversizedRowIsTruncatedAndTheListContinues() throws Exception {
    ToolRegistry tools = tools(sandbox, Map.of("CLERK_MCP_MAX_RESULT_TOKENS", "500"));
    ObjectNode arguments = Json.object().put("limit", 100).put("fields", "*");
    ToolResult result = ToolCaller.call(tools, "clerk_users_list", arguments);
    JsonNode answer = Json.read(result.json());
    assertThat(answer.path("data")).hasSize(1);
    assertThat(answer.at("/next/starting_after")).isEqualTo(answer.at("/data/0/id"));
    assertThat(result.notes())
        .anyMatch(note -> note.startsWith("Left out, since the answer would cost more"))
        .anyMatch(note -> note.startsWith("Showing 1 of 120 rows"));
  }

  @Test
  void oversizedOnlyRowHasNoNextPage() throws Exception {
    ToolRegistry tools = tools(sandbox, Map.of("CLERK_MCP_MAX_RESULT_TOKENS", "500"));
    ObjectNode query = Json.object().put("query", "minjun.choi5@example.com").put("fields", "*");
    ToolResult result = ToolCaller.call(tools, "clerk_users_list", query);
    JsonNode answer = Json.read(result.json());
    assertThat(answer.path("data")).hasSize(1);
    assertThat(answer.path("has_more").asBoolean()).isFalse();
    assertThat(answer.has("next")).isFalse();
    assertThat(result.notes()).noneMatch(note -> note.startsWith("Showing"));
  }

  @Test
  void listWithoutPagesIsTruncated() throws Exception {
    FakeClerk clerk = FakeClerk.answering(rows("{\"object\":\"x\",\"id\":\"%d\"}", 0, 400));
    ToolResult result =
        ToolCaller.call(
            tools(clerk.client(), Map.of("CLERK_MCP_MAX_RESULT_TOKENS", "500")),
            "clerk_blocklists_list",
            Json.object());
    JsonNode answer = Json.read(result.json());
    assertThat(answer.path("has_more").asBoolean()).isTrue();
    assertThat(answer.has("next")).isFalse();
    assertThat(result.notes()).anyMatch(note -> note.contains("of 400 rows"));
  }

  @Test
  void oversizedObjectOmitsItsLargestFieldsAndNamesThem() throws Exception {
    ObjectNode user = Json.object().put("object", "user").put("id", "user_1");
    user.putObject("unsafe_metadata").put("bio", "x".repeat(6000)).put("step", 5);
    user.putObject("public_metadata").put("plan", "pro");
    ToolRegistry tools =
        tools(
            FakeClerk.answering(user.toString()).client(),
            Map.of("CLERK_MCP_MAX_RESULT_TOKENS", "500"));
    ToolResult whole =
        ToolCaller.call(tools, "clerk_user_get", Json.object().put("user_id", "user_1"));
    assertThat(whole.json())
        .isEqualTo("{\"id\":\"user_1\",\"public_metadata\":{\"plan\":\"pro\"}}");
    assertThat(whole.notes())
        .anyMatch(note -> note.matches(".*unsafe_metadata \\(2\\d{3} tokens\\).*"));
    ObjectNode again = Json.object().put("user_id", "user_1").put("fields", "unsafe_metadata");
    ToolResult part = ToolCaller.call(tools, "clerk_user_get", again);
    assertThat(part.json()).contains("\"step\":5").contains("xxx");
    assertThat(TokenEstimate.of(part.text())).isBetween(400L, 500L);
    assertThat(part.notes()).anyMatch(note -> note.contains("unsafe_metadata.bio ("));
  }

  @Test
  void objectOfManySmallFieldsLosesTheLastOnes() throws Exception {
    ObjectNode user = Json.object().put("object", "user").put("id", "user_1");
    ObjectNode metadata = user.putObject("public_metadata");
    for (int i = 0; i < 200; i++) {
      metadata.put("key_" + i, "value of key number " + i);
      user.put("field_" + i, "value of field number " + i);
    }
    ToolRegistry tools =
        tools(
            FakeClerk.answering(user.toString()).client(),
            Map.of("CLERK_MCP_MAX_RESULT_TOKENS", "500"));
    ToolResult part =
        ToolCaller.call(tools, "clerk_user_get", "{'user_id':'user_1','fields':'public_metadata'}");
    assertThat(part.text()).contains("\"id\":\"user_1\"", "\"key_9\":");
    assertThat(TokenEstimate.of(part.text())).isBetween(400L, 500L);
    int left = Json.read(part.json()).path("public_metadata").size();
    assertThat(part.notes())
        .anyMatch(
            note ->
                note.contains(
                    "): the last %s of 200 fields of public_metadata. ".formatted(200 - left)));
    ToolResult whole =
        ToolCaller.call(tools, "clerk_user_get", "{'user_id':'user_1','fields':'*'}");
    assertThat(whole.text()).contains("\"id\":\"user_1\"", "field_9");
    assertThat(TokenEstimate.of(whole.text())).isBetween(400L, 500L);
    assertThat(whole.notes())
        .anyMatch(
            note -> note.matches(".*: public_metadata \\(.*, the last \\d+ of 202 fields\\. .*"));
  }

  /** A control character is one in Clerk's text and six in JSON. */
  @Test
  void limitHoldsForTextOfEscapes() throws Exception {
    ObjectNode user = Json.object().put("object", "user").put("id", "user_1");
    user.putObject("unsafe_metadata").put("bio", "\u0001".repeat(6000));
    ToolResult part =
        ToolCaller.call(
            tools(
                FakeClerk.answering(user.toString()).client(),
                Map.of("CLERK_MCP_MAX_RESULT_TOKENS", "500")),
            "clerk_user_get",
            "{'user_id':'user_1','fields':'unsafe_metadata'}");
    assertThat(part.json()).hasSizeLessThanOrEqualTo(2000);
    assertThat(part.notes()).anyMatch(note -> note.contains("unsafe_metadata.bio ("));
  }

  @Test
  void everythingIsClerksObjectWithTimesAsText() throws Exception {
    String user =
        "{\"object\":\"user\",\"id\":\"user_1\",\"locale\":null,\"created_at\":1767225600000,"
            + "\"public_metadata\":{\"renews_at\":1767225600000}}";
    ToolResult result =
        ToolCaller.call(
            tools(FakeClerk.answering(user).client(), Map.of()),
            "clerk_user_get",
            Json.object().put("user_id", "user_1").put("fields", "*"));
    assertThat(result.text())
        .isEqualTo(
            user.replace("created_at\":1767225600000", "created_at\":\"2026-01-01T00:00:00Z\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // What a view always leaves out is no news.
        "{\"limit\":1}|",
        "{\"limit\":1,\"order_by\":\"-created_at\",\"created_at_after\":\"900d\"}|",
        "{\"limit\":1,\"order_by\":\"-updated_at\"}|Rows do not show updated_at, by which this call orders or limits them; fields: [\"updated_at\"] does.",
        "{\"limit\":1,\"order_by\":\"-updated_at\",\"fields\":[\"updated_at\"]}|",
        // An unknown name has the nearest three, of Clerk's fields and of a view's columns.
        "{\"limit\":1,\"fields\":[\"locale\",\"fist_name\"]}|fields: these objects have no fist_name; the nearest are first_name, last_name, name.",
        "{\"limit\":1,\"fields\":[\"id\",\"emial\"]}|fields: these objects have no emial; the nearest are email, locale, external_id.",
      })
  void noteNamesOnlyWhatTheCallerAskedAbout(String arguments, @Nullable String note)
      throws Exception {
    ToolResult result =
        ToolCaller.call(
            tools(sandbox, Map.of()), "clerk_users_list", (ObjectNode) Json.read(arguments));
    List<String> notes =
        result.notes().stream().filter(one -> !one.contains("was read as")).toList();
    assertThat(notes).isEqualTo(note == null ? List.of() : List.of(note));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"limit\":10,\"all\":true,\"fields\":[\"id\"]}| 0",
        "{\"limit\":10,\"all\":true,\"fields\":[\"locale\",\"nonsense\"]}| 1",
        "{\"query\":\"nobody is called so\",\"fields\":[\"locale\"]}| 0",
      })
  void noteNamesUnknownFieldOnceForAllRows(String arguments, int notes) throws Exception {
    ToolResult result =
        ToolCaller.call(
            tools(sandbox, Map.of()), "clerk_users_list", (ObjectNode) Json.read(arguments));
    assertThat(result.notes()).filteredOn(note -> note.startsWith("fields:")).hasSize(notes);
  }

  private static final String METADATA =
      "{\"data\":[{\"id\":\"org_1\",\"public_metadata\":{\"stripe.customer_id\":\"cus_1\",\"plan\":"
          + "\"pro\",\"a\":{\"b\":1},\"a.c\":2},\"tags\":[]},{\"id\":\"org_2\",\"public_metadata\":"
          + "{\"stripe\":{\"customer_id\":\"cus_2\"},\"a\":null},\"tags\":[{\"name\":\"x\"}]}],"
          + "\"total_count\":2}";

  /** The path, what the two rows show of it, and the note. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "public_metadata.stripe.customer_id | {'public_metadata':{'stripe.customer_id':'cus_1'}} | {'public_metadata':{'stripe':{'customer_id':'cus_2'}}} |",
        "public_metadata[\"stripe.customer_id\"] | {'public_metadata':{'stripe.customer_id':'cus_1'}} | {'public_metadata':{}} |",
        "public_metadata.a.b | {'public_metadata':{'a':{'b':1}}} | {'public_metadata':{'a':null}} |",
        "public_metadata.a.c | {'public_metadata':{'a.c':2}} | {'public_metadata':{'a':null}} |",
        "public_metadata.stripe.customer | {'public_metadata':{}} | {'public_metadata':{'stripe':{}}} | fields: these objects have no public_metadata.stripe.customer; the nearest are customer_id, stripe.customer_id, a.",
        "public_metadata.nope | {'public_metadata':{}} | {'public_metadata':{}} | fields: these objects have no public_metadata.nope; the nearest are stripe, stripe.customer_id, a.",
        "tags.name | {'tags':[]} | {'tags':[{'name':'x'}]} |",
        "tags.nope | {'tags':[]} | {'tags':[{}]} | fields: these objects have no tags.nope; the nearest is name.",
      })
  void pathIsFoundWithDotsInItsKeysOrNamesWhatIsThere(
      String path, String first, String second, @Nullable String note) throws Exception {
    ToolRegistry tools = tools(FakeClerk.answering(METADATA).client(), exports());
    ObjectNode arguments = Json.object();
    arguments.putArray("fields").add(path);
    ToolResult result = ToolCaller.call(tools, "clerk_organizations_list", arguments);
    assertThat(result.notes()).isEqualTo(note == null ? List.of() : List.of(note));
    List<JsonNode> rows = new ArrayList<>();
    for (String row : List.of(first, second)) {
      rows.add(
          Json.object()
              .put("id", "org_" + (rows.size() + 1))
              .setAll((ObjectNode) ToolCaller.arguments(row)));
    }
    assertThat(Json.read(result.json()).path("data")).containsExactlyElementsOf(rows);
    ToolResult object =
        ToolCaller.call(
            tools(
                FakeClerk.answering(Json.read(METADATA).at("/data/0").toString()).client(),
                Map.of()),
            "clerk_organization_get",
            arguments.put("organization_id", "org_1"));
    assertThat(Json.read(object.json()).path("public_metadata"))
        .isEqualTo(rows.get(0).path("public_metadata"));
  }

  @Test
  void csvHasColumnsForKeysWithDots() throws Exception {
    ToolRegistry tools = tools(FakeClerk.answering(METADATA).client(), exports());
    ObjectNode arguments = Json.object().put("export", "o.csv");
    arguments
        .putArray("fields")
        .add("public_metadata.stripe.customer_id")
        .add("public_metadata[\"stripe.customer_id\"]")
        .add("tags.name");
    ToolCaller.call(tools, "clerk_organizations_list", arguments);
    assertThat(Files.readString(folder.resolve("o.csv")))
        .isEqualTo(
            """
            "public_metadata.stripe.customer_id","public_metadata[""stripe.customer_id""]","tags.name"\r
            "cus_1","cus_1",""\r
            "cus_2","","x"\r
            """);
  }

  /** Rows without anything but IDs would look as if no user had a value. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_users_list    | {'limit':2,'fields':['emial','nope']} | names nothing that is there: no emial;"
            + " the nearest are email, locale, external_id; no nope; the nearest are",
        "clerk_users_list    | {'export':'u.csv','fields':['emial']} | names nothing that is there: no emial;",
        "clerk_growth_report | {'fields':['signups']} | the nearest are sign_ups,",
      })
  void readingOnlyUnknownFieldsIsRefused(String tool, String arguments, String problem)
      throws Exception {
    ToolResult result =
        ToolCaller.call(tools(sandbox, exports()), tool, ToolCaller.arguments(arguments));
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("\"name\":\"fields\"").contains(problem);
    assertThat(files()).isEmpty();
  }

  /** Its change is made, so an error would have it made again. */
  @Test
  void changeWithOnlyUnknownFieldsAnswersAsWithoutThem() throws Exception {
    ToolRegistry tools = tools(SandboxCalls.seeded(2, 5).client(), Map.of());
    String user =
        ToolCaller.json(ToolCaller.call(tools, "clerk_users_list", "{'limit':1}"))
            .at("/data/0/id")
            .asText();
    ToolResult result =
        ToolCaller.call(
            tools,
            "clerk_user_update",
            "{'user_id':'%s','first_name':'Zora','fields':['first_nam']}".formatted(user));
    assertThat(result.isError()).isFalse();
    assertThat(ToolCaller.json(result).at("/changed/0/after").asText()).isEqualTo("Zora");
    assertThat(result.notes())
        .contains(
            "fields: these objects have no first_nam; the nearest are first_name, last_name, username.");
  }

  @Test
  void fieldThatAnArgumentAddsNamesTheArgument() throws Exception {
    ToolResult result =
        ToolCaller.call(
            tools(sandbox, Map.of()), "clerk_organizations_list", "{'fields':['members_count']}");
    assertThat(result.notes())
        .containsExactly(
            "fields: these objects have no members_count; include_members_count: true adds it.");
  }

  @Test
  void cutReportNamesWhatGivesMoreRows() throws Exception {
    ToolRegistry tools = tools(sandbox, Map.of("CLERK_MCP_MAX_RESULT_TOKENS", "900"));
    ToolResult cut =
        ToolCaller.call(tools, "clerk_growth_report", "{'interval':'day','from':'84d'}");
    int shown = ToolCaller.json(cut).path("rows").size();
    assertThat(cut.notes())
        .anyMatch(
            note ->
                note.endsWith(
                    ("rows (%s of 85 items are shown). For fewer of them, choose a shorter time (from,"
                            + " to) or change interval. For shorter ones, name parts of them: fields:"
                            + " [\"rows.period\"].")
                        .formatted(shown)));
    ToolResult longer =
        ToolCaller.call(tools, "clerk_growth_report", "{'interval':'month','from':'84d'}");
    assertThat(longer.notes()).noneMatch(note -> note.startsWith("Left out"));
    ToolResult parts =
        ToolCaller.call(
            tools,
            "clerk_growth_report",
            "{'interval':'day','from':'84d','fields':['rows.period']}");
    assertThat(ToolCaller.json(parts).path("rows").size()).isGreaterThan(2 * shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_waitlist_entry_create_bulk | entries | clerk_waitlist_entries_list can show more,",
        "clerk_invitation_create_bulk | invitations | clerk_invitations_list can show more,",
      })
  void cutAnswerOfAChangeNamesAToolThatReads(String tool, String argument, String advice)
      throws Exception {
    ToolRegistry tools =
        tools(SandboxCalls.seeded(2, 5).client(), Map.of("CLERK_MCP_MAX_RESULT_TOKENS", "500"));
    ObjectNode arguments = Json.object();
    ArrayNode items = arguments.putArray(argument);
    for (int i = 0; i < 10; i++) {
      String name = "somebody.with.a.rather.long.name.that.takes.room." + i;
      items.addObject().put("email_address", name + "@subdomain.of.some.example.com");
    }
    ToolResult plan = ToolCaller.call(tools, tool, arguments.deepCopy().put("dry_run", true));
    assertThat(plan.notes())
        .allMatch(
            note -> !note.startsWith("Left out") || note.endsWith("fewer changes at a time."));
    ToolResult result = ToolCaller.call(tools, tool, arguments);
    assertThat(result.isError()).isFalse();
    assertThat(TokenEstimate.of(result.text())).isLessThanOrEqualTo(500);
    assertThat(result.notes())
        .anyMatch(note -> note.startsWith("Left out") && note.contains(" of 10 items are shown)"))
        .anyMatch(note -> note.contains(advice));
  }

  /** Clerk answers every request with as much as this. */
  private static String large(boolean list) {
    ObjectNode object = Json.object().put("id", "x_1").put("url", "https://x.example");
    for (int i = 0; i < 40; i++) {
      object.put("field_" + i, "a value of some length, which fills the answer, number " + i);
      object.putObject("metadata_" + i).put("text", "x ".repeat(100));
    }
    return list ? "[%s,%s,%s]".formatted(object, object, object) : object.toString();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noCutAnswerAdvisesToRepeatAChange(boolean list) throws Exception {
    ToolRegistry tools =
        tools(
            FakeClerk.answering(large(list)).client(),
            Map.of("CLERK_MCP_MAX_RESULT_TOKENS", "500"));
    Set<String> cut = new HashSet<>();
    for (ToolDefinition tool : tools.tools()) {
      if (!tool.effect().changes() || tool.isDiscovery()) {
        continue;
      }
      ToolResult result =
          ToolCaller.call(
              tools, tool.name(), ExampleArguments.required(tool.arguments().fullSchema()));
      for (String note : result.notes()) {
        if (note.startsWith("Left out, since") || note.startsWith("Showing")) {
          cut.add(tool.name());
        }
        assertThat(note)
            .as(tool.name())
            .doesNotContainIgnoringCase("call again", "repeat", "fields:", "with fields");
      }
    }
    assertThat(cut).hasSizeGreaterThan(30);
  }

  @Test
  void allPagesAreRead() throws Exception {
    FakeClerk clerk = FakeClerk.answering(pages(1234));
    ToolResult result = listAll(clerk);
    JsonNode answer = Json.read(result.json());
    assertThat(answer.path("data")).hasSize(1234);
    assertThat(answer.path("has_more").asBoolean()).isFalse();
    assertThat(clerk.requests())
        .containsExactly(
            "GET /organizations?limit=500",
            "GET /organizations?limit=500&offset=500",
            "GET /organizations?limit=500&offset=1000");
  }

  /** A server that ignores the argument for the next page answers so. */
  @Test
  void repeatedPageEndsReading() throws Exception {
    Function<String, Answer> pages = pages(1234);
    FakeClerk clerk =
        FakeClerk.answering(request -> pages.apply("GET /organizations?limit=500&offset=500"));
    ToolResult result = listAll(clerk);
    JsonNode answer = Json.read(result.json());
    assertThat(answer.path("data")).hasSize(500);
    assertThat(answer.has("next")).isFalse();
    assertThat(result.notes())
        .contains(
            "Clerk returned the last page again when asked for the rows after these 500; there may be"
                + " more.");
    assertThat(clerk.requests()).hasSize(2);
  }

  @Test
  void equalRowsAreNotTakenForTheSamePage() throws Exception {
    String rows = String.join(",", Collections.nCopies(500, "{\"name\":\"x\"}"));
    FakeClerk clerk = FakeClerk.answering("{\"data\":[%s],\"total_count\":1000}".formatted(rows));
    ToolResult result = listAll(clerk);
    assertThat(Json.read(result.json()).path("data")).hasSize(1000);
    assertThat(clerk.requests()).hasSize(2);
  }

  @Test
  void readingStopsAtTheTokenLimit() throws Exception {
    FakeClerk clerk = FakeClerk.answering(pages(100_000));
    ToolResult result =
        ToolCaller.call(
            tools(clerk.client(), Map.of()),
            "clerk_organizations_list",
            Json.object().put("all", true));
    JsonNode answer = Json.read(result.json());
    assertThat(TokenEstimate.of(result.json())).isBetween(16_000L, 18_000L);
    assertThat(answer.at("/next/offset").asInt()).isEqualTo(answer.path("data").size());
    assertThat(clerk.requests()).hasSizeLessThan(10);
  }

  @Test
  void usersAreReadByCursor() throws Exception {
    SandboxClerk users = new SandboxClerk(SandboxCalls.seeded(1, 620));
    ToolResult result =
        users.call(users.tools(folder, exports()), "clerk_users_list", "{'export':'all.csv'}");
    assertThat(Json.read(result.json()).path("rows").asInt()).isEqualTo(620);
    assertThat(users.requests())
        .hasSize(3)
        .anyMatch(request -> request.startsWith("GET /users?limit=500&starting_after=user_"));
  }

  /** A limit is one of rows in all; it makes no pages smaller than the rows that it leaves. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1    | 1    | true  | limit=1",
        "50   | 50   | true  | limit=50",
        "501  | 501  | true  | limit=500, limit=1&offset=500",
        "1200 | 1200 | true  | limit=500, limit=500&offset=500, limit=200&offset=1000",
        "1234 | 1234 | false | limit=500, limit=500&offset=500, limit=234&offset=1000",
        "9999 | 1234 | false | limit=500, limit=500&offset=500, limit=500&offset=1000",
      })
  void limitIsOfAllPages(int limit, int rows, boolean more, String requests) throws Exception {
    FakeClerk clerk = FakeClerk.answering(pages(1234));
    Map<String, String> settings = new HashMap<>(exports());
    settings.put("CLERK_MCP_MAX_RESULT_TOKENS", "1000000");
    ToolRegistry tools = tools(clerk.client(), settings);
    for (String how : List.of("'all':true", "'export':'o.jsonl'")) {
      clerk.forget();
      ToolResult result =
          ToolCaller.call(
              tools, "clerk_organizations_list", "{%s,'limit':%s}".formatted(how, limit));
      JsonNode answer = Json.read(result.json());
      assertThat(answer.path("rows").asInt(answer.path("data").size())).isEqualTo(rows);
      assertThat(answer.path("has_more").asBoolean()).isEqualTo(more);
      assertThat(answer.at("/next/offset").asInt()).isEqualTo(more ? limit : 0);
      assertThat(result.notes()).isEmpty();
      assertThat(clerk.requests())
          .extracting(request -> request.substring("GET /organizations?".length()))
          .containsExactly(requests.split(", "));
    }
    assertThat(Files.readAllLines(folder.resolve("o.jsonl"))).hasSize(rows);
  }

  @ParameterizedTest
  @CsvSource({"1", "50", "119"})
  void usersAreCountedOnceWhateverTheLimit(int limit) throws Exception {
    SandboxClerk users = new SandboxClerk(SandboxCalls.seeded(1, 120));
    ToolRegistry tools = users.tools(folder, exports());
    for (String how : List.of("'all':true", "'export':'u.jsonl'", "'where':['id'],'all':true")) {
      ToolResult result =
          users.call(tools, "clerk_users_list", "{%s,'limit':%s}".formatted(how, limit));
      JsonNode answer = Json.read(result.json());
      assertThat(answer.path("rows").asInt(answer.path("data").size())).isEqualTo(limit);
      assertThat(answer.path("has_more").asBoolean()).isTrue();
      assertThat(answer.path("next")).hasSize(1);
      assertThat(users.requests()).filteredOn(one -> one.contains("/users/count")).hasSize(1);
      assertThat(users.requests()).hasSize(2);
    }
  }

  @Test
  void limitOverAPageHoldsForConditions() throws Exception {
    FakeClerk clerk = FakeClerk.answering(pages(1234));
    Map<String, String> settings = Map.of("CLERK_MCP_MAX_RESULT_TOKENS", "1000000");
    ToolRegistry tools = tools(clerk.client(), settings);
    ToolResult result =
        ToolCaller.call(tools, "clerk_organizations_list", "{'where':['name'],'limit':600}");
    assertThat(Json.read(result.json()).path("data")).hasSize(600);
    ToolResult page = ToolCaller.call(tools, "clerk_organizations_list", "{'limit':600}");
    assertThat(Json.read(page.json()).path("data")).hasSize(500);
    assertThat(page.notes()).contains("limit was lowered from 600 to 500, the maximum.");
  }

  /** A server that ignores the limit answers so. */
  @Test
  void limitHoldsForLargerPages() throws Exception {
    FakeClerk clerk = FakeClerk.answering(request -> pages(1234).apply("offset=0&limit=500"));
    ToolResult result =
        ToolCaller.call(
            tools(clerk.client(), Map.of()), "clerk_organizations_list", "{'all':true,'limit':7}");
    JsonNode answer = Json.read(result.json());
    assertThat(answer.path("data")).hasSize(7);
    assertThat(answer.at("/next/offset").asInt()).isEqualTo(7);
  }

  @Test
  void cancelledReadingSendsNoFurtherRequest() throws Exception {
    Invocation invocation = new Invocation(Runnable::run, Caller.UNKNOWN);
    Function<String, Answer> pages = pages(100_000);
    FakeClerk clerk =
        FakeClerk.answering(
            request -> {
              if (request.contains("offset=1000")) {
                invocation.cancel();
              }
              return pages.apply(request);
            });
    ToolRegistry tools = tools(clerk.client(), exports());
    ToolDefinition list = Objects.requireNonNull(tools.find("clerk_organizations_list"));
    Assertions.assertThatThrownBy(
            () -> tools.call(list, Json.object().put("export", "all.csv"), invocation))
        .isInstanceOf(CancellationException.class);
    assertThat(clerk.requests()).hasSize(3);
    assertThat(files()).isEmpty();
  }

  @Test
  void exportHasEveryRowAndIsReadableOnlyByItsOwner() throws Exception {
    ToolResult result =
        ToolCaller.call(
            tools(sandbox, exports()), "clerk_users_list", Json.object().put("export", "us.jsonl"));
    JsonNode answer = Json.read(result.json());
    Path file = folder.resolve("us.jsonl");
    assertThat(answer.path("file").asText()).isEqualTo(file.toString());
    assertThat(answer.path("rows").asInt()).isEqualTo(120);
    assertThat(answer.path("columns").toString()).startsWith("[\"id\",\"name\",\"email\"");
    assertThat(answer.path("sample")).hasSize(3);
    assertThat(Files.readAllLines(file)).hasSize(120).allMatch(line -> line.startsWith("{\"id\""));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(files()).containsExactly("us.jsonl");
  }

  @Test
  void csvEscapesFormulasAndQuotes() throws Exception {
    FakeClerk clerk =
        FakeClerk.answering(
            "{\"data\":[{\"id\":\"org_1\",\"name\":\"=cmd|'/c calc'!A1\"},{\"id\":\"org_2\",\"slug\":"
                + "\"a,\\\"b\\\"\",\"count\":-5,\"phone\":\"+15550100\",\"tags\":[\"x\",\"y\"],"
                + "\"deep\":{\"a\":1}}],\"total_count\":2}");
    ToolCaller.call(
        tools(clerk.client(), exports()),
        "clerk_organizations_list",
        Json.object().put("export", "o.csv"));
    assertThat(Files.readString(folder.resolve("o.csv")))
        .isEqualTo(
            """
            "id","name","slug","count","phone","tags","deep"\r
            "org_1","'=cmd|'/c calc'!A1","","","","",""\r
            "org_2","","a,""b""\","-5","+15550100","x y","{""a"":1}"\r
            """);
  }

  /** Spreadsheets differ in what separates cells, and in which signs begin a formula. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "x;=1+1       | x;'=1+1",
        "a\\t=1+1     | a\\t'=1+1",
        "a\\n@SUM(A1) | a\\n'@SUM(A1)",
        "\uFF1D1+1      | '\uFF1D1+1",
        "\uFF0B1+1      | '\uFF0B1+1",
        "a;\uFF0D1      | a;'\uFF0D1",
        "\uFF20A1       | '\uFF20A1",
        "` =1+1`      | ' =1+1",
        "\u200B=1+1     | '\u200B=1+1",
        "\u00A0-1+1     | '\u00A0-1+1",
        "-1+1         | '-1+1",
        "+15550100-1  | '+15550100-1",
        "-5           | -5",
        "-0.5         | -0.5",
        "+15550100    | +15550100",
        "1;-5;2       | 1;-5;2",
        "a-b@c=d      | a-b@c=d",
        "1 + 1 = 2    | 1 + 1 = 2",
      })
  void formulaIsNeverACell(String name, String cell) throws Exception {
    String json = Json.object().put("name", unescaped(name)).toString();
    FakeClerk clerk = FakeClerk.answering("{\"data\":[%s],\"total_count\":1}".formatted(json));
    ToolCaller.call(
        tools(clerk.client(), exports()),
        "clerk_organizations_list",
        Json.object().put("export", "o.csv"));
    assertThat(Files.readString(folder.resolve("o.csv")))
        .isEqualTo("\"name\"\r\n\"" + unescaped(cell) + "\"\r\n");
  }

  private static String unescaped(String text) {
    return text.replace("\\t", "\t").replace("\\n", "\n");
  }

  @Test
  void csvBeginsWithTheUtf8MarkOnRequest() throws Exception {
    FakeClerk clerk = FakeClerk.answering("{\"data\":[{\"id\":\"org_1\"}],\"total_count\":1}");
    Map<String, String> settings = new HashMap<>(exports());
    settings.put("CLERK_MCP_EXPORT_BOM", "true");
    ToolRegistry tools = tools(clerk.client(), settings);
    for (String name : List.of("o.csv", "o.jsonl")) {
      ToolCaller.call(tools, "clerk_organizations_list", Json.object().put("export", name));
    }
    assertThat(Files.readString(folder.resolve("o.csv")))
        .isEqualTo("\uFEFF\"id\"\r\n\"org_1\"\r\n");
    assertThat(Files.readString(folder.resolve("o.jsonl"))).isEqualTo("{\"id\":\"org_1\"}\n");
  }

  /** Unless another process is still writing it. */
  @Test
  void unfinishedExportOfAKilledProcessIsRemovedAtTheNextStart() throws Exception {
    Path left = Files.writeString(folder.resolve(".export-1.unfinished"), "{}");
    Path other = Files.writeString(folder.resolve("notes.unfinished"), "mine");
    Path used = Files.writeString(folder.resolve(".export-2.unfinished"), "{}");
    try (FileChannel channel = FileChannel.open(used, StandardOpenOption.WRITE)) {
      assertThat(channel.lock()).isNotNull();
      ServerConfig.from(exports());
      assertThat(left).doesNotExist();
      assertThat(used).exists();
    }
    ServerConfig.from(exports());
    assertThat(used).doesNotExist();
    assertThat(other).exists();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "o.jsonl | {\"id\":\"org_1\",\"name\":\"a\\ud83db\"}",
        "o.csv   | \"org_1\",\"a\\ud83db\"",
      })
  void loneSurrogateIsExportedAsEscape(String name, String row) throws Exception {
    FakeClerk clerk =
        FakeClerk.answering(
            "{\"data\":[{\"id\":\"org_1\",\"name\":\"a\\ud83db\"}],\"total_count\":1}");
    ToolResult result =
        ToolCaller.call(
            tools(clerk.client(), exports()),
            "clerk_organizations_list",
            Json.object().put("export", name));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(Files.readString(folder.resolve(name)).lines()).endsWith(row);
  }

  @Test
  void loneSurrogateIsSentToClerkAsEscape() throws Exception {
    FakeClerk clerk = FakeClerk.answering("{\"id\":\"org_1\"}");
    ToolCaller.call(
        tools(clerk.client(), Map.of()),
        "clerk_organization_create",
        Json.object().put("name", "a\uD83Db"));
    assertThat(clerk.requests()).containsExactly("POST /organizations\n{\"name\":\"a\\ud83db\"}");
  }

  /** Persian needs the non-joiner within a word, and the joiner makes one emoji of two. */
  @Test
  void neededJoinersAreStoredAndAnsweredUnchanged() throws Exception {
    String name = "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645 \uD83D\uDC69\u200D\uD83D\uDCBB";
    SandboxCalls stored = SandboxCalls.withDefaults(1);
    ToolRegistry tools = tools(stored.client(), Map.of());
    ObjectNode person = Json.object().put("first_name", name).put("username", "persian");
    person.put("skip_password_requirement", true);
    person.putObject("public_metadata").put(name, name);
    JsonNode created = Json.read(ToolCaller.call(tools, "clerk_user_create", person).json());
    ObjectNode all = Json.object().set("user_id", created.path("id"));
    ToolResult result = ToolCaller.call(tools, "clerk_user_get", all.put("fields", "*"));
    JsonNode sent = stored.ok("GET /users/" + created.path("id").asText());
    for (JsonNode user : List.of(sent, Json.read(result.json()), Json.read(result.text()))) {
      assertThat(user.path("first_name").asText()).isEqualTo(name);
      assertThat(user.path("public_metadata").path(name).asText()).isEqualTo(name);
    }
  }

  @Test
  void csvHasColumnsForPaths() throws Exception {
    FakeClerk clerk =
        FakeClerk.answering(
            "{\"data\":[{\"id\":\"org_1\",\"public_metadata\":{\"plan\":\"pro\",\"seats\":3,\"x\":1},"
                + "\"lists\":[{\"a\":\"1\"},{\"a\":\"2\",\"b\":[\"3\"]}]},{\"id\":\"org_2\"}],"
                + "\"total_count\":2}");
    ObjectNode arguments = Json.object().put("export", "o.csv");
    for (String path : List.of("public_metadata.plan", "lists[].a", "public_metadata.seats")) {
      arguments.withArray("/fields").add(path);
    }
    ToolCaller.call(tools(clerk.client(), exports()), "clerk_organizations_list", arguments);
    assertThat(Files.readString(folder.resolve("o.csv")))
        .isEqualTo(
            """
            "public_metadata.plan","public_metadata.seats","lists.a"\r
            "pro","3","1 2"\r
            "","",""\r
            """);
  }

  @Test
  void exportOfHundredThousandRowsTakesLittleMemory() throws Exception {
    FakeClerk clerk = FakeClerk.answering(pages(100_000));
    ToolRegistry tools = tools(clerk.client(), exports());
    System.gc();
    long before = used();
    ToolResult result =
        ToolCaller.call(tools, "clerk_organizations_list", Json.object().put("export", "many.csv"));
    clerk.forget();
    System.gc();
    assertThat(Json.read(result.json()).path("rows").asInt()).isEqualTo(100_000);
    assertThat(used() - before).as("bytes that are kept").isLessThan(8_000_000);
    try (Stream<String> lines = Files.lines(folder.resolve("many.csv"))) {
      assertThat(lines.count()).isEqualTo(100_001);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "../out.csv, must be a file name",
    "/elsewhere/out.csv, must be a file name",
    "a/b.csv, must be a file name",
    ".hidden.csv, must be a file name",
    "users.txt, must be a file name",
    "there.csv, already exists",
    "link.csv, already exists",
  })
  void exportOutsideItsFolderIsRejected(String name, String problem) throws Exception {
    Files.writeString(folder.resolve("there.csv"), "mine");
    Files.createSymbolicLink(folder.resolve("link.csv"), folder.resolve("nowhere"));
    FakeClerk clerk = FakeClerk.answering(pages(10));
    ToolResult result =
        ToolCaller.call(
            tools(clerk.client(), exports()),
            "clerk_organizations_list",
            Json.object().put("export", name));
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("\"name\":\"export\"").contains(problem);
    assertThat(clerk.requests()).isEmpty();
    assertThat(files()).containsExactlyInAnyOrder("there.csv", "link.csv");
    assertThat(Files.readString(folder.resolve("there.csv"))).isEqualTo("mine");
  }

  @Test
  void exportRequiresFolderSetting() throws Exception {
    ToolResult result =
        ToolCaller.call(
            tools(sandbox, Map.of()), "clerk_users_list", Json.object().put("export", "users.csv"));
    assertThat(result.json()).contains("export_off").contains("CLERK_MCP_EXPORT_DIR");
  }

  @Test
  void failedExportLeavesNoFile() throws Exception {
    Function<String, Answer> pages = pages(2_000);
    FakeClerk clerk =
        FakeClerk.answering(
            request ->
                request.contains("offset=1000") ? Answer.error(403, "no") : pages.apply(request));
    ToolResult result =
        ToolCaller.call(
            tools(clerk.client(), exports()),
            "clerk_organizations_list",
            Json.object().put("export", "o.csv"));
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("403");
    assertThat(files()).isEmpty();
  }

  @Test
  void exportMasksPersonalData() throws Exception {
    Map<String, String> masking = new HashMap<>(exports());
    masking.put("CLERK_MCP_PII", "mask");
    ToolCaller.call(
        tools(sandbox, masking), "clerk_users_list", Json.object().put("export", "u.csv"));
    assertThat(Files.readString(folder.resolve("u.csv")))
        .contains("***@example.com")
        .doesNotContainPattern("[a-z]{3,}@example.com");
  }

  @Test
  void hundredUsersCostFewTokens() throws Exception {
    ToolResult result =
        ToolCaller.call(
            tools(sandbox, Map.of()), "clerk_users_list", Json.object().put("limit", 100));
    assertThat(ToolCaller.tokens(result)).isLessThanOrEqualTo(8_000);
    assertThat(Json.read(result.json()).path("data")).hasSize(100);
  }

  private Map<String, String> exports() {
    return Map.of("CLERK_MCP_EXPORT_DIR", folder.toString());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static long used() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** Answers with this number of organizations in pages. */
  private static Function<String, Answer> pages(int total) {
    return request -> {
      int limit = number(request, "limit=", 10);
      int offset = number(request, "offset=", 0);
      String organization =
          "{\"object\":\"organization\",\"id\":\"org_%d\",\"name\":\"Organization\"}";
      String rows = rows(organization, offset, Math.min(total, offset + limit));
      return new Answer(200, "{\"data\":%s,\"total_count\":%s}".formatted(rows, total));
    };
  }

  private static int number(String request, String name, int otherwise) {
    int at = request.indexOf(name);
    return at < 0
        ? otherwise
        : Integer.parseInt(request.substring(at + name.length()).split("\\D", 2)[0]);
  }

  private static String rows(String form, int from, int to) {
    List<String> rows = new ArrayList<>();
    for (int i = from; i < to; i++) {
      rows.add(form.formatted(i));
    }
    return "[" + String.join(",", rows) + "]";
  }

  /** Lists all organizations in one answer. */
  private static ToolResult listAll(FakeClerk clerk) throws ConfigException {
    return ToolCaller.call(
        tools(clerk.client(), Map.of("CLERK_MCP_MAX_RESULT_TOKENS", "1000000")),
        "clerk_organizations_list",
        Json.object().put("all", true));
  }

  private static ToolRegistry tools(ClerkClient clerk, Map<String, String> settings)
      throws ConfigException {
    return ToolModule.registry(
        ClerkInstances.of(clerk), new InterceptorFactory(ServerConfig.from(settings).safety()));
  }
}
