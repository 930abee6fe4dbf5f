package dev.clerkmcp.registry;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.Effect.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.Argument;
import dev.clerkmcp.registry.argument.PartialUpdate;
import dev.clerkmcp.registry.argument.Time;
import dev.clerkmcp.registry.argument.TimeType;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests what is sent for an argument that is a time, and its notes. In the tables, a single quote
 * stands for a double one.
 */
final class TimeArgumentsTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-21T14:00:00Z"));

  private final FakeClerk clerk = FakeClerk.answering("{}");

  @ToolGroup(id = "things", description = "Things")
  interface Things {
    @Tool(name = "clerk_things_list", title = "List things", effect = READ)
    @Description("List things.")
    @Route("GET /things")
    JsonNode list(PartialUpdate<Filter> filter);

    @Tool(name = "clerk_thing_create", title = "Create thing", effect = CREATE)
    @Description("Create a thing.")
    @Route("POST /things")
    JsonNode create(
        @Time @Arg(value = "Time", clearable = true) @Nullable String madeAt,
        @Time(ahead = true) @Arg("Time") @Nullable String endsAt,
        @Arg("Its parts") @Nullable List<Part> parts,
        Part part);
  }

  /** Which things to list. */
  record Filter(@Time @Arg("Time") @Nullable Long madeAtAfter) {}

  /** A part of a thing. */
  record Part(@Time @Arg("Time") @Nullable String addedAt) {}

  /** Workflows that pass their arguments on. */
  @ToolGroup(id = "more", description = "More")
  public static final class More {
    private final Things things;

    public More(Things things) {
      this.things = things;
    }

    @Tool(name = "clerk_things_search", title = "Search things", effect = READ)
    @Description("Search things.")
    public JsonNode search(PartialUpdate<Filter> filter, @Time @Arg("Time") @Nullable Long since) {
      ObjectNode wanted = filter.json().deepCopy();
      return things.list(
          new PartialUpdate<>(since == null ? wanted : wanted.put("made_at_after", since)));
    }

    @Tool(name = "clerk_thing_copy", title = "Copy thing", effect = UPDATE)
    @Description("Copy a thing.")
    public JsonNode copy(@Time @Arg("Time") String madeAt, Part part) {
      return things.create(madeAt, null, List.of(part), part);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1795269600000               | made_at_after: 1795269600000 was read as 2026-11-21T14:00:00Z.",
        "'1795269600000'             | made_at_after: 1795269600000 was read as 2026-11-21T14:00:00Z.",
        "'2026-11-21T15:00:00+01:00' | made_at_after: 2026-11-21T15:00:00+01:00 was read as 2026-11-21T14:00:00Z.",
        "'2026-11-21T14:00:00Z'      | ",
        "'2026-11-21T14:00'          | made_at_after: 2026-11-21T14:00 was read as 2026-11-21T14:00:00Z.",
        "' 0d'                       | made_at_after: 0d was read as 2026-11-21T14:00:00Z.",
      })
  void queryHasMilliseconds(String given, @Nullable String note) throws IOException {
    for (String tool : List.of("clerk_things_list", "clerk_things_search")) {
      ToolResult result = call(tool, "{'made_at_after':" + given + "}");
      assertThat(result.isError()).as(result.json()).isFalse();
      assertThat(result.notes()).isEqualTo(note == null ? List.of() : List.of(note));
      assertThat(clerk.requests()).containsExactly("GET /things?made_at_after=1795269600000");
      clerk.forget();
    }
  }

  @Test
  void monthIsItsFirstMoment() throws IOException {
    ToolResult result = call("clerk_things_list", "{'made_at_after':'2026-11'}");
    assertThat(result.notes())
        .containsExactly("made_at_after: 2026-11 was read as 2026-11-01T00:00:00Z.");
  }

  /** Nothing was made after a moment that is still to come. */
  @Test
  void laterTimeIsNoBeginning() throws IOException {
    ToolResult result = call("clerk_things_list", "{'made_at_after':'in 7d'}");
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("is in the future, so that nothing matches");
    assertThat(clerk.requests()).isEmpty();
  }

  @Test
  void workflowGetsMilliseconds() throws IOException {
    ToolResult result = call("clerk_things_search", "{'since':'90d'}");
    assertThat(clerk.requests()).containsExactly("GET /things?made_at_after=1787493600000");
    assertThat(result.notes()).containsExactly("since: 90d was read as 2026-08-23T14:00:00Z.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'made_at':1795269600000}               | {'made_at':'2026-11-21T14:00:00Z'}",
        "{'made_at':'2026-11-21T15:00:00+01:00'} | {'made_at':'2026-11-21T14:00:00Z'}",
        "{'clear':['made_at']}                   | {'made_at':null}",
        "{'added_at':'1795269600000'}            | {'added_at':'2026-11-21T14:00:00Z'}",
        "{'parts':{'added_at':1795269600000}}"
            + " | {'parts':[{'added_at':'2026-11-21T14:00:00Z'}]}",
      })
  void bodyHasText(String given, String sent) throws IOException {
    ToolResult result = call("clerk_thing_create", given);
    assertThat(result.notes())
        .allMatch(note -> note.endsWith(" was read as 2026-11-21T14:00:00Z."));
    assertThat(clerk.requests()).containsExactly("POST /things\n" + quoted(sent));
  }

  @Test
  void workflowPassesTextOn() throws IOException {
    ToolResult result =
        call("clerk_thing_copy", "{'made_at':'2026-11-21','added_at':1795269600000}");
    assertThat(result.notes())
        .containsExactly(
            "made_at: 2026-11-21 was read as 2026-11-21T00:00:00Z.",
            "added_at: 1795269600000 was read as 2026-11-21T14:00:00Z.");
    assertThat(clerk.requests()).hasSize(1);
    assertThat(Json.read(clerk.requests().get(0).split("\n", 2)[1]))
        .isEqualTo(
            json(
                "{'made_at':'2026-11-21T00:00:00Z','added_at':'2026-11-21T14:00:00Z',"
                    + "'parts':[{'added_at':'2026-11-21T14:00:00Z'}]}"));
  }

  @Test
  void noteOfChangeSaysHowToRepeatIt() throws IOException {
    ToolResult result = call("clerk_thing_create", "{'ends_at':'in 7d'}");
    assertThat(result.notes())
        .containsExactly(
            "ends_at: in 7d was read as 2026-11-28T14:00:00Z.",
            "A relative time is computed anew for each call: to repeat this one, give the computed"
                + " time.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'ends_at':'7d'}           | ends_at | must be in the future; for a span from now on write 'in 7d'",
        "{'ends_at':true}           | ends_at | (in 7d)",
        "{'made_at':'soon'}         | made_at | (90d)",
        "{'made_at':1795269600}     | made_at | not seconds: 1795269600000",
        "{'made_at':['2026-11-21','2026-11-22']} | made_at | must be a time",
        "{'parts':[{'added_at':''}]} | parts[0].added_at | must be a time",
      })
  void problemNamesTheArgument(String given, String name, String problem) throws IOException {
    JsonNode error = Json.read(call("clerk_thing_create", given).json()).at("/error/arguments/0");
    assertThat(error.path("name").asText()).isEqualTo(name);
    assertThat(error.path("problem").asText()).contains(problem);
    assertThat(clerk.requests()).isEmpty();
  }

  @Test
  void schemaTypeIsString() {
    assertThat(tool("clerk_things_list").arguments().schema().at("/properties/made_at_after"))
        .hasToString(quoted("{'type':'string','description':'Time'}"));
  }

  @Test
  void clerksValueBecomesAnArgument() {
    assertThat(tool("clerk_thing_create").toArgument("made_at", LongNode.valueOf(1795269600000L)))
        .isEqualTo(TextNode.valueOf("2026-11-21T14:00:00Z"));
    assertThat(tool("clerk_thing_create").toArgument("made_at", TextNode.valueOf("90d"))).isNull();
  }

  @Test
  void timeMustBeLongOrString() {
    @ToolGroup(id = "wrong", description = "Wrong")
    interface Wrong {
      @Tool(name = "clerk_wrong_list", title = "Wrong", effect = READ)
      @Description("Wrong.")
      @Route("GET /wrong")
      JsonNode list(@Time @Arg("Time") Double at);
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> new ToolRegistryBuilder().addEndpoints(Wrong.class))
        .withMessageStartingWith("Argument 'at' of ")
        .withMessageEndingWith(" is a @Time and must be a Long or a String");
  }

  /** Exactly these arguments of Clerk are times. */
  @Test
  void everyTimeIsDeclared() {
    List<String> undeclared = new ArrayList<>();
    List<String> declared = new ArrayList<>();
    for (ToolDefinition tool : ToolModule.registry(clerk.client()).tools()) {
      for (Argument argument : tool.arguments().all()) {
        boolean isTime = argument.type() instanceof TimeType;
        if (isTime) {
          declared.add(tool.name() + " " + argument.name());
        }
        if (isTime != argument.name().matches(".*_at(_before|_after|_since)?|extend_to|from|to")) {
          undeclared.add(tool.name() + " " + argument.name());
        }
      }
    }
    assertThat(undeclared).isEmpty();
    assertThat(declared)
        .contains(
            "clerk_billing_free_trial_extend extend_to",
            "clerk_org_memberships_list created_at_after",
            "clerk_organization_update created_at",
            "clerk_user_update legal_accepted_at",
            "clerk_users_count last_sign_in_at_before",
            "clerk_users_list last_active_at_after");
  }

  private ToolResult call(String name, String arguments) throws IOException {
    ToolDefinition tool = tool(name);
    return registry().call(tool, json(arguments), Invocation.current());
  }

  private ToolDefinition tool(String name) {
    return Objects.requireNonNull(registry().find(name));
  }

  private ToolRegistry registry() {
    ToolRegistryBuilder builder = new ToolRegistryBuilder();
    builder.addEndpoints(Things.class);
    builder.addComposed(More.class);
    return builder.build(
        ClerkInstances.of(
            new ClerkInstance("test", clerk.client(), false, ToolFilter.allowingAll(), CLOCK)),
        Interceptors.none());
  }

  private static ObjectNode json(String text) throws IOException {
    return (ObjectNode) Json.read(quoted(text));
  }

  private static String quoted(String text) {
    return text.replace('\'', '"');
  }
}
