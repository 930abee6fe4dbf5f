package dev.clerkmcp.interceptor.undo;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.ExampleArguments;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.Golden;
import dev.clerkmcp.TestCaller;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.Endpoint.Payload;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.PreparedRequest;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Makes every change in the sandbox as a client does, follows its undo plan as printed, and
 * compares all that the sandbox holds with the state before.
 */
final class UndoRoundTripTest {
  private static final Path TABLE = Path.of("src/test/resources/dev/clerkmcp/undo.tsv");

  /** Objects that belong to the process of a request and not to the state that people see. */
  private static final Set<String> TIMES = Set.of("updated_at");

  private static final List<Identifier> CONTACTS =
      List.of(Identifier.EMAIL_ADDRESS, Identifier.PHONE_NUMBER, Identifier.WEB3_WALLET);

  /** The sandbox adds these rows at the first change, whatever it is. */
  private static final Set<String> ADDED_BY_ANY_CHANGE = Set.of("+settings", "+template");

  /** What the composed tools do, in a sandbox with the objects of {@link #world}. */
  private static final Map<String, List<String>> COMPOSED =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(
                  "clerk_user_update",
                  List.of(
                      "{'user_id':'$ada','first_name':'Eve','last_name':null,'username':'eve9','external_id':'x1','public_metadata':{'plan':{'name':'free'},'new':1},'private_metadata':{'crm':null}}",
                      "{'user_id':'$ada','primary_email_address_id':'$older'}",
                      "{'user_id':'$ada','password':'a-Zq9!x7Rt2','sign_out_of_other_sessions':true}")),
              Map.entry(
                  "clerk_organization_update",
                  List.of(
                      "{'organization_id':'$acme','name':'Other','slug':'other','max_allowed_memberships':9,'public_metadata':{'tier':null}}")),
              Map.entry("clerk_instance_restrictions_get", List.of("{}")),
              Map.entry(
                  "clerk_allowlist_create",
                  List.of(
                      "{'identifier':'*@new.example'}",
                      "{'identifier':'new@example.com','notify':true}",
                      "{'identifier':'*@new.example','turn_on':true}")),
              Map.entry(
                  "clerk_blocklist_create",
                  List.of(
                      "{'identifier':'*@new.example'}",
                      "{'identifier':'*@new.example','turn_on':true}")),
              Map.entry(
                  "clerk_jwt_template_update",
                  List.of(
                      "{'template_id':'$template','claims':{'b':2}}",
                      "{'template_id':'$template','set_claims':{'b':2}}")),
              Map.entry(
                  "clerk_metadata_set",
                  List.of(
                      "{'user_id':'$ada','public_metadata':{'plan':{'seats':3}},'private_metadata':{'crm':{'id':8}},'remove':['public_metadata.tags']}",
                      "{'user_id':'$ada','mode':'replace','public_metadata':{'other':1},'private_metadata':{}}",
                      "{'organization_id':'$acme','mode':'replace','public_metadata':{'other':1}}")),
              Map.entry(
                  "clerk_org_onboard",
                  List.of(
                      "{'name':'New Inc','admin':'$ada','members':[{'email_address':'m@example.com'},{'email_address':'guest@elsewhere.example'}],'domain':'new.example'}")),
              Map.entry(
                  "clerk_user_change_email",
                  List.of(
                      "{'user_id':'$ada','email_address':'ccc@example.com','verified':true}",
                      "{'user_id':'$ada','email_address':'ccc@example.com','verified':true,'remove_old':true}",
                      "{'user_id':'$ada','email_address':'bbb@example.com','verified':true}",
                      "{'user_id':'$ada','email_address':'ccc@example.com','verified':false}")),
              Map.entry(
                  "clerk_user_offboard",
                  List.of("{'user_id':'$member'}", "{'user_id':'$member','delete':true}")),
              Map.entry("clerk_user_sessions_revoke", List.of("{'user_id':'$ada'}")),
              Map.entry(
                  "clerk_invitations_send_bulk",
                  List.of("{'emails':['x@elsewhere.example','y@elsewhere.example']}")),
              Map.entry(
                  "clerk_org_invitations_send_bulk",
                  List.of(
                      "{'organization_id':'$acme','emails':['x@elsewhere.example'],'role':'org:member'}"))));

  /** Single tools in states that no generated request has. */
  private static final List<List<String>> CASES =
      List.of(
          List.of(
              "clerk_email_address_create",
              "{'user_id':'$ada','email_address':'ccc@example.com','verified':true,'primary':true}"),
          List.of("clerk_email_address_update", "{'email_address_id':'$older','primary':true}"),
          List.of("clerk_email_address_delete", "{'email_address_id':'$primary'}"),
          List.of("clerk_email_address_delete", "{'email_address_id':'$older'}"),
          List.of(
              "clerk_user_email_address_replace",
              "{'user_id':'$ada','email_address':'only@example.com'}"),
          List.of("clerk_user_ban", "{'user_id':'$banned'}"),
          List.of("clerk_user_ban", "{'user_id':'$ada'}"),
          List.of("clerk_user_lock", "{'user_id':'$ada'}"),
          List.of("clerk_user_ban_bulk", "{'user_ids':['$ada','$banned']}"),
          List.of("clerk_user_unban_bulk", "{'user_ids':['$ada','$banned']}"),
          List.of("clerk_user_delete", "{'user_id':'$ada'}"),
          List.of("clerk_organization_delete", "{'organization_id':'$acme'}"),
          List.of("clerk_org_membership_delete", "{'organization_id':'$acme','user_id':'$member'}"),
          List.of(
              "clerk_org_membership_update",
              "{'organization_id':'$acme','user_id':'$member','role':'org:admin'}"),
          List.of(
              "clerk_user_metadata_replace",
              "{'user_id':'$ada','public_metadata':{},'private_metadata':{'z':1}}"),
          List.of(
              "clerk_user_metadata_update",
              "{'user_id':'$ada','public_metadata':{'fa':'\u0646\u200c\u0645'},'private_metadata':{'crm':{'id':9}}}"),
          // The plan cannot print these values as they are.
          List.of(
              "clerk_user_metadata_replace",
              "{'user_id':'$odd','public_metadata':{'plan':'free'}}"),
          List.of("clerk_user_delete", "{'user_id':'$odd'}"),
          List.of("clerk_user_update", "{'user_id':'$odd','last_name':'L'}"),
          List.of("clerk_org_membership_delete", "{'organization_id':'$acme','user_id':'$odd'}"));

  /** Characters that answers escape, in a key and in a value, and a text that answers cut. */
  private static final String ODD_METADATA =
      "{'\u202ekey':{'a':1},'jane@example.org':5,'note':'a\u202eb\u2028c','tag':'\udb40\udc41','long':'%s','many':{%s}}"
          .formatted(
              "x".repeat(3_000),
              IntStream.range(0, 150)
                  .mapToObj(i -> "'key%s':'value'".formatted(i))
                  .collect(joining(",")));

  @TempDir private Path folder;

  private final Map<String, String> ids = new TreeMap<>();
  private final SoftAssertions softly = new SoftAssertions();
  private int asked;

  /** The table has each tool and what its undo restores, calls, and reports as lost. */
  @Test
  void everyChangeIsUndoneOrSaysWhatIsLost() throws IOException {
    StringBuilder table = new StringBuilder("change\tcalls\tdiffers\tlost\n");
    for (ToolDefinition tool : ToolModule.registry(FakeClerk.answering("{}").client()).tools()) {
      if (!tool.effect().changes() || tool.isDiscovery()) {
        continue;
      }
      for (PreparedRequest request : requests(tool)) {
        table.append(undone(tool, request.arguments(), request.sandbox()));
      }
      List<String> composed = COMPOSED.getOrDefault(tool.name(), List.of());
      assertThat(tool.isComposed()).as(tool.name()).isEqualTo(!composed.isEmpty());
      for (String arguments : composed) {
        SandboxCalls sandbox = world();
        table.append(undone(tool, json(arguments), sandbox));
      }
    }
    for (List<String> each : CASES) {
      SandboxCalls sandbox = world();
      table.append(undone(find(each.get(0), sandbox), json(each.get(1)), sandbox));
    }
    softly.assertAll();
    assertThat(asked).isGreaterThan(100);
    Golden.assertMatches(TABLE, table.toString());
  }

  private static List<PreparedRequest> requests(ToolDefinition tool) {
    Endpoint endpoint = tool.endpoint();
    if (endpoint == null) {
      return List.of();
    }
    List<PreparedRequest> requests = PreparedRequest.full(endpoint);
    // Tools leave out what Clerk deprecates.
    requests.forEach(request -> request.arguments().retain(tool.argumentNames()));
    if (endpoint.payload() instanceof Payload.Form form) {
      String image = ExampleArguments.image().toString();
      requests.forEach(request -> request.arguments().put(form.imageArgument(), image));
    }
    return requests;
  }

  private ToolDefinition find(String tool, SandboxCalls sandbox) {
    return Objects.requireNonNull(tools(sandbox, Map.of()).find(tool), tool);
  }

  private ToolRegistry tools(SandboxCalls sandbox, Map<String, String> settings) {
    return ToolCaller.tools(sandbox.client(), folder, settings);
  }

  /** Makes the change and undoes it; returns its line of the table. */
  private String undone(ToolDefinition tool, ObjectNode arguments, SandboxCalls sandbox)
      throws IOException {
    String change = tool.name() + " " + String.join(",", names(arguments));
    ToolRegistry tools =
        tools(
            sandbox,
            Map.of(
                "CLERK_MCP_CONFIRM",
                "always",
                "CLERK_MCP_DEPRECATED",
                "true",
                "CLERK_MCP_UPLOAD_DIR",
                String.valueOf(ExampleArguments.image().getParent())));
    JsonNode before = state(sandbox);
    String foreseen = call(tools, tool.name(), arguments.deepCopy().put("dry_run", true)).json();
    assertThat(differences(before, state(sandbox))).as("dry run of %s", change).isEmpty();
    TestCaller person = TestCaller.agreeing();
    ToolResult result = ToolCaller.call(tools, tool.name(), arguments, person);
    softly.assertThat(result.isError()).as("%s %s: %s", change, arguments, result.json()).isFalse();
    String notes = String.join("\n", result.notes());

    JsonNode listed = Json.read(call(tools, "clerk_undo_plan", Json.object()).json());
    assertThat(listed.path("total_count").asInt()).as(change).isLessThanOrEqualTo(1);
    JsonNode plan =
        listed.path("total_count").asInt() == 1
            ? follow(tools, listed.path("changes").path(0).path("change").asText())
            : Json.object();
    Set<String> differences = differences(before, state(sandbox));
    boolean isLost = !plan.path("lost").isEmpty();
    if (!differences.isEmpty() && ADDED_BY_ANY_CHANGE.containsAll(differences)) {
      return undone(tool, arguments, sandbox); // now that the row is there
    }
    boolean creates = tool.effect() == Effect.CREATE && !arguments.has("turn_on");
    boolean isUndone = !isLost && !plan.path("calls").isEmpty();
    if (!isLost) {
      softly
          .assertThat(differences)
          .as("%s\n%s", change, plan)
          .allMatch(path -> isAnew(plan) && path.matches("\\w+\\.(id|created_at)"));
    }
    softly
        .assertThat(notes.contains("To undo:"))
        .as("to undo %s: %s", change, notes)
        .isEqualTo(isUndone);
    softly
        .assertThat(notes.contains("Lost:"))
        .as("lost by %s: %s", change, notes)
        .isEqualTo(!creates && isLost);
    softly
        .assertThat(foreseen.contains("cannot be undone"))
        .as("foreseen of %s: %s", change, foreseen)
        .isEqualTo(notes.contains("Lost:"));
    softly
        .assertThat(person.questions())
        .as("asked about %s", change)
        .allMatch(question -> question.contains("cannot be undone") == notes.contains("Lost:"));
    asked += person.questions().size();
    return String.join(
            "\t",
            change,
            String.join(" ", plan.path("calls").findValuesAsText("tool")),
            String.join(" ", differences),
            String.join(" ", texts(plan.path("lost"))))
        + "\n";
  }

  /** Whether the plan says that it creates an object which nobody knows by its ID. */
  private static boolean isAnew(JsonNode plan) {
    return plan.path("warnings").toString().contains("another ID and age");
  }

  /** Makes the calls of a plan as they are printed, and returns the plan. */
  private JsonNode follow(ToolRegistry tools, String change) throws IOException {
    ObjectNode arguments = Json.object().put("change", change);
    ToolResult printed = call(tools, "clerk_undo_plan", arguments);
    assertThat(printed.notes()).isEmpty();
    JsonNode plan = Json.read(printed.json());
    JsonNode page = plan;
    follow(tools, page);
    while (page.has("next")) {
      arguments.setAll((ObjectNode) page.path("next"));
      page = Json.read(call(tools, "clerk_undo_plan", arguments).json());
      follow(tools, page);
    }
    return plan;
  }

  private void follow(ToolRegistry tools, JsonNode plan) {
    for (JsonNode step : plan.path("calls")) {
      ToolResult result =
          call(tools, step.path("tool").asText(), (ObjectNode) step.path("arguments"));
      softly.assertThat(result.isError()).as("%s\n%s", plan, result.json()).isFalse();
    }
  }

  private static ToolResult call(ToolRegistry tools, String tool, ObjectNode arguments) {
    return ToolCaller.call(tools, tool, arguments, TestCaller.agreeing());
  }

  private static List<String> names(ObjectNode arguments) {
    List<String> names = new ArrayList<>();
    arguments.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
  }

  /** All objects, with the address or number itself in the place of a primary contact's ID. */
  private static JsonNode state(SandboxCalls sandbox) {
    JsonNode objects = sandbox.store().toJson().path("objects").deepCopy();
    Map<String, String> contacts = new TreeMap<>();
    for (JsonNode user : objects.path("user")) {
      for (Identifier kind : CONTACTS) {
        for (JsonNode contact : user.path(kind.userField())) {
          contacts.put(contact.path("id").asText(), contact.path(kind.field()).asText());
        }
        nameBy(contacts, user, "primary_%s_id".formatted(kind.field()));
      }
    }
    return objects;
  }

  private static void nameBy(Map<String, String> names, JsonNode object, String field) {
    String name = names.get(object.path(field).asText());
    if (name != null) {
      ((ObjectNode) object).put(field, name);
    }
  }

  /**
   * The fields that differ, as {@code user.first_name}; {@code -user} if one is missing. An object
   * that was created again is compared with the one that was deleted.
   */
  private static Set<String> differences(JsonNode before, JsonNode after) {
    Set<String> kinds = new TreeSet<>();
    before.fieldNames().forEachRemaining(kinds::add);
    after.fieldNames().forEachRemaining(kinds::add);
    Set<String> found = new TreeSet<>();
    for (String kind : kinds) {
      Map<String, JsonNode> was = byId(before.path(kind));
      Map<String, JsonNode> is = byId(after.path(kind));
      Set<String> both = new TreeSet<>(was.keySet());
      both.retainAll(is.keySet());
      both.forEach(id -> compare(kind, was.remove(id), is.remove(id), found));
      List<JsonNode> created = new ArrayList<>(is.values());
      for (JsonNode deleted : was.values()) {
        found.addAll(nearest(kind, deleted, created));
      }
      if (!created.isEmpty()) {
        found.add("+" + kind);
      }
    }
    return found;
  }

  /** The differences to the most similar of some objects, which is taken out of them. */
  private static Set<String> nearest(String kind, JsonNode deleted, List<JsonNode> created) {
    Set<String> least = Set.of("-" + kind);
    JsonNode nearest = null;
    for (JsonNode candidate : created) {
      Set<String> differences = new TreeSet<>();
      compare(kind, deleted, candidate, differences);
      if (nearest == null || differences.size() < least.size()) {
        least = differences;
        nearest = candidate;
      }
    }
    created.remove(nearest);
    return least;
  }

  private static Map<String, JsonNode> byId(JsonNode rows) {
    Map<String, JsonNode> byId = new TreeMap<>();
    rows.forEach(row -> byId.put(row.path("id").asText(), row));
    return byId;
  }

  private static void compare(String path, JsonNode was, JsonNode is, Set<String> found) {
    if (was.isObject() && is.isObject()) {
      Set<String> names = new TreeSet<>();
      was.fieldNames().forEachRemaining(names::add);
      is.fieldNames().forEachRemaining(names::add);
      names.removeAll(TIMES);
      if (path.equals("template")) {
        names.remove("created_at"); // of the row, which the sandbox removes with a revert
      }
      names.forEach(name -> compare(path + "." + name, was.path(name), is.path(name), found));
    } else if (was.isArray() && is.isArray() && was.size() == is.size()) {
      List<JsonNode> some = sorted(was);
      List<JsonNode> others = sorted(is);
      for (int i = 0; i < some.size(); i++) {
        compare(path, some.get(i), others.get(i), found);
      }
    } else if (!was.equals(is) && !(isNothing(was) && isNothing(is))) {
      found.add(path);
    }
  }

  private static boolean isNothing(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }

  /** The order of a user's addresses and numbers has no meaning. */
  private static List<JsonNode> sorted(JsonNode list) {
    return list.valueStream()
        .sorted(
            Comparator.comparing(
                item -> item.path("email_address").asText() + item.path("phone_number").asText()))
        .toList();
  }

  /** A sandbox with users in many states, an organization with members, and a JWT template. */
  private SandboxCalls world() {
    SandboxCalls sandbox = SandboxCalls.withDefaults(1);
    JsonNode ada =
        sandbox.ok(
            "POST /users",
            "{'email_address':['bbb@example.com','aaa@example.com'],'first_name':'Ada',"
                + "'last_name':'L','skip_password_requirement':true,"
                + "'public_metadata':{'plan':{'name':'pro'},'tags':['a'],'fa':'\u0645\u06cc\u200c\u062e'},"
                + "'private_metadata':{'crm':{'id':7}},'unsafe_metadata':{'theme':'red'}}");
    ids.put("$ada", ada.path("id").asText());
    ids.put("$older", ada.at("/email_addresses/0/id").asText());
    ids.put("$primary", ada.at("/email_addresses/1/id").asText());
    sandbox.ok("PATCH /email_addresses/" + ids.get("$primary"), "{'primary':true}");
    ids.put("$member", sandbox.createUser("m@example.com"));
    ids.put("$odd", sandbox.createUser("odd@example.com"));
    sandbox.ok("PATCH /users/" + ids.get("$odd"), "{'first_name':'None','last_name':'Null'}");
    sandbox.ok(
        "PATCH /users/%s/metadata".formatted(ids.get("$odd")),
        "{'public_metadata':%s}".formatted(ODD_METADATA));
    ids.put("$banned", sandbox.createUser("b@example.com"));
    sandbox.ok("POST /users/%s/ban".formatted(ids.get("$banned")));
    JsonNode acme =
        sandbox.ok(
            "POST /organizations",
            "{'name':'Acme','slug':'acme','created_by':'%s','public_metadata':{'tier':1},'private_metadata':{'x':1}}"
                .formatted(ids.get("$ada")));
    ids.put("$acme", acme.path("id").asText());
    String organization = "/organizations/" + ids.get("$acme");
    sandbox.ok(
        "POST " + organization + "/memberships",
        "{'user_id':'%s','role':'org:member','public_metadata':{'desk':4},'private_metadata':{'pay':1}}"
            .formatted(ids.get("$member")));
    sandbox.ok(
        "POST " + organization + "/memberships",
        "{'user_id':'%s','role':'org:member','public_metadata':{'note':'a\u202eb'}}"
            .formatted(ids.get("$odd")));
    sandbox.ok(
        "POST " + organization + "/invitations",
        "{'email_address':'guest@example.org','role':'org:member','inviter_user_id':'%s'}"
            .formatted(ids.get("$ada")));
    sandbox.ok("POST " + organization + "/domains", "{'name':'acme.example'}");
    sandbox.ok("POST /sessions", "{'user_id':'%s'}".formatted(ids.get("$ada")));
    sandbox.ok("POST /sessions", "{'user_id':'%s'}".formatted(ids.get("$member")));
    ids.put(
        "$template",
        sandbox
            .ok("POST /jwt_templates", "{'name':'t','claims':{'a':1},'lifetime':60}")
            .path("id")
            .asText());
    return sandbox;
  }

  private ObjectNode json(String text) throws IOException {
    String json = text.replace('\'', '"');
    for (Map.Entry<String, String> id : ids.entrySet()) {
      json = json.replace("\"" + id.getKey() + "\"", "\"" + id.getValue() + "\"");
    }
    return (ObjectNode) Json.read(json);
  }

  /** Private metadata and masked people are restored through references to the record. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "clerk_user_update {'user_id':'$ada','first_name':'Eve','private_metadata':{'crm':null}}",
        "clerk_user_metadata_replace {'user_id':'$odd','public_metadata':{}}",
        "clerk_user_update {'user_id':'$ada','first_name':'Eve','username':'eve9'}",
        "clerk_organization_delete {'organization_id':'$acme'}",
        "clerk_user_delete {'user_id':'$ada'}",
        "clerk_email_address_delete {'email_address_id':'$primary'}"
      })
  void hiddenValuesAreRestoredByReference(String change) throws IOException {
    SandboxCalls sandbox = world();
    Map<String, String> settings =
        Map.of(
            "CLERK_MCP_PII", "mask", "CLERK_MCP_AUDIT_LOG", folder.resolve("log.jsonl").toString());
    ToolRegistry tools = tools(sandbox, settings);
    JsonNode before = state(sandbox);
    String[] words = change.split(" ", 2);
    ToolResult result = call(tools, words[0], json(words[1]));
    assertThat(result.isError()).as(result.json()).isFalse();
    // Another process finds the values in the audit log.
    ToolRegistry later = tools(sandbox, settings);
    JsonNode listed = Json.read(call(later, "clerk_undo_plan", Json.object()).json());
    JsonNode plan = follow(later, listed.path("changes").path(0).path("change").asText());
    assertThat(plan.toString()).contains("from_change").doesNotContain("crm", "Ada", "hidden");
    softly.assertAll();
    assertThat(differences(before, state(sandbox)))
        .noneMatch(field -> field.matches(".*(metadata.*|first_name|role|\\.email_address)"));
  }

  /** The length or digest of a hidden value would confirm a guess at it. */
  @Test
  void recordedValueIsNotMeasured() throws IOException {
    ToolRegistry tools = tools(world(), Map.of());
    call(
        tools,
        "clerk_user_metadata_update",
        json("{'user_id':'$ada','private_metadata':{'crm':null}}"));
    JsonNode listed = Json.read(call(tools, "clerk_undo_plan", Json.object()).json());
    ObjectNode of = Json.object().set("change", listed.at("/changes/0/change"));
    JsonNode step = Json.read(call(tools, "clerk_undo_plan", of).json()).at("/calls/0");
    ObjectNode arguments = step.path("arguments").deepCopy();
    String plan = call(tools, step.path("tool").asText(), arguments.put("dry_run", true)).json();
    assertThat(plan).contains("as recorded").doesNotContain("sha256", "SHA-256", "characters");
  }

  /** A model must not write a recorded value to another place. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          clerk_user_update | {'user_id':'$member','private_metadata':{'from_change':'%s/1'}}
          clerk_user_metadata_update | {'user_id':'$member','private_metadata':{'from_change':'%s/1'}}
          clerk_user_metadata_update | {'user_id':'$ada','public_metadata':{'from_change':'%s/1'}}
          clerk_user_metadata_update | {'user_id':'$ada','private_metadata':{'from_change':'%s/0'}}
          clerk_user_metadata_update | {'user_id':'$ada','private_metadata':{'from_change':'%s/2'}}
          clerk_user_metadata_update | {'user_id':'$ada','private_metadata':{'from_change':'chg_unknown/1'}}
          """)
  void referenceIsValidOnlyAsPlanned(String tool, String arguments) throws IOException {
    SandboxCalls sandbox = world();
    ToolRegistry tools = tools(sandbox, Map.of());
    call(
        tools,
        "clerk_user_metadata_update",
        json("{'user_id':'$ada','private_metadata':{'crm':null}}"));
    String id =
        Json.read(call(tools, "clerk_undo_plan", Json.object()).json())
            .at("/changes/0/change")
            .asText();
    JsonNode before = state(sandbox);
    ToolResult result = call(tools, tool, json(arguments.replace("%s", id)));
    assertThat(result.json()).contains("not_as_planned");
    assertThat(differences(before, state(sandbox))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          clerk_user_offboard | {'user_id':'$member'} | m@example.com
          clerk_org_onboard | {'name':'New Inc','admin':'$ada','members':[{'email_address':'guest@elsewhere.example'}]} | New Inc
          clerk_org_membership_create | {'organization_id':'$acme','user_id':'$banned','role':'org:member'} | Acme
          clerk_user_create | {'email_address':['new@example.com'],'skip_password_requirement':true} | new@example.com
          """)
  void listNamesWhomOneChangeConcerns(String tool, String arguments, String named)
      throws IOException {
    SandboxCalls sandbox = world();
    ToolRegistry tools = tools(sandbox, Map.of());
    call(tools, tool, json(arguments));
    JsonNode listed = Json.read(call(tools, "clerk_undo_plan", Json.object()).json());
    assertThat(listed.path("total_count").asInt()).isEqualTo(1);
    assertThat(listed.at("/changes/0/target").asText()).contains(named);
  }

  /** A user who is created again must not be taken for the owner of a claimed address. */
  @Test
  void unverifiedAddressComesBackUnverified() throws IOException {
    SandboxCalls sandbox = world();
    String eve = sandbox.createUser("eve@evil.example");
    for (String claim :
        List.of(
            "email_addresses {'email_address':'ceo@client.example'",
            "phone_numbers {'phone_number':'+12015550123'")) {
      String[] parts = claim.split(" ", 2);
      sandbox.ok("POST /" + parts[0], parts[1] + ",'user_id':'%s'}".formatted(eve));
    }
    ToolRegistry tools = tools(sandbox, Map.of());
    call(tools, "clerk_user_delete", Json.object().put("user_id", eve));
    JsonNode changes = Json.read(call(tools, "clerk_undo_plan", Json.object()).json());
    follow(tools, changes.at("/changes/0/change").asText());
    softly.assertAll();
    JsonNode again = sandbox.ok("GET /users?email_address=eve@evil.example").path(0);
    assertThat(again.path("email_addresses")).hasSize(2);
    for (String list : List.of("email_addresses", "phone_numbers")) {
      for (JsonNode contact : again.path(list)) {
        assertThat(ClerkUser.isProven(contact))
            .as("%s", contact)
            .isEqualTo(contact.path("email_address").asText().startsWith("eve@"));
      }
    }
  }

  /** The answer holds the first calls, and says how to get the rest. */
  @Test
  void longPlanHasPages() throws IOException {
    SandboxCalls sandbox = world();
    String acme = ids.get("$acme");
    sandbox.ok("PATCH /organizations/" + acme, "{'max_allowed_memberships':0}");
    for (int i = 0; i < 120; i++) {
      sandbox.ok(
          "POST /organizations/%s/memberships".formatted(acme),
          "{'user_id':'%s','role':'org:member','public_metadata':{'note':'%s'}}"
              .formatted(sandbox.createUser("member%s@example.com".formatted(i)), "x".repeat(900)));
    }
    ToolRegistry tools = tools(sandbox, Map.of());
    call(tools, "clerk_organization_delete", json("{'organization_id':'$acme'}"));
    JsonNode listed = Json.read(call(tools, "clerk_undo_plan", Json.object()).json());
    JsonNode plan = follow(tools, listed.at("/changes/0/change").asText());
    softly.assertAll();
    assertThat(plan.path("calls")).hasSize(30);
    assertThat(plan.path("total_calls").asInt()).isEqualTo(126);
    assertThat(
            sandbox.ok("GET /organizations/acme?include_members_count=true").path("members_count"))
        .hasToString("123");
  }

  @Test
  void secretsWithinTextsAreReportedAsLost() throws IOException {
    SandboxCalls sandbox = world();
    ToolRegistry tools = tools(sandbox, Map.of());
    call(
        tools,
        "clerk_user_metadata_update",
        json(
            "{'user_id':'$ada','public_metadata':{'note':'use https://x.example/?ticket=abcdefghijklmnop now'}}"));
    call(
        tools,
        "clerk_user_metadata_replace",
        json("{'user_id':'$ada','public_metadata':{'note':'none'}}"));
    String id =
        Json.read(call(tools, "clerk_undo_plan", Json.object()).json())
            .at("/changes/0/change")
            .asText();
    JsonNode plan =
        Json.read(call(tools, "clerk_undo_plan", Json.object().put("change", id)).json());
    assertThat(plan.path("calls")).isEmpty();
    assertThat(plan.path("lost").toString())
        .contains("public_metadata.note contained a secret", "public_metadata is not set back");
  }
}
