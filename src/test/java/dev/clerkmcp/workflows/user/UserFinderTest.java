package dev.clerkmcp.workflows.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.TokenEstimate;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which users are found by which texts, and the brief answers. */
final class UserFinderTest {
  private static final String JANE =
      "{'id':'user_jane','username':'jane','external_id':'crm-1','first_name':'Jane','last_name':null,"
          + "'email_addresses':[{'id':'idn_0','email_address':'old@example.com',"
          + "'verification':{'status':'verified'}},"
          + "{'id':'idn_1','email_address':'jane@example.com','verification':{'status':'unverified'}}],"
          + "'primary_email_address_id':'idn_1','phone_numbers':[{'id':'idn_2',"
          + "'phone_number':'+15551234567'}],'web3_wallets':[],'banned':true,'locked':true,"
          + "'two_factor_enabled':true,'password_enabled':false,'last_sign_in_at':1767323045999}";

  @Test
  void candidateHasBriefForm() throws IOException {
    JsonNode answer = find(answering("[" + JANE + "]", "[]"), "jane@example.com");
    assertThat(answer)
        .isEqualTo(
            json(
                "{'candidates':[{'id':'user_jane','name':'Jane','email':'jane@example.com',"
                    + "'username':'jane','phone':'+15551234567','external_id':'crm-1',"
                    + "'last_sign_in_at':'2026-01-02T03:04:05Z','flags':['banned','locked','mfa',"
                    + "'no_password','unverified_email'],'matched':'email_address',"
                    + "'unverified':true}]}"));
  }

  @Test
  void missingFieldsAreOmitted() throws IOException {
    String user = "{'id':'user_1','username':null,'external_id':null,'last_sign_in_at':null}";
    assertThat(find(answering("[]", "[" + user + "]"), "x"))
        .isEqualTo(
            json(
                "{'candidates':[{'id':'user_1','flags':['never_signed_in'],"
                    + "'matched':'part of name or identifier'}]}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "user_jane         | id",
        "OLD@example.com   | email_address",
        "+1 555-123-4567   | phone_number",
        "JANE              | username",
        "crm-1             | external_id",
        "jan               | part of name",
        "jane              | username",
        "old@example.net   | part before @ in email_address",
        "5551              | part of phone_number",
        "crm               | part of external_id"
      })
  void candidateNamesTheMatchedField(String user, String matched) throws IOException {
    JsonNode answer = find(answering("[" + JANE + "]", "[" + JANE + "]"), user);
    assertThat(answer.path("candidates")).hasSize(1);
    assertThat(answer.at("/candidates/0/matched").asText()).isEqualTo(matched);
  }

  /** The family name may come first, as in many countries and lists. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Kofi Asante   | name",
        "KOFI asante   | name",
        "Asante Kofi   | name",
        "asante, kofi  | name",
        "Kofi Asant    | part of name",
        "ofi asante    | part of name",
        "ASANTE  K     | words of name",
      })
  void namesMatchInAnyOrder(String written, String matched) throws IOException {
    SandboxCalls sandbox = SandboxCalls.seeded(1, 20);
    JsonNode answer = read(call(sandbox.client(), written));
    assertThat(answer.path("candidates")).hasSize(1);
    assertThat(answer.at("/candidates/0/name").asText()).isEqualTo("Kofi Asante");
    assertThat(answer.at("/candidates/0/matched").asText()).isEqualTo(matched);
  }

  /** Whoever has another address may still be the one, and is never taken for a match. */
  @Test
  void unknownAddressLeadsToTheSameName() throws IOException {
    SandboxCalls sandbox = SandboxCalls.seeded(1, 20);
    JsonNode answer = read(call(sandbox.client(), "kofi.asante@unknown.example"));
    assertThat(answer.path("candidates").isEmpty()).isEqualTo(answer.has("similar_names"));
    JsonNode other = read(call(sandbox.client(), "asante+kofi@unknown.example"));
    assertThat(other.path("candidates")).isEmpty();
    assertThat(other.at("/similar_names/0/name").asText()).isEqualTo("Kofi Asante");
    assertThat(other.path("remedy").asText()).contains("ask the person before you take one");
    JsonNode nobody = read(call(sandbox.client(), "no.one@unknown.example"));
    assertThat(nobody.path("remedy").asText()).contains("none was found by the name no one");
  }

  /** Clerk lists the newest first, whoever has more of the text. */
  @Test
  void wholeNamesComeBeforeLongerOnes() throws IOException {
    JsonNode answer =
        find(
            answering(
                "[]",
                "[{'id':'user_2','first_name':'Ann','last_name':'Leeson'},"
                    + "{'id':'user_1','first_name':'Ann','last_name':'Lee'}]"),
            "ann lee");
    assertThat(answer.at("/candidates/0/id").asText()).isEqualTo("user_1");
    assertThat(answer.at("/candidates/0/matched").asText()).isEqualTo("name");
    assertThat(answer.at("/candidates/1/matched").asText()).isEqualTo("part of name");
  }

  /** Only the local part of an address is compared to names. */
  @Test
  void addressIsNoWholeName() throws IOException {
    String jane = JANE.replace("old@example.com", "x@example.com");
    JsonNode answer = find(answering("[]", "[" + jane + "]"), "jane@example.net");
    assertThat(answer.at("/candidates/0/matched").asText()).isEqualTo("part before @ in name");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"500 | {}", "403 | {}", "200 | null", "200 | {}", "200 | <html>"})
  void failedCountLeavesTheNumberOut(int status, String count) throws IOException {
    ArrayNode similar = Json.array();
    for (int i = 0; i < 11; i++) {
      similar.addObject().put("id", "user_" + i).put("username", "jane" + i);
    }
    FakeClerk clerk =
        FakeClerk.answering(
            request ->
                request.startsWith("GET /users/count")
                    ? new Answer(status, count)
                    : new Answer(200, request.contains("query=") ? similar.toString() : "[]"));
    ToolResult result = call(clerk.client(), "jane");
    JsonNode answer = read(result);
    assertThat(answer.path("candidates")).hasSize(10);
    assertThat(answer.path("has_more").asBoolean()).isTrue();
    assertThat(answer.has("more")).isFalse();
    assertThat(result.notes()).hasSize(1).first().asString().contains("in all is unknown");
  }

