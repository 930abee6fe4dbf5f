package dev.clerkmcp.interceptor.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.registry.View;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.tools.UserTools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which fields of an object are shown, and how the omitted ones are named. */
final class ViewRegistryTest {
  private static final ViewRegistry VIEWS = new ViewRegistry(views(UserTools.class));

  /** The first millisecond of June 2026. */
  private static final long JUNE = 1_780_272_000_000L;

  private static final String USER =
      """
      {"object":"user","id":"user_1","first_name":"Ada","last_name":null,"image_url":"https://x",
       "primary_email_address_id":"idn_2","password_enabled":false,"two_factor_enabled":true,
       "banned":false,"locked":true,"external_id":"","delete_self_enabled":false,"locale":"en",
       "email_addresses":[
         {"object":"email_address","id":"idn_1","email_address":"old@x.example",
          "verification":{"status":"verified"}},
         {"object":"email_address","id":"idn_2","email_address":"ada@x.example",
          "verification":null,"linked_to":[{"type":"oauth_google","id":"idn_3"}]}],
       "public_metadata":{"plan":null,"renews_at":1767225600000},"phone_numbers":[],
       "last_sign_in_at":null,"created_at":1767225600123}
      """;

  private static List<View> views(Class<?> tools) {
    return List.of(tools.getAnnotationsByType(View.class));
  }

  @Test
  void rowHasBriefFieldsAndFlags() throws Exception {
    assertThat(VIEWS.row(Json.read(USER), Json.object(), true))
        .hasToString(
            "{\"id\":\"user_1\",\"name\":\"Ada\",\"email\":\"ada@x.example\",\"external_id\":\"\","
                + "\"created_at\":\"2026-01-01\",\"flags\":[\"locked\",\"mfa\","
                + "\"no_password\",\"unverified_email\",\"never_signed_in\"]}");
  }

  /** A time is left out on the day of the one before it; times are milliseconds after 1 June. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0; 5; 5; '\"created_at\":\"2026-06-01\"}'",
        "0; 86399999; 0; '\"created_at\":\"2026-06-01\"}'",
        "0; 86400000; 86400000; '\"created_at\":\"2026-06-01\",\"last_sign_in_at\":\"2026-06-02\"}'",
        "0; 0; 86400000; '\"created_at\":\"2026-06-01\",\"last_active_at\":\"2026-06-02\"}'",
        "86400000; 0; 0; '\"created_at\":\"2026-06-02\",\"last_sign_in_at\":\"2026-06-01\"}'",
        "0; null; 0; '\"created_at\":\"2026-06-01\",\"last_active_at\":\"2026-06-01\","
            + "\"flags\":[\"never_signed_in\"]}'",
        "0; 86400000; null; '\"created_at\":\"2026-06-01\",\"last_sign_in_at\":\"2026-06-02\"}'",
      })
  void rowShowsDaysAndRepeatsNone(String created, String signedIn, String active, String shown)
      throws Exception {
    ObjectNode user = Json.object().put("object", "user").put("id", "user_1");
    putTime(user, "created_at", created);
    putTime(user, "last_sign_in_at", signedIn);
    putTime(user, "last_active_at", active);
    assertThat(VIEWS.row(user, Json.object(), true)).hasToString("{\"id\":\"user_1\"," + shown);
    if (!signedIn.equals("null")) {
      assertThat(VIEWS.alone(user).path("last_sign_in_at").asText()).matches("2026-06-0[12]T.*Z");
    }
  }

  private static void putTime(ObjectNode user, String field, String millis) throws Exception {
    JsonNode time = Json.read(millis);
    user.set(field, time.isNumber() ? LongNode.valueOf(JUNE + time.asLong()) : time);
  }

  @Test
  void metadataIsUnchanged() throws Exception {
    JsonNode shown = VIEWS.alone(Json.read(USER));
    assertThat(shown.path("public_metadata"))
        .hasToString("{\"plan\":null,\"renews_at\":1767225600000}");
    assertThat(shown.path("email_addresses")).hasSize(2);
    assertThat(shown.has("phone_numbers")).isFalse();
    assertThat(shown.toString()).doesNotContain("image_url");
  }

  @Test
  void deletedObjectIsMarked() throws Exception {
    JsonNode deleted = Json.read("{\"object\":\"user\",\"id\":\"user_1\",\"deleted\":true}");
    assertThat(VIEWS.alone(deleted)).hasToString("{\"id\":\"user_1\",\"deleted\":true}");
  }

  @ParameterizedTest
  @CsvSource({"google_account", "facebook_account"})
  void idThatDeletesAnAccountIsShown(String kind) throws Exception {
    JsonNode account =
        Json.read(
            "{\"object\":\"%s\",\"id\":\"idn_1\",\"external_account_id\":\"eac_1\",\"provider\":\"x\"}"
                .formatted(kind));
    assertThat(VIEWS.row(account, Json.object(), true))
        .hasToString("{\"external_account_id\":\"eac_1\",\"provider\":\"x\"}");
  }

  /** Google's account has two IDs, of which only one deletes it. */
  @Test
  void accountIsDeletedByTheIdThatIsShown(@TempDir Path folder) {
    SandboxCalls sandbox = SandboxCalls.seeded(1, 60);
    ToolRegistry tools = ToolCaller.tools(sandbox.client(), folder, Map.of());
    int deleted = 0;
    for (JsonNode user : sandbox.ok("GET /users?limit=60")) {
      ObjectNode arguments = Json.object().put("user_id", user.path("id").asText());
      JsonNode shown = ToolCaller.json(ToolCaller.call(tools, "clerk_user_get", arguments));
      for (JsonNode account : shown.path("external_accounts")) {
        String id = account.path("external_account_id").asText(account.path("id").asText());
        ToolResult result =
            ToolCaller.call(
                tools,
                "clerk_user_external_account_delete",
                arguments.put("external_account_id", id));
        assertThat(result.isError()).as("%s: %s", account, result.json()).isFalse();
        deleted += account.path("provider").asText().equals("oauth_google") ? 1 : 0;
      }
    }
    assertThat(deleted).as("Google accounts").isPositive();
  }

