package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that every tool that shows a user shows the same flags. */
final class UserFlagsTest {
  private static final String EMAIL =
      "'email_addresses':[{'id':'idn_1','object':'email_address','email_address':'a@x.example',"
          + "'verification':%s}],";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'status':'verified'}   | 'primary_email_address_id':'idn_1' | ['never_signed_in']",
        "{'status':'unverified'} | 'primary_email_address_id':'idn_1' | ['unverified_email','never_signed_in']",
        "null                    | 'primary_email_address_id':'idn_1' | ['unverified_email','never_signed_in']",
        "{'status':'unverified'} | 'primary_email_address_id':null    | ['unverified_email','never_signed_in']",
        "{'status':'verified'}   | 'deprovisioned':true,'banned':true,'locked':true,"
            + "'password_enabled':false,'two_factor_enabled':true     "
            + "| ['banned','locked','deprovisioned','mfa','no_password','never_signed_in']",
      })
  void allToolsShowTheSameFlags(String verification, String fields, String flags) throws Exception {
    String user =
        "{'id':'user_1','object':'user','username':'ada','last_sign_in_at':null,'created_at':1,"
            + EMAIL.formatted(verification)
            + fields
            + "}";
    JsonNode expected = Json.read(flags.replace('\'', '"'));
    ToolRegistry tools = tools(user);
    assertThat(call(tools, "clerk_users_list", "{}").at("/data/0/flags")).isEqualTo(expected);
    assertThat(call(tools, "clerk_user_get", "{'user_id':'user_1'}").path("flags"))
        .isEqualTo(expected);
    assertThat(call(tools, "clerk_user_find", "{'user':'ada'}").at("/candidates/0/flags"))
        .isEqualTo(expected);
    assertThat(call(tools, "clerk_user_overview", "{'user_id':'user_1'}").path("flags"))
        .isEqualTo(expected);
    JsonNode counts = call(tools, "clerk_security_report", "{}").path("counts");
    for (String flag : new String[] {"banned", "locked", "unverified_email", "never_signed_in"}) {
      assertThat(counts.path(flag).asInt()).as(flag).isEqualTo(flags.contains(flag) ? 1 : 0);
    }
  }

  private static JsonNode call(ToolRegistry tools, String tool, String arguments) throws Exception {
    ToolResult result = ToolCaller.call(tools, tool, arguments);
    assertThat(result.isError()).as(result.json()).isFalse();
    return Json.read(result.json());
  }

  private ToolRegistry tools(String user) {
    FakeClerk clerk =
        FakeClerk.answering(request -> new Answer(200, answer(request, user).replace('\'', '"')));
    return ToolCaller.tools(clerk.client(), folder, Map.of());
  }

  private static String answer(String request, String user) {
    if (request.equals("GET /users") || request.startsWith("GET /users?")) {
      return "[" + user + "]";
    }
    if (request.equals("GET /users/user_1")) {
      return user;
    }
    return request.startsWith("GET /users/count")
        ? "{'total_count':1}"
        : "{'data':[],'total_count':0}";
  }
}