  @Test
  void exactMatchesAreFirstAndOthersAreCounted() throws IOException {
    ArrayNode similar = Json.array();
    for (int i = 0; i < 11; i++) {
      similar.addObject().put("id", "user_" + i).put("username", "jane" + i);
    }
    JsonNode answer = find(answering("[" + JANE + "]", similar.toString()), "jane");
    assertThat(answer.path("candidates")).hasSize(10);
    assertThat(answer.at("/candidates/0/id").asText()).isEqualTo("user_jane");
    assertThat(answer.at("/candidates/1/id").asText()).isEqualTo("user_0");
    assertThat(answer.path("has_more").asBoolean()).isTrue();
    assertThat(answer.path("more").asLong()).isEqualTo(33);
    assertThat(answer.path("remedy").asText()).contains("clerk_users_list");
  }

  @Test
  void noMatchIsNotAnError() throws IOException {
    JsonNode answer = find(answering("[]", "[]"), "x");
    assertThat(answer.path("candidates")).isEmpty();
    assertThat(answer.path("remedy").asText()).startsWith("No user matches");
  }

  @Test
  void unknownAddressPointsToInvitations() throws IOException {
    JsonNode answer = find(answering("[]", "[]"), "guest@example.com");
    assertThat(answer.path("remedy").asText())
        .contains("clerk_invitations_list", "clerk_instance_org_invitations_list");
  }

  @Test
  void clerksErrorIsPassedOn() {
    FakeClerk clerk = FakeClerk.answering(request -> Answer.error(401, "x"));
    assertThat(call(clerk.client(), "jane").isError()).isTrue();
    assertThat(clerk.requests()).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void usersOfTheSandboxAreFoundInFewTokens() throws IOException {
    SandboxCalls sandbox = SandboxCalls.seeded(1, 60);
    JsonNode user = sandbox.ok("GET /users?limit=1&offset=20").path(0);
    String email = user.at("/email_addresses/0/email_address").asText();
    JsonNode one = read(call(sandbox.client(), email));
    assertThat(one.path("candidates")).hasSize(1);
    assertThat(one.at("/candidates/0/id")).isEqualTo(user.path("id"));
    ToolResult many = call(sandbox.client(), "example.com");
    JsonNode answer = read(many);
    assertThat(answer.path("candidates")).hasSize(10);
    assertThat(answer.path("more").asInt()).isGreaterThan(20);
    assertThat(TokenEstimate.of(many.json())).isLessThan(1_200);
  }

  private static FakeClerk answering(String exact, String similar) {
    return FakeClerk.answering(
        request -> {
          if (request.startsWith("GET /users/count")) {
            return new Answer(200, "{\"total_count\":42}");
          }
          String users = request.contains("query=") ? similar : exact;
          return new Answer(200, users.replace('\'', '"'));
        });
  }

  private static JsonNode find(FakeClerk clerk, String user) throws IOException {
    return read(call(clerk.client(), user));
  }

  private static JsonNode read(ToolResult result) throws IOException {
    assertThat(result.isError()).as(result.json()).isFalse();
    return Json.read(result.json());
  }

  private static ToolResult call(ClerkClient clerk, String user) {
    ToolRegistry registry = ToolModule.registry(clerk);
    ObjectNode arguments = Json.object().put("user", user);
    return ToolCaller.call(registry, "clerk_user_find", arguments);
  }

  private static JsonNode json(String text) throws IOException {
    return Json.read(text.replace('\'', '"'));
  }
}