  @Test
  void rowOmitsTheRequestedObject() throws Exception {
    ViewRegistry members = new ViewRegistry(views(OrganizationMembershipTools.class));
    JsonNode member =
        Json.read(
            "{\"object\":\"organization_membership\",\"role\":\"org:admin\",\"organization\":"
                + "{\"id\":\"org_1\",\"name\":\"Acme\"},\"public_user_data\":"
                + "{\"user_id\":\"user_1\",\"identifier\":\"a@x.example\"}}");
    assertThat(members.row(member, Json.object().put("organization_id", "org_1"), true))
        .hasToString("{\"role\":\"org:admin\",\"user_id\":\"user_1\",\"email\":\"a@x.example\"}");
    assertThat(members.row(member, Json.object().put("user_id", "user_1"), true))
        .hasToString(
            "{\"role\":\"org:admin\",\"organization_id\":\"org_1\",\"organization\":\"Acme\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "created_at                    | {'id':'user_1','created_at':'2026-01-01T00:00:00Z'}",
        "email                         | {'id':'user_1','email':'ada@x.example'}",
        "flags                         | {'id':'user_1','flags':['locked','mfa','no_password',"
            + "'unverified_email','never_signed_in']}",
        "last_name                     | {'id':'user_1','last_name':null}",
        "public_metadata.plan          | {'id':'user_1','public_metadata':{'plan':null}}",
        "data[].public_metadata.plan   | {'id':'user_1','public_metadata':{'plan':null}}",
        "email_addresses.email_address | {'id':'user_1','email_addresses':"
            + "[{'email_address':'old@x.example'},{'email_address':'ada@x.example'}]}",
        "image_url                     | {'id':'user_1','image_url':'https://x'}",
        "nothing                       | {'id':'user_1'}",
      })
  void fieldIsFoundByNameOrPath(String field, String picked) throws Exception {
    JsonNode user = Json.read(USER);
    FieldSelection fields = FieldSelection.of(List.of(field));
    assertThat(fields.of(user, VIEWS.find(user))).hasToString(picked.replace('\'', '"'));
    assertThat(fields.missed().isEmpty()).isEqualTo(!field.equals("nothing"));
  }

  /** Each value in each kind of object must be available by its path. */
  @Test
  void whatIsLeftOutCanBeAskedFor() {
    List<View> views = new ArrayList<>();
    new ClassFileImporter()
        .importPackages("dev.clerkmcp.tools")
        .forEach(tools -> views.addAll(views(tools.reflect())));
    ViewRegistry all = new ViewRegistry(views);
    Set<String> unseen = new TreeSet<>();
    views.forEach(view -> unseen.add(view.of()));
    for (ObjectNode object : ExampleObjects.all()) {
      String kind = object.path("object").asText();
      unseen.remove(kind);
      for (String path : paths(object, "")) {
        FieldSelection fields = FieldSelection.of(List.of(path));
        JsonNode picked = fields.of(object, all.find(object));
        assertThat(fields.missed()).as(kind + " " + path).isEmpty();
        assertThat(values(picked, path)).as(kind + " " + path).isEqualTo(values(object, path));
      }
    }
    assertThat(unseen).as("views of what Clerk does not have").isEmpty();
  }

  /** The paths of all values, and of the objects and lists around them. */
  private static Set<String> paths(JsonNode value, String path) {
    Set<String> paths = new TreeSet<>();
    if (!path.isEmpty()) {
      paths.add(path);
    }
    if (value instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        String name = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
        paths.addAll(paths(field.getValue(), name));
      }
    } else if (value instanceof ArrayNode list) {
      list.forEach(item -> paths.addAll(paths(item, path)));
    }
    return paths;
  }

  /** The values at a path, with times as they are shown. */
  private static List<String> values(JsonNode object, String path) {
    List<JsonNode> found = List.of(object);
    String name = "";
    for (String word : path.split("\\.", -1)) {
      List<JsonNode> next = new ArrayList<>();
      for (JsonNode value : found) {
        if (value.isArray()) {
          value.forEach(item -> next.add(item.path(word)));
        } else {
          next.add(value.path(word));
        }
      }
      found = next;
      name = word;
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode value : found) {
      if (!value.isContainerNode() && !value.isMissingNode()) {
        texts.add(TimeFields.shown(name, value).toString());
      }
    }
    return texts;
  }
}
