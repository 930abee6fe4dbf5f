package dev.clerkmcp.interceptor.confirm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.TestCaller;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Names that strangers chose are masked wherever a plan has them, and marked as untrusted: in dry
 * runs, and in plans that come with a code.
 */
final class PlanNamesTest {
  /** Stands in the name of each user and organization. */
  private static final String NAME = "Zoltan";

  private final SandboxClerk clerk = new SandboxClerk(SandboxCalls.withDefaults(1));
  private final SandboxCalls sandbox = clerk.sandbox();
  private final List<String> users = new ArrayList<>();
  private String large = "";
  @TempDir private Path folder;

  /** The first user is an admin of 25 organizations; one of them has all 25 users. */
  @BeforeEach
  void create() {
    for (int i = 0; i < 25; i++) {
      users.add(
          created(
              "/users",
              ("{'first_name':'%s','last_name':'Number %s','username':'zoltan_%s',"
                      + "'public_metadata':{'role':'%s'},'email_address':['u%s@example.com'],"
                      + "'skip_password_requirement':true}")
                  .formatted(NAME, i, i, NAME, i)));
    }
    for (int i = 0; i < 25; i++) {
      String organization =
          created(
              "/organizations",
              "{'name':'%s %s','max_allowed_memberships':0,'created_by':'%s'}"
                  .formatted(NAME, i, users.get(0)));
      large = i == 0 ? organization : large;
    }
    for (String user : users.subList(1, 25)) {
      created(
          "/organizations/" + large + "/memberships",
          "{'user_id':'%s','role':'org:admin'}".formatted(user));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_user_update   | {'user_id':'FIRST','first_name':'Eve','username':'eve_1','public_metadata':{'role':'admin'}} | requests[].changes[].before,requests[].target",
        "clerk_user_ban_bulk | {'user_ids':[ALL]} | requests[].people",
        "clerk_user_offboard | {'user_id':'FIRST'} | requests[].also_lost,requests[].target,requests[].targets",
        "clerk_user_delete   | {'user_id':'FIRST'} | requests[].also_lost,requests[].target",
        "clerk_user_metadata_update | {'user_id':'FIRST','public_metadata':{'role':'admin'}} | requests[].changes[].before,requests[].target",
        "clerk_org_onboard   | {'name':'New','admin':'FIRST','max_allowed_memberships':0,'members':[MEMBERS]} | requests[].target,requests[].values[].targets",
        "clerk_org_membership_create | {'organization_id':'LARGE','user_id':'FIRST','role':'org:admin'} | requests[].target,warnings",
      })
  void namesAreMaskedAndMarked(String tool, String arguments, String places) {
    String call =
        arguments
            .replace("FIRST", users.get(0))
            .replace("ALL", "'" + String.join("','", users.subList(0, 12)) + "'")
            .replace("LARGE", large)
            .replace("MEMBERS", members());
    ToolResult dryRun = call(Map.of(), tool, call.replaceFirst("}$", ",'dry_run':true}"));
    ToolResult withCode = call(Map.of("CLERK_MCP_CONFIRM", "always"), tool, call);
    assertThat(named(ToolCaller.json(dryRun), "")).contains(places.split(",", -1));
    for (ToolResult result : List.of(dryRun, withCode)) {
      assertThat(marked(result)).containsAll(named(ToolCaller.json(result), ""));
    }
    Map<String, String> mask = Map.of("CLERK_MCP_PII", "mask");
    Map<String, String> maskAndAsk = Map.of("CLERK_MCP_PII", "mask", "CLERK_MCP_CONFIRM", "always");
    assertThat(call(mask, tool, call.replaceFirst("}$", ",'dry_run':true}")).toString())
        .contains("dry_run")
        .doesNotContain("Number", "zoltan_", "u0@");
    assertThat(call(maskAndAsk, tool, call).toString())
        .contains("confirmation_needed")
        .doesNotContain("Number", "zoltan_", "u0@");
    assertThat(clerk.changes()).isEmpty();
  }

  private static String members() {
    List<String> members = new ArrayList<>();
    for (int i = 1; i < 25; i++) {
      members.add(
          "{'email_address':'%s','role':'org:admin'}".formatted("u%s@example.com".formatted(i)));
    }
    return String.join(",", members);
  }

  /** The places of texts with the name, in the form of the marks. */
  private static Set<String> named(JsonNode value, String path) {
    Set<String> places = new TreeSet<>();
    if (value.isTextual() && value.textValue().contains(NAME)) {
      places.add(path.replaceFirst("\\[]$", ""));
    }
    if (value.isArray()) {
      value.forEach(item -> places.addAll(named(item, path + "[]")));
    }
    value
        .properties()
        .forEach(
            field ->
                places.addAll(
                    named(
                        field.getValue(),
                        path.isEmpty() ? field.getKey() : path + "." + field.getKey())));
    return places;
  }

  private static List<String> marked(ToolResult result) {
    Object marked = result.meta().get("dev.clerkmcp/untrusted");
    return marked instanceof List<?> paths
        ? paths.stream().map(String::valueOf).toList()
        : List.of();
  }

  private ToolResult call(Map<String, String> settings, String tool, String arguments) {
    clerk.forget();
    return ToolCaller.call(
        clerk.tools(folder, settings), tool, arguments, TestCaller.unableToAsk());
  }

  private String created(String path, String body) {
    return sandbox.ok("POST " + path, body).path("id").asText();
  }
}
