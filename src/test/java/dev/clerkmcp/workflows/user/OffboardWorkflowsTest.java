package dev.clerkmcp.workflows.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.registry.ToolResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests ending a user's access: each step, its failures, and the deletion at the end. */
final class OffboardWorkflowsTest {
  private static final String TOOL = "clerk_user_offboard";
  private static final String LAST_ADMIN = "organization_minimum_permissions_needed";

  private final SandboxClerk clerk = new SandboxClerk();
  private final String ada = user("ada@example.com", "Ada");
  private final String bob = user("bob@example.com", "Bob");
  private final String acme = organization("Acme", bob);
  @TempDir private Path folder;

  OffboardWorkflowsTest() {
    clerk
        .sandbox()
        .ok(
            "POST /organizations/" + acme + "/memberships",
            "{'user_id':'%s','role':'org:member'}".formatted(ada));
    session(ada);
    session(ada);
    session(bob);
    for (String address : List.of("ada@example.com", "ada@example.com.au")) {
      clerk
          .sandbox()
          .ok(
              "POST /invitations",
              "{'email_address':'%s','ignore_existing':true}".formatted(address));
    }
    clerk
        .sandbox()
        .ok(
            "POST /organizations/" + organization("Umbrella", bob) + "/invitations",
            "{'email_address':'ada@example.com','role':'org:member'}");
    clerk.sandbox().ok("POST /api_keys", "{'name':'script','subject':'%s'}".formatted(ada));
  }

  @Test
  void allAccessIsRevokedAndCounted() {
    JsonNode answer = offboard("{'user_id':'%s'}");
    assertThat(answer.path("user"))
        .hasToString(
            "{\"id\":\"%s\",\"name\":\"Ada\",\"email\":\"ada@example.com\"}".formatted(ada));
    assertThat(answer.path("steps"))
        .hasToString(
            ("[{'step':'ban','changed':[{'field':'banned','before':false,'after':true}]},"
                    + "{'step':'sessions','sessions_ended':2},"
                    + "{'step':'memberships','removed':1},{'step':'invitations','revoked':1},"
                    + "{'step':'organization_invitations','revoked':1},"
                    + "{'step':'api_keys','revoked':1}]")
                .replace('\'', '"'));
    assertThat(clerk.changes().get(0)).isEqualTo("POST /users/" + ada + "/ban");
    assertThat(clerk.changes()).hasSize(5).noneMatch(change -> change.startsWith("DELETE /users"));
    assertThat(clerk.sandbox().ok("GET /sessions?user_id=" + bob + "&status=active")).hasSize(1);
    assertThat(
            clerk.sandbox().ok("GET /invitations?status=pending").findValuesAsText("email_address"))
        .containsExactly("ada@example.com.au");
  }

  @Test
  void repeatedCallChangesNothing() {
    offboard("{'user_id':'%s'}");
    ToolResult again = call("{'user_id':'%s'}");
    assertThat(clerk.changes()).isEmpty();
    assertThat(again.notes()).containsExactly("Nothing was left to do; nothing was changed.");
    assertThat(ToolCaller.json(again).path("steps").toString())
        .contains("{\"step\":\"ban\",\"changed\":[]},{\"step\":\"sessions\",\"sessions_ended\":0}");
  }

  @Test
  void lastAdminIsReportedAndOtherStepsContinue() {
    String own = organization("Ada Ltd", ada);
    JsonNode answer = offboard("{'user_id':'%s','delete':true}");
    JsonNode step = answer.at("/steps/2");
    assertThat(step.path("removed").asInt()).isEqualTo(1);
    assertThat(step.path("failed")).hasSize(1);
    JsonNode failed = step.at("/failed/0");
    assertThat(failed.path("organization_id").asText()).isEqualTo(own);
    assertThat(failed.path("name").asText()).isEqualTo("Ada Ltd");
    assertThat(failed.path("status").asInt()).isEqualTo(400);
    assertThat(failed.path("code").asText()).isEqualTo(LAST_ADMIN);
    assertThat(failed.path("reason").asText()).isNotBlank();
    assertThat(failed.path("next").asText()).contains("clerk_org_membership_update");
    assertThat(answer.at("/steps/5/revoked").asInt()).isEqualTo(1);
    assertThat(answer.at("/steps/6/not_tried").asBoolean()).isTrue();
    assertThat(clerk.sandbox().ok("GET /users/" + ada).path("banned").asBoolean()).isTrue();
  }

