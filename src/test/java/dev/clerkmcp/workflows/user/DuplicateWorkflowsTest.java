package dev.clerkmcp.workflows.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which users are reported as duplicates, the reasons, and the steps of a merge. */
final class DuplicateWorkflowsTest {
  private static final String ADA =
      "{'id':'user_ada','first_name':'Ada','last_name':'Lovelace','created_at':1767225600000,"
          + "'last_sign_in_at':1767323045999,'email_addresses':[{'id':'idn_1',"
          + "'email_address':'ada.l@gmail.com',VERIFIED}],'primary_email_address_id':'idn_1',"
          + "'phone_numbers':[{'phone_number':'+15551234567',VERIFIED}],"
          + "'web3_wallets':[{'web3_wallet':'0xAbC0000000000000000000000000000000000001',VERIFIED}],"
          + "'external_accounts':[{'provider':'oauth_google','provider_user_id':'g-1',"
          + "'email_address':'ada@work.example',VERIFIED}]}";

  private final SandboxCalls sandbox = SandboxCalls.empty();
  private List<String> notes = List.of();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'email_addresses':[{'email_address':'a.dal+x@googlemail.com',VERIFIED}] | same_mailbox | strong",
        "'email_addresses':[{'email_address':'ADA.L@gmail.com',VERIFIED}] | same_email | strong",
        "'email_addresses':[{'email_address':'ada@work.example',VERIFIED}] | email_of_external_account | strong",
        "'phone_numbers':[{'phone_number':'+15551234567',VERIFIED}] | same_phone | strong",
        "'web3_wallets':[{'web3_wallet':'0xabc0000000000000000000000000000000000001',VERIFIED}] | same_wallet | strong",
        "'external_accounts':[{'provider':'oauth_google','provider_user_id':'g-1',VERIFIED}] | same_external_account | strong",
        "'first_name':'ADA','last_name':'Lovelace','email_addresses':[{'email_address':'adal@x.example',VERIFIED}] | same_local_part_and_name | medium",
        "'first_name':'Lovelace','last_name':'Áda' | same_name | weak"
      })
  void reasonIsNamed(String theirs, String reason, String likeness) throws IOException {
    FakeClerk clerk = knowing("{'id':'user_2',%s}".formatted(theirs));
    JsonNode candidate = report(clerk.client(), "user_ada").at("/candidates/0");
    assertThat(candidate.path("id").asText()).isEqualTo("user_2");
    assertThat(candidate.at("/reasons/0/reason").asText()).isEqualTo(reason);
    assertThat(candidate.path("likeness").asText()).isEqualTo(likeness);
  }

  /** Anyone can add another person's address or number to their own account. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'email_addresses':[{'email_address':'a.dal+x@googlemail.com'}] | same_mailbox",
        "'email_addresses':[{'email_address':'ADA.L@gmail.com','verification':null}] | same_email",
        "'email_addresses':[{'email_address':'ada@work.example'}] | email_of_external_account",
        "'external_accounts':[{'provider':'x','email_address':'ada.l@gmail.com'}] | email_of_external_account",
        "'email_addresses':[{'email_address':'ada.l@gmail.com'}],'external_accounts':[{'provider':'x','email_address':'ada.l@gmail.com',VERIFIED}] | same_email",
        "'phone_numbers':[{'phone_number':'+15551234567'}] | same_phone",
        "'web3_wallets':[{'web3_wallet':'0xabc0000000000000000000000000000000000001'}] | same_wallet",
        "'external_accounts':[{'provider':'oauth_google','provider_user_id':'g-1'}] | same_external_account",
        "'first_name':'ADA','last_name':'Lovelace','email_addresses':[{'email_address':'adal@x.example'}] | same_local_part_and_name",
      })
  void unverifiedMatchIsWeak(String theirs, String reason) throws IOException {
    FakeClerk clerk = knowing("{'id':'user_2',%s}".formatted(theirs));
    JsonNode candidate = report(clerk.client(), "user_ada").at("/candidates/0");
    assertThat(candidate.at("/reasons/0/reason").asText()).isEqualTo(reason);
    assertThat(candidate.at("/reasons/0/unverified").asBoolean()).isTrue();
    assertThat(candidate.path("likeness").asText()).isEqualTo("weak");
    assertThat(notes).anyMatch(note -> note.contains("a match is unverified"));
  }

  /** A verified account is not hidden by an unverified address of the same mailbox. */
  @Test
  void verifiedMatchCountsBesideUnverifiedOne() throws IOException {
    FakeClerk clerk =
        knowing(
            "{'id':'user_2','email_addresses':[{'email_address':'ada.l+x@gmail.com'}],"
                + "'external_accounts':[{'provider':'x','email_address':'ada.l@gmail.com',VERIFIED}]}");
    JsonNode candidate = report(clerk.client(), "user_ada").at("/candidates/0");
    assertThat(candidate.path("likeness").asText()).isEqualTo("strong");
    assertThat(candidate.path("reasons")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'first_name':'Ada','last_name':null",
        "'first_name':'Eve','last_name':'Lovelace'",
        "'email_addresses':[{'email_address':'ada.l@gmail.example'}]",
        "'external_accounts':[{'provider':'oauth_github','provider_user_id':'g-1'}]"
      })
  void userWhoOnlyMatchesTheFilterIsNoDuplicate(String theirs) throws IOException {
    JsonNode answer = report(knowing("{'id':'user_2',%s}".formatted(theirs)).client(), "user_ada");
    assertThat(answer.path("candidates")).isEmpty();
    assertThat(answer.path("remedy").asText()).startsWith("No similar user");
  }

  @Test
  void strongestMatchIsFirstAndEightAreCompared() throws IOException {
    List<String> others = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      others.add("{'id':'user_x%s','first_name':'Ada','last_name':'Lovelace'}".formatted(i));
    }
    others.add("{'id':'user_y','phone_numbers':[{'phone_number':'+15551234567',VERIFIED}]}");
    FakeClerk clerk = knowing(String.join(",", others));
    JsonNode answer = report(clerk.client(), "user_ada");
    assertThat(answer.path("candidates")).hasSize(8);
    assertThat(answer.at("/candidates/0/id").asText()).isEqualTo("user_y");
    assertThat(answer.at("/candidates/1/id").asText()).isEqualTo("user_x0");
    assertThat(answer.path("more").asInt()).isEqualTo(3);
    assertThat(clerk.requests()).hasSizeLessThan(30).allMatch(request -> request.startsWith("GET"));
  }

  @Test
  void reportListsWhatAMergeMoves() throws IOException {
    String lead = user("'email_address':['lead@acme.example']");
    String acme = organization("Acme", lead);
    String kept =
        user(
            "'email_address':['jane.doe@gmail.com'],'first_name':'Jane','last_name':'Doe',"
                + "'public_metadata':{'plan':'pro','theme':'dark'}");
    String other =
        user(
            "'email_address':['janedoe@gmail.com','jane@home.example'],"
                + "'phone_number':['+12015550123'],'username':'jane_d',"
                + "'public_metadata':{'plan':'free','vip':true},"
                + "'private_metadata':{'iban':'X'}");
    sandbox.ok(
        "POST /organizations/%s/memberships".formatted(acme),
        "{'user_id':'%s','role':'org:member'}".formatted(other));
    String before = sandbox.ok("GET /users?limit=500").toString();

    JsonNode answer = report(sandbox.client(), kept);

    JsonNode candidate = answer.at("/candidates/0");
    assertThat(answer.path("candidates")).hasSize(1);
    assertThat(candidate.path("id").asText()).isEqualTo(other);
    assertThat(candidate.path("reasons").toString())
        .isEqualTo("[{\"reason\":\"same_mailbox\",\"email\":\"janedoe@gmail.com\"}]");
    assertThat(candidate.at("/organizations/0/role").asText()).isEqualTo("org:member");
    assertThat(candidate.path("active_sessions").isIntegralNumber()).isTrue();
    assertThat(candidate.path("created_at").asText()).matches("\\d{4}-.*:\\d\\dZ");
    JsonNode merge = candidate.path("merge");
    assertThat(merge.path("keep").asText()).isEqualTo(kept);
    assertThat(merge.path("give_up").asText()).isEqualTo(other);
    assertThat(merge.path("steps"))
        .extracting(step -> step.path("tool").asText())
        .containsExactly(
            "clerk_org_membership_create",
            "clerk_metadata_set",
            "clerk_user_delete",
            "clerk_email_address_create",
            "clerk_phone_number_create",
            "clerk_user_update");
    assertThat(merge.at("/steps/0/rows/0/organization_id").asText()).isEqualTo(acme);
    assertThat(merge.at("/steps/1/copy").toString())
        .isEqualTo("[\"public_metadata.vip\",\"private_metadata (1 key)\"]");
    assertThat(merge.at("/steps/1/decide").toString()).isEqualTo("[\"public_metadata.plan\"]");
    assertThat(merge.at("/steps/3/rows").toString())
        .isEqualTo(
            "[{\"email_address\":\"jane@home.example\",\"verified\":false},"
                + "{\"email_address\":\"janedoe@gmail.com\",\"verified\":false}]");
    assertThat(merge.at("/steps/4/rows/0/verified").asBoolean()).isFalse();
    assertThat(merge.at("/steps/5/username").asText()).isEqualTo("jane_d");
    assertThat(answer.toString()).doesNotContain("iban");
    assertThat(notes).anyMatch(note -> note.contains("no merge"));
    assertThat(sandbox.ok("GET /users?limit=500")).hasToString(before);
  }

  @Test
  void stepsNameExistingTools() throws IOException {
    ToolRegistry tools = ToolModule.registry(sandbox.client());
    String theirs =
        "{'id':'user_2','username':'x','public_metadata':{'a':1},"
            + "'email_addresses':[{'email_address':'adal@gmail.com',VERIFIED}],"
            + "'phone_numbers':[{'phone_number':'+1555',VERIFIED}]}";
    JsonNode steps = report(knowing(theirs).client(), "user_ada").at("/candidates/0/merge/steps");
    assertThat(steps).hasSizeGreaterThan(4);
    assertThat(steps).allMatch(step -> tools.find(step.path("tool").asText()) != null);
  }

  /** The ban may be meant for the person, so the report says that the deletion ends it. */
  @Test
  void userInUseIsKeptRatherThanBannedOne() throws IOException {
    FakeClerk clerk =
        knowing(
            "{'id':'user_2','banned':true,'created_at':1,'last_sign_in_at':1893456000000,"
                + "'password_enabled':false,"
                + "'phone_numbers':[{'phone_number':'+15551234567',VERIFIED}]}");
    JsonNode candidate = report(clerk.client(), "user_ada").at("/candidates/0");
    assertThat(candidate.at("/merge/keep").asText()).isEqualTo("user_ada");
    assertThat(candidate.at("/merge/give_up").asText()).isEqualTo("user_2");
    assertThat(candidate.at("/merge/warnings/0").asText()).contains("the deletion ends the ban");
    assertThat(candidate.path("flags").toString()).contains("banned");
  }

  @Test
  void unverifiedContactsAreNotMoved() throws IOException {
    FakeClerk clerk =
        knowing(
            "{'id':'user_2','created_at':1893456000000,'email_addresses':"
                + "[{'email_address':'adal@gmail.com',VERIFIED},{'email_address':'eve@x.example'}],"
                + "'phone_numbers':[{'phone_number':'+15550000000','verification':null}]}");
    JsonNode merge = report(clerk.client(), "user_ada").at("/candidates/0/merge");
    assertThat(merge.path("give_up").asText()).isEqualTo("user_2");
    assertThat(merge.path("steps").toString())
        .contains("adal@gmail.com")
        .doesNotContain("eve@x.example", "+15550000000");
    assertThat(merge.path("cannot_be_moved").toString())
        .isEqualTo("[\"unverified_email_addresses\",\"unverified_phone_numbers\"]");
  }

  @ParameterizedTest
  @CsvSource({"401", "404", "429"})
  void clerksErrorIsPassedOn(int status) {
    FakeClerk clerk = FakeClerk.answering(request -> Answer.error(status, "x"));
    ToolResult result = call(clerk.client(), "user_ada");
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains(String.valueOf(status));
  }

  @Test
  void cancelledCallReadsNoFurther() {
    Invocation invocation = new Invocation(Runnable::run, Caller.UNKNOWN);
    FakeClerk clerk =
        FakeClerk.answering(
            request -> {
              if (request.contains("name_query")) {
                invocation.cancel();
              }
              return answer(
                  request, "{'id':'user_2','phone_numbers':[{'phone_number':'+15551234567'}]}");
            });
    assertThatThrownBy(() -> call(clerk.client(), "user_ada", invocation))
        .isInstanceOf(CancellationException.class);
    assertThat(clerk.requests()).noneMatch(request -> request.contains("organization_memberships"));
  }

  private static FakeClerk knowing(String others) {
    return FakeClerk.answering(request -> answer(request, others));
  }

  private static Answer answer(String request, String others) {
    String json =
        request.startsWith("GET /users/user_ada") && !request.contains("memberships")
            ? ADA
            : request.startsWith("GET /users?")
                ? "[" + ADA + "," + others + "]"
                : "{'data':[],'total_count':0}";
    String verified = "'verification':{'status':'verified'}";
    return new Answer(200, json.replace("VERIFIED", verified).replace('\'', '"'));
  }

  private String user(String fields) {
    return sandbox
        .ok("POST /users", "{%s,'skip_password_requirement':true}".formatted(fields))
        .path("id")
        .asText();
  }

  private String organization(String name, String leader) {
    return sandbox
        .ok("POST /organizations", "{'name':'%s','created_by':'%s'}".formatted(name, leader))
        .path("id")
        .asText();
  }

  private JsonNode report(ClerkClient clerk, String userId) throws IOException {
    ToolResult result = call(clerk, userId);
    assertThat(result.isError()).as(result.json()).isFalse();
    notes = result.notes();
    return Json.read(result.json());
  }

  private static ToolResult call(ClerkClient clerk, String userId) {
    return call(clerk, userId, new Invocation(Runnable::run, Caller.UNKNOWN));
  }

  private static ToolResult call(ClerkClient clerk, String userId, Invocation invocation) {
    ToolRegistry registry = ToolModule.registry(clerk);
    ObjectNode arguments = Json.object().put("user_id", userId);
    return ToolCaller.call(registry, "clerk_user_merge_report", arguments, invocation);
  }
}
