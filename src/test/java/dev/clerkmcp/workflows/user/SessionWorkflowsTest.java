package dev.clerkmcp.workflows.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.registry.ToolResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests revoking a user's sessions, all or all but one. */
final class SessionWorkflowsTest {
  private static final String TOOL = "clerk_user_sessions_revoke";

  private final SandboxClerk clerk = new SandboxClerk();
  private final String ada =
      clerk
          .sandbox()
          .ok(
              "POST /users",
              "{'email_address':['ada@example.com'],'first_name':'Ada',"
                  + "'password':'Sup3rS3cretPassw0rd'}")
          .path("id")
          .asText();
  private final List<String> sessions = new ArrayList<>();

  SessionWorkflowsTest() {
    for (int i = 0; i < 3; i++) {
      sessions.add(
          0,
          clerk
              .sandbox()
              .ok("POST /sessions", "{'user_id':'%s'}".formatted(ada))
              .path("id")
              .asText());
    }
  }

  @Test
  void allSessionsAreRevoked() {
    JsonNode answer = ToolCaller.json(call("{'user_id':'%s'}"));
    assertThat(answer.path("sessions_ended").asInt()).isEqualTo(sessions.size());
    assertThat(answer.at("/user/email").asText()).isEqualTo("ada@example.com");
    assertThat(open()).isEmpty();
  }

  /** Whoever signs a user out may think that this keeps the user out. */
  @ParameterizedTest
  @CsvSource({"unban, can sign in again", "ban, is banned", "lock, is locked"})
  void whetherTheUserCanSignInAgainIsTold(String state, String told) {
    clerk.sandbox().ok("POST /users/" + ada + "/" + state, "{}");
    assertThat(call("{'user_id':'%s'}").notes().toString()).contains("The user " + told);
  }

  @Test
  void exceptedSessionIsKept() {
    String kept = sessions.get(1);
    JsonNode answer = ToolCaller.json(call("{'user_id':'%s','except':'" + kept + "'}"));
    assertThat(answer.path("kept").asText()).isEqualTo(kept);
    assertThat(answer.path("sessions_ended").asInt()).isEqualTo(2);
    assertThat(open()).containsExactly(kept);
  }

  @Test
  void unknownExceptionIsRefused() {
    ToolResult result = call("{'user_id':'%s','except':'sess_none'}");
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("except", "is not an open session", sessions.get(2));
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void repeatedCallChangesNothing() {
    call("{'user_id':'%s'}");
    ToolResult again = call("{'user_id':'%s','except':'" + sessions.get(0) + "'}");
    assertThat(again.isError()).isFalse();
    assertThat(again.notes())
        .containsExactlyInAnyOrder(
            "The user can sign in again.", "Nothing was left to do; nothing was changed.");
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void refusedSessionIsReportedAndOthersAreRevoked() {
    clerk.refuse("POST /sessions/" + sessions.get(1), 400, "session_odd");
    ToolResult result = call("{'user_id':'%s'}");
    JsonNode answer = ToolCaller.json(result);
    assertThat(answer.path("sessions_ended").asInt()).isEqualTo(2);
    assertThat(answer.path("failed"))
        .hasToString(
            "[{\"session_id\":\"%s\",\"status\":400,\"code\":\"session_odd\",\"reason\":\"No.\"}]"
                .formatted(sessions.get(1)));
    assertThat(result.notes()).singleElement().asString().contains("call again");
  }

  @ParameterizedTest
  @CsvSource({
    "401, clerk_key_invalid",
    "402, payment_required",
    "403, feature_not_enabled",
    "410, gone",
    "429, too_many_requests"
  })
  void refusalOfAllRequestsStopsAndReportsRevokedSessions(int status, String code) {
    clerk.refuse("POST /sessions/" + sessions.get(1), status, code);
    JsonNode answer = ToolCaller.json(call("{'user_id':'%s'}"));
    assertThat(answer.path("sessions_ended").asInt()).isEqualTo(1);
    assertThat(answer.at("/failed/0/status").asInt()).isEqualTo(status);
    assertThat(answer.at("/failed/1"))
        .hasToString("{\"session_id\":\"%s\",\"not_tried\":true}".formatted(sessions.get(2)));
  }

  @Test
  void cancellationEndsTheCall() {
    assertThatThrownBy(
            () ->
                clerk.callAndCancel(
                    TOOL, "{'user_id':'%s'}".formatted(ada), "POST /sessions/" + sessions.get(1)))
        .isInstanceOf(CancellationException.class);
    assertThat(clerk.changes())
        .noneMatch(change -> change.contains(sessions.get(2)))
        .anyMatch(change -> change.contains(sessions.get(0)));
  }

  @Test
  void unknownUserIsRefused() {
    assertThat(clerk.call(TOOL, "{'user_id':'user_none'}").json()).contains("resource_not_found");
  }

  private ToolResult call(String arguments) {
    return clerk.call(TOOL, arguments.formatted(ada));
  }

  private List<String> open() {
    return clerk
        .sandbox()
        .ok("GET /sessions?user_id=" + ada + "&status=active")
        .findValuesAsText("id");
  }
}