  @Test
  void userIsDeletedAfterEverythingElse() {
    JsonNode answer = offboard("{'user_id':'%s','delete':true}");
    assertThat(answer.at("/steps/6")).hasToString("{\"step\":\"delete\",\"deleted\":true}");
    assertThat(clerk.changes()).last().isEqualTo("DELETE /users/" + ada);
    assertThat(clerk.sandbox().call("GET", "/users/" + ada).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "POST /users/, 403, not_allowed, 0",
    "GET /users/{user}/organization_memberships, 500, internal_error, 2",
    "POST /api_keys/, 422, form_param_invalid, 5"
  })
  void failedStepPreventsDeletion(String request, int status, String code, int step) {
    clerk.refuse(request.replace("{user}", ada), status, code);
    JsonNode answer = offboard("{'user_id':'%s','delete':true}");
    assertThat(answer.at("/steps/" + step + "/failed/0/status").asInt()).isEqualTo(status);
    assertThat(answer.at("/steps/" + step + "/failed/0/code").asText()).isEqualTo(code);
    assertThat(answer.at("/steps/6/not_tried").asBoolean()).isTrue();
    assertThat(answer.at("/steps/4/revoked").asInt()).as("goes on").isEqualTo(1);
    assertThat(clerk.sandbox().call("GET", "/users/" + ada).status()).isEqualTo(200);
  }

  @Test
  void sessionsLeftByTheBanAreRevoked() {
    clerk.refuse("POST /users/", 403, "not_allowed");
    JsonNode answer = offboard("{'user_id':'%s'}");
    assertThat(answer.at("/steps/1")).hasToString("{\"step\":\"sessions\",\"sessions_ended\":2}");
    assertThat(clerk.sandbox().ok("GET /sessions?user_id=" + ada + "&status=active")).isEmpty();
  }

  /** Clerk answers 402 if the plan lacks the feature, so the user has none of it. */
  @ParameterizedTest
  @CsvSource({"422, api_keys_not_enabled", "402, payment_required"})
  void disabledFeatureIsNoFailure(int status, String code) {
    clerk.refuse("GET /api_keys", status, code);
    JsonNode answer = offboard("{'user_id':'%s','delete':true}");
    assertThat(answer.at("/steps/5")).hasToString("{\"step\":\"api_keys\",\"switched_off\":true}");
    assertThat(answer.at("/steps/6/deleted").asBoolean()).isTrue();
  }

  /** Clerk refuses one operation for every item: its step ends, and the other steps go on. */
  @ParameterizedTest
  @CsvSource({"402, payment_required", "403, feature_not_enabled", "410, gone"})
  void refusedOperationEndsItsStepOnly(int status, String code) {
    clerk.sandbox().ok("POST /api_keys", "{'name':'other','subject':'%s'}".formatted(ada));
    organization("Ada Ltd", ada);
    clerk.refuse("DELETE /organizations/", status, code);
    ToolResult result = call("{'user_id':'%s','delete':true}");
    JsonNode steps = ToolCaller.json(result).path("steps");
    assertThat(steps.at("/2/failed")).hasSize(2);
    assertThat(steps.at("/2/failed/0/code").asText()).isEqualTo(code);
    assertThat(steps.at("/2/failed/1/not_tried").asBoolean()).isTrue();
    assertThat(steps.at("/5")).hasToString("{\"step\":\"api_keys\",\"revoked\":2}");
    assertThat(steps.at("/6/not_tried").asBoolean()).as("deletion").isTrue();
    assertThat(clerk.changes())
        .filteredOn(change -> change.startsWith("DELETE /organizations/"))
        .hasSize(1);
    assertThat(result.notes()).singleElement().asString().contains("call again");
  }

