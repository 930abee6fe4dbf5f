package dev.clerkmcp.registry;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.Effect.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PartialUpdate;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests how arguments are converted, and the errors for invalid ones. In the tables, a single quote
 * stands for a double one.
 */
final class ArgumentsTest {
  private final FakeClerk clerk = FakeClerk.answering("{}");

  @ToolGroup(id = "things", description = "Things")
  private interface Things {
    @Tool(name = "clerk_things_count", title = "Count things", effect = READ)
    @Description("Count all things.")
    @Route("GET /things/count")
    JsonNode count();

    @Tool(name = "clerk_things_list", title = "List things", effect = READ)
    @Description("List things.")
    @Route("GET /things")
    JsonNode list(
        @Arg(value = "Owners", max = 3) @Nullable List<String> userId,
        @Arg(value = "Rows", min = 1, max = 500, clamped = true) @Nullable Integer limit);

    @Tool(name = "clerk_thing_create", title = "Create thing", effect = CREATE)
    @Description("Create a thing.")
    @Route("POST /boxes/{box_id}/things")
    JsonNode create(
        @Arg("Its box") String boxId,
        @Arg("Its name") @Nullable String name,
        @Arg(value = "How many", min = 1, max = 9) @Nullable Integer count,
        @Arg("Weight") @Nullable Double weight,
        @Arg("Works") @Nullable Boolean working,
        @Arg("Looks") @Nullable Color color,
        @Arg(value = "Labels", max = 3) @Nullable List<String> labels,
        @Arg("Anything") @Nullable ObjectNode metadata,
        @Arg("Who has it") @Nullable Person owner,
        @Arg("Who had it") @Nullable List<Person> formerOwners,
        @Arg(value = "Its code", min = 2, max = 8) @Nullable String code,
        @Arg(value = "Its parts", min = 1) @Nullable List<String> parts);

    @Tool(name = "clerk_thing_update", title = "Change thing", effect = UPDATE)
    @Description("Change a thing.")
    @Route("PATCH /things/{thing_id}")
    JsonNode update(
        @Arg("Which one") String thingId,
        @Arg(value = "Its note", clearable = true) @Nullable String note,
        @Arg("Its rank") @Nullable Long rank,
        PartialUpdate<Person> person);
  }

  private enum Color {
    @JsonProperty("dark-blue")
    DARK_BLUE,
    @JsonProperty("green")
    GREEN
  }