  /** Such as a membership that a directory manages: the others must still be removed. */
  @Test
  void unclearRefusalOfOneItemStrandsNoOther() {
    String managed = organization("Managed", bob);
    String last = organization("Last", bob);
    for (String organization : List.of(managed, last)) {
      clerk
          .sandbox()
          .ok(
              "POST /organizations/" + organization + "/memberships",
              "{'user_id':'%s','role':'org:member'}".formatted(ada));
    }
    clerk.refuse("DELETE /organizations/" + managed, 403, "managed_by_directory");
    JsonNode step =
        ToolCaller.json(callWithInterceptors("{'user_id':'%s','delete':true}")).at("/steps/2");
    assertThat(step.path("removed").asInt()).isEqualTo(2);
    assertThat(step.path("failed")).hasSize(1);
    assertThat(step.at("/failed/0/organization_id").asText()).isEqualTo(managed);
    assertThat(step.at("/failed/0/code").asText()).isEqualTo("managed_by_directory");
    assertThat(clerk.sandbox().ok("GET /users/" + ada + "/organization_memberships").path("data"))
        .hasSize(1);
  }

  @Test
  void unclearRefusalOfTwoItemsEndsTheStep() {
    organization("Ada Ltd", ada);
    organization("Ada Inc", ada);
    clerk.refuse("DELETE /organizations/", 403, "not_allowed");
    JsonNode steps = offboard("{'user_id':'%s'}").path("steps");
    assertThat(steps.at("/2/failed")).hasSize(3);
    assertThat(steps.at("/2/failed/1/code").asText()).isEqualTo("not_allowed");
    assertThat(steps.at("/2/failed/2/not_tried").asBoolean()).isTrue();
    assertThat(steps.at("/5/revoked").asInt()).isEqualTo(1);
  }

  @Test
  void onlyFailuresAreAnErrorWithTheirRows() {
    offboard("{'user_id':'%s'}");
    organization("Ada Ltd", ada);
    ToolResult result = callWithInterceptors("{'user_id':'%s'}");
    assertThat(result.isError()).isTrue();
    JsonNode error = ToolCaller.json(result);
    assertThat(error.at("/error/code").asText()).isEqualTo(LAST_ADMIN);
    assertThat(error.at("/done/steps/2/failed/0/next").asText()).contains("last admin");
  }

  @Test
  void missingObjectIsNoFailure() {
    clerk.refuse("DELETE /organizations/", 404, "resource_not_found");
    assertThat(offboard("{'user_id':'%s'}").at("/steps/2"))
        .hasToString("{\"step\":\"memberships\",\"removed\":1}");
  }

  @Test
  void rateLimitStopsTheRemainingSteps() {
    clerk.refuse("DELETE /organizations/", 429, "too_many_requests");
    ToolResult result = call("{'user_id':'%s','delete':true}");
    JsonNode steps = ToolCaller.json(result).path("steps");
    assertThat(steps.at("/0/changed")).hasSize(1);
    assertThat(steps.at("/2/failed/0/status").asInt()).isEqualTo(429);
    assertThat(steps.at("/3")).hasToString("{\"step\":\"invitations\",\"not_tried\":true}");
    assertThat(steps.at("/6/not_tried").asBoolean()).isTrue();
    assertThat(result.notes()).singleElement().asString().contains("Call again");
    clerk.reset();
    JsonNode rest = offboard("{'user_id':'%s'}").path("steps");
    assertThat(rest.findValuesAsText("sessions_ended")).containsExactly("0");
    assertThat(rest.findValuesAsText("revoked")).containsExactly("1", "1", "1");
  }

  /** No later request can succeed with the key, so none is sent. */
  @Test
  void keyThatDiesStopsTheCallAtOnce() {
    String dead = "DELETE /organizations/" + acme;
    clerk.refuse(dead, 401, "clerk_key_invalid");
    ToolResult result = callWithInterceptors("{'user_id':'%s','delete':true}");
    assertThat(clerk.requests()).last().asString().startsWith(dead);
    JsonNode steps = ToolCaller.json(result).path("steps");
    assertThat(steps.at("/0/changed/0/after").asBoolean()).as("ban").isTrue();
    assertThat(steps.at("/1/sessions_ended").asInt()).isEqualTo(2);
    assertThat(steps.at("/2/removed").asInt()).isZero();
    assertThat(steps.at("/2/failed/0/organization_id").asText()).isEqualTo(acme);
    assertThat(steps.at("/2/failed/0/status").asInt()).isEqualTo(401);
    for (int step = 3; step <= 6; step++) {
      assertThat(steps.path(step).path("not_tried").asBoolean()).isTrue();
    }
    assertThat(result.notes())
        .contains(
            "Stopped at clerk_key_invalid: Clerk does not accept the secret key. Once a person has"
                + " replaced it, call again with the same arguments for the rest.");
  }

  @Test
  void rateLimitBeforeTheFirstStepIsAnError() {
    clerk.refuse("POST ", 429, "too_many_requests");
    ToolResult result = call("{'user_id':'%s'}");
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("Nothing was changed");
  }

  @Test
  void cancellationEndsTheCall() {
    assertThatThrownBy(
            () ->
                clerk.callAndCancel(
                    TOOL, "{'user_id':'%s','delete':true}".formatted(ada), "DELETE /org"))
        .isInstanceOf(CancellationException.class);
    assertThat(clerk.changes()).last().asString().startsWith("DELETE /organizations/");
  }

  @Test
  void unknownUserIsRefused() {
    ToolResult result = clerk.call(TOOL, "{'user_id':'user_none'}");
    assertThat(result.json()).contains("resource_not_found");
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void listThatClerkCutsIsNotReportedAsComplete() {
    String memberships = "GET /users/" + ada + "/organization_memberships";
    JsonNode page = clerk.sandbox().ok(memberships);
    ((ObjectNode) page).put("total_count", 9);
    clerk.answer(memberships, new FakeClerk.Answer(200, page.toString()));
    ToolResult result = callWithInterceptors("{'user_id':'%s'}");
    assertThat(ToolCaller.json(result).at("/steps/2/removed").asInt()).isEqualTo(1);
    assertThat(result.notes()).anyMatch(note -> note.contains("only the first 1 rows"));
  }

  @Test
  void listsAreReadToTheirEnds() {
    for (int i = 0; i < 101; i++) {
      clerk.sandbox().ok("POST /api_keys", "{'name':'key %s','subject':'%s'}".formatted(i, ada));
    }
    assertThat(offboard("{'user_id':'%s'}").at("/steps/5/revoked").asInt()).isEqualTo(102);
  }

  private JsonNode offboard(String arguments) {
    ToolResult result = call(arguments);
    assertThat(result.isError()).as(result.json()).isFalse();
    return ToolCaller.json(result);
  }

  private ToolResult call(String arguments) {
    return clerk.call(TOOL, arguments.formatted(ada));
  }

  private ToolResult callWithInterceptors(String arguments) {
    return clerk.call(clerk.tools(folder, Map.of()), TOOL, arguments.formatted(ada));
  }

  private String user(String address, String name) {
    return clerk
        .sandbox()
        .ok(
            "POST /users",
            "{'email_address':['%s'],'first_name':'%s','password':'Sup3rS3cretPassw0rd'}"
                .formatted(address, name))
        .path("id")
        .asText();
  }

  private String organization(String name, String admin) {
    return clerk
        .sandbox()
        .ok("POST /organizations", "{'name':'%s','created_by':'%s'}".formatted(name, admin))
        .path("id")
        .asText();
  }

  private void session(String user) {
    clerk.sandbox().ok("POST /sessions", "{'user_id':'%s'}".formatted(user));
  }
}