  private record Person(
      @Arg("Whom to write to") String emailAddress,
      @Arg(value = "First name", clearable = true) @Nullable String firstName,
      @Arg("Years") @Nullable Integer age) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                             | {}",
        "{'name':'5'}                   | {'name':'5'}",
        "{'count':5}                    | {'count':5}",
        "{'count':5.0}                  | {'count':5}",
        "{'count':'5'}                  | {'count':5}",
        "{'count':'5.0'}                | {'count':5}",
        "{'count':5e0}                  | {'count':5}",
        "{'weight':1.10}                | {'weight':1.10}",
        "{'weight':'-1.10'}             | {'weight':-1.10}",
        "{'weight':3}                   | {'weight':3}",
        "{'working':true}               | {'working':true}",
        "{'working':'TRUE'}             | {'working':true}",
        "{'working':'False'}            | {'working':false}",
        "{'color':'dark-blue'}          | {'color':'dark-blue'}",
        "{'color':'Dark-Blue'}          | {'color':'dark-blue'}",
        "{'labels':['a','b']}           | {'labels':['a','b']}",
        "{'labels':'a'}                 | {'labels':['a']}",
        "{'labels':'a,b'}               | {'labels':['a,b']}",
        "{'labels':'[a'}                | {'labels':['[a']}",
        "{'labels':[]}                  | {'labels':[]}",
        "{'metadata':{'Any key':[null,1.10,{}]}} | {'metadata':{'Any key':[null,1.10,{}]}}",
        "{'owner':{'email_address':'a@b.c','age':'7'}}"
            + " | {'owner':{'email_address':'a@b.c','age':7}}",
        "{'owner':{'email_address':'a@b.c','first_name':null}}"
            + " | {'owner':{'email_address':'a@b.c'}}",
        "{'former_owners':{'email_address':'a@b.c'}}"
            + " | {'former_owners':[{'email_address':'a@b.c'}]}",
        "{'name':null,'count':null,'labels':null,'metadata':null} | {}",
      })
  void argumentIsConverted(String given, String sent) throws IOException {
    ToolResult result = call("clerk_thing_create", inBox(given));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.notes()).isEmpty();
    assertThat(clerk.requests()).containsExactly("POST /boxes/box_1/things\n" + quoted(sent));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"\"", "\" , \""})
  void filterThatWouldVanishIsRefused(String userId) throws IOException {
    ObjectNode arguments = Json.object();
    arguments.set("user_id", Json.read(userId));
    assertRefused(
        call("clerk_things_list", arguments),
        "user_id",
        "must hold at least one value; without a filter, leave it out");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "labels        | ['a','b']",
        "labels        | []",
        "metadata      | {'a':{'b':[1.10,null]}}",
        "owner         | {'email_address':'a@b.c'}",
        "former_owners | [{'email_address':'a@b.c'},{'email_address':'d@e.f'}]",
      })
  void jsonInStringIsRead(String name, String json) throws IOException {
    ObjectNode arguments = Json.object().put("box_id", "box_1").put(name, quoted(json));
    assertThat(call("clerk_thing_create", arguments).isError()).isFalse();
    assertThat(clerk.requests())
        .containsExactly("POST /boxes/box_1/things\n{\"%s\":%s}".formatted(name, quoted(json)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                          | GET /things",
        "{'user_id':'user_1'}        | GET /things?user_id=user_1",
        "{'user_id':'-user_1, +user_2'} | GET /things?user_id=-user_1&user_id=%2Buser_2",
        "{'user_id':['user_1','a,b']} | GET /things?user_id=user_1&user_id=a%2Cb",
        "{'user_id':null,'limit':'2'} | GET /things?limit=2",
        "{'limit':[2]}               | GET /things?limit=2",
        "{'limit':500}               | GET /things?limit=500",
      })
  void queryArgumentIsConverted(String given, String request) throws IOException {
    ToolResult result = call("clerk_things_list", json(given));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.notes()).isEmpty();
    assertThat(clerk.requests()).containsExactly(request);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'clear':['note','first_name']} | {'note':null,'first_name':null}",
        "{'clear':'note','first_name':'A'} | {'note':null,'first_name':'A'}",
        "{'note':null,'first_name':null} | {}",
        "{'rank':null,'age':null}        | {}",
        "{}                              | {}",
      })
  void onlyClearSendsNull(String given, String sent) throws IOException {
    ObjectNode arguments = json(given).put("thing_id", "thing_1").put("email_address", "a@b.c");
    assertThat(call("clerk_thing_update", arguments).isError()).isFalse();
    ObjectNode body = json(sent).put("email_address", "a@b.c");
    assertThat(clerk.requests()).hasSize(1);
    String[] request = clerk.requests().get(0).split("\n", 2);
    assertThat(request[0]).isEqualTo("PATCH /things/thing_1");
    assertThat(Json.read(request[1])).isEqualTo(body);
  }

  @Test
  void notesNameConversions() throws IOException {
    assertThat(call("clerk_things_list", json("{'limit':1000,'userId':'user_1'}")).notes())
        .containsExactlyInAnyOrder(
            "limit was lowered from 1000 to 500, the maximum.", "userId was read as user_id.");
    assertThat(clerk.requests()).containsExactly("GET /things?user_id=user_1&limit=500");
  }

  @Test
  void nameWithinObjectIsConverted() throws IOException {
    ObjectNode arguments = inBox("{'formerOwners':[{'emailAddress':'a@b.c'}]}");
    assertThat(call("clerk_thing_create", arguments).notes())
        .containsExactlyInAnyOrder(
            "formerOwners was read as former_owners.",
            "former_owners[0].emailAddress was read as former_owners[0].email_address.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'name':5}           | name     | must be a string, not a number",
        "{'name':{}}          | name     | must be a string, not an object",
        "{'name':''}          | name     | must not be empty",
        "{'count':'five'}     | count    | must be a whole number, not a string",
        "{'count':true}       | count    | must be a whole number, not true or false",
        "{'count':''}         | count    | must be a whole number, not a string",
        "{'count':0}          | count    | must be from 1 to 9",
        "{'count':10}         | count    | must be from 1 to 9",
        "{'count':1e999999999} | count   | must be from 1 to 9",
        "{'count':12345678901234567890} | count | must be from 1 to 9",
        "{'weight':'1,5'}     | weight   | must be a number, not a string",
        "{'weight':[]}        | weight   | must be a number, not a list",
        "{'working':1}        | working  | must be true or false, not a number",
        "{'working':'yes'}    | working  | must be true or false, such as working=true",
        "{'color':'red'}      | color    | must be one of dark-blue, green",
        "{'color':'DARK_BLUE'} | color   | must be one of dark-blue, green",
        "{'color':1}          | color    | must be one of dark-blue, green",
        "{'color':['red']}    | color    | must be one of dark-blue, green",
        "{'color':['green','green']} | color | must be one of dark-blue, green",
        "{'name':['a','b']}   | name     | must be a string, not a list",
        "{'name':[]}          | name     | must be a string, not a list",
        "{'name':[['a']]}     | name     | must be a string, not a list",
        "{'name':[null]}      | name     | must be a string, not a list",
        "{'name':['']}        | name     | must not be empty",
        "{'labels':['a',1]}   | labels[1] | must be a string, not a number",
        "{'labels':[null]}    | labels[0] | must be a string, not null",
        "{'labels':[['a']]}   | labels[0] | must be a string, not a list",
        "{'labels':{}}        | labels[0] | must be a string, not an object",
        "{'labels':['a','b','c','d']} | labels | takes at most 3 items, not 4",
        "{'parts':[]} | parts | must not be empty",
        "{'code':'a'} | code | must have at least 2 characters, not 1",
        "{'code':'123456789'} | code | must have at most 8 characters, not 9",
        "{'metadata':'x'}     | metadata | must be an object, not a string",
        "{'metadata':[]}      | metadata | must be an object, not a list",
        "{'owner':'a@b.c'}    | owner    | must be an object, not a string",
        "{'owner':{}}         | owner.email_address | is required: Whom to write to",
        "{'owner':{'email_address':null}} | owner.email_address | is required: Whom to write to",
        "{'former_owners':[{'email_address':'a@b.c'},{'age':7}]} | former_owners[1].email_address"
            + " | is required: Whom to write to",
        "{'former_owners':[{'email_address':'a@b.c','mail':''}]} | former_owners[0].mail"
            + " | is not known; allowed are email_address, first_name, age",
        "{'former_owners':['a@b.c']} | former_owners[0] | must be an object, not a string",
        "{'boxId':'box_2'}    | box_id   | is given twice, as boxId too",
        "{'formerOwners':[],'former_owners':[]} | former_owners"
            + " | is given twice, as former_owners too",
      })
  void invalidArgumentIsRefused(String given, String name, String problem) throws IOException {
    assertRefused(call("clerk_thing_create", inBox(given)), name, problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t", ".", ".."})
  void argumentThatCannotStandInPathIsRefused(String boxId) {
    assertRefused(
        call("clerk_thing_create", Json.object().put("box_id", boxId)),
        "box_id",
        boxId.isBlank() ? "must not be empty" : "must not be " + boxId);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "'box_1'", "5", "true"})
  void argumentsMustBeAnObject(String arguments) throws IOException {
    assertRefused(
        call("clerk_things_count", Json.read(quoted(arguments))),
        "arguments",
        "must be an object with the arguments by name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}"})
  void argumentsCanBeOmitted(String arguments) throws IOException {
    assertThat(call("clerk_things_count", Json.read(arguments)).isError()).isFalse();
  }

  @Test
  void unknownArgumentErrorNamesAllowedArguments() throws IOException {
    assertRefused(
        call("clerk_things_count", json("{'limit':1}")),
        "limit",
        "is not known; allowed are fields");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cuont        | ; the nearest is count",
        "former_ownr  | ; the nearest is former_owners",
        "lable        | ; the nearest is labels",
        "boxid        | ; the nearest is box_id",
        "zzz          | ; allowed are box_id, name, count, weight, working, color, labels, metadata,"
            + " owner, former_owners, code, parts, dry_run",
      })
  void similarArgumentsAreNamedElseAll(String given, String nearest) {
    assertRefused(
        call("clerk_thing_create", Json.object().put("box_id", "box_1").put(given, "x")),
        given,
        "is not known" + nearest);
  }

  @Test
  void allProblemsAreReportedTogether() throws IOException {
    assertThat(call("clerk_thing_create", json("{'colour':'green','count':0,'labels':[1,'a',2]}")))
        .isEqualTo(
            new ToolResult(
                quoted(
                    "{'error':{'code':'invalid_arguments','arguments':["
                        + "{'name':'colour','problem':'is not known; the nearest is color'},"
                        + "{'name':'box_id','problem':'is required: Its box'},"
                        + "{'name':'count','problem':'must be from 1 to 9'},"
                        + "{'name':'labels[0]','problem':'must be a string, not a number'},"
                        + "{'name':'labels[2]','problem':'must be a string, not a number'}],"
                        + "'next':'Nothing was changed. Correct the arguments and call"
                        + " clerk_thing_create again.'}}"),
                true,
                List.of()));
    assertThat(clerk.requests()).isEmpty();
  }

  private void assertRefused(ToolResult result, String name, String problem) {
    assertThat(result.isError()).isTrue();
    assertThat(result.json())
        .contains(
            "\"arguments\":[" + Json.object().put("name", name).put("problem", problem) + "]");
    assertThat(clerk.requests()).isEmpty();
  }

  private ToolResult call(String name, JsonNode arguments) {
    ToolRegistryBuilder builder = new ToolRegistryBuilder();
    builder.addEndpoints(Things.class);
    ToolRegistry registry = builder.build(ClerkInstances.of(clerk.client()), Interceptors.none());
    ToolDefinition tool = Objects.requireNonNull(registry.find(name));
    return registry.call(tool, arguments, Invocation.current());
  }

  private static ObjectNode inBox(String given) throws IOException {
    return Json.object().put("box_id", "box_1").setAll(json(given));
  }

  private static ObjectNode json(String text) throws IOException {
    return (ObjectNode) Json.read(quoted(text));
  }

  private static String quoted(String text) {
    return text.replace('\'', '"');
  }
}
