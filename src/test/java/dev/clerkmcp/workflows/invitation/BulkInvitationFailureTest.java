package dev.clerkmcp.workflows.invitation;

import static dev.clerkmcp.workflows.invitation.InvitationFixture.blocked;
import static dev.clerkmcp.workflows.invitation.InvitationFixture.isPost;
import static dev.clerkmcp.workflows.invitation.InvitationFixture.people;
import static dev.clerkmcp.workflows.invitation.InvitationFixture.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.clerk.RateLimiter;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.server.ToolModule;
import dev.clerkmcp.workflows.invitation.InvitationFixture.Form;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests bulk invitations if Clerk refuses some or all of them. */
final class BulkInvitationFailureTest {
  private final InvitationFixture invitations = new InvitationFixture();

  /** One blocked address must not keep its nine neighbours from being invited. */
  @ParameterizedTest
  @EnumSource
  void addressesOfRefusedChunkAreSentOneByOne(Form form) throws IOException {
    invitations.clerk.answerWith(
        request -> request.contains("p3@") && isPost(request) ? blocked() : null);
    JsonNode answer = invitations.send(form, people(15));
    assertThat(answer.path("counts").toString())
        .isEqualTo("{\"given\":15,\"sent\":14,\"failed\":1}");
    assertThat(answer.path("failed").toString())
        .isEqualTo(
            "[{\"status\":422,\"code\":\"blocked\",\"reason\":\"No.\","
                + "\"emails\":[\"p3@example.com\"]}]");
    assertThat(invitations.posts()).hasSize(12);
    assertThat(invitations.pending(form)).hasSize(14).doesNotContain("p3@example.com");
  }

  /** Clerk's lists can lag behind by seconds; its refusal then says what the list did not. */
  @ParameterizedTest
  @CsvSource({
    "APPLICATION, duplicate_record, invited",
    "APPLICATION, form_identifier_exists, user",
    "ORGANIZATION, organization_invitation_not_unique, invited",
    "ORGANIZATION, already_a_member_in_organization, member"
  })
  void refusalOfExistingAddressIsNoFailure(Form form, String code, String as) throws IOException {
    invitations.clerk.answerWith(
        request -> isPost(request) && request.contains("p1@") ? Answer.error(400, code) : null);
    JsonNode answer = invitations.send(form, people(12));
    assertThat(texts(answer.at("/already_there/" + as))).containsExactly("p1@example.com");
    assertThat(answer.path("sent")).hasSize(11);
    assertThat(answer.has("failed")).isFalse();
  }

  @Test
  void reasonSharedByOneChunkStopsTheOthers() throws IOException {
    ObjectNode arguments =
        invitations.arguments(Form.ORGANIZATION, people(40)).put("role", "org:nobody");
    ToolResult result = invitations.call(Form.ORGANIZATION, arguments);
    assertThat(result.isError()).as("nothing was sent").isTrue();
    JsonNode answer = Json.read(result.json()).path("done");
    assertThat(answer.path("counts").toString())
        .isEqualTo("{\"given\":40,\"sent\":0,\"failed\":10,\"not_sent\":30}");
    assertThat(answer.at("/stopped/code").asText()).isEqualTo("resource_not_found");
    assertThat(invitations.posts()).hasSize(11);
  }

  /** A reason about the addresses of one chunk says nothing about other chunks. */
  @Test
  void reasonAboutAddressesDoesNotStopOtherChunks() throws IOException {
    invitations.clerk.answerWith(
        request -> isPost(request) && request.matches("(?s).*p\\d@.*") ? blocked() : null);
    JsonNode answer = invitations.send(Form.APPLICATION, people(20));
    assertThat(answer.path("counts").toString())
        .isEqualTo("{\"given\":20,\"sent\":10,\"failed\":10}");
    assertThat(answer.has("stopped")).isFalse();
    assertThat(texts(answer.path("sent"))).isEqualTo(people(20).subList(10, 20));
    assertThat(invitations.posts())
        .as("a chunk, each of its addresses, the next chunk")
        .hasSize(12);
  }

  @Test
  void organizationIsFilledUpToItsLimit() throws IOException {
    invitations.sandbox.ok(
        "PATCH /organizations/" + invitations.organization, "{'max_allowed_memberships':14}");
    JsonNode answer = invitations.send(Form.ORGANIZATION, people(30));
    assertThat(answer.path("counts").toString())
        .isEqualTo("{\"given\":30,\"sent\":13,\"not_sent\":17}");
    assertThat(answer.at("/stopped/code").asText())
        .isEqualTo("organization_membership_quota_exceeded");
    assertThat(invitations.pending(Form.ORGANIZATION)).hasSize(13);
  }

  @ParameterizedTest
  @CsvSource({"401, no", "402, no", "403, feature_not_enabled", "410, no"})
  void refusalOfAllRequestsStopsAtOnce(int status, String code) throws IOException {
    invitations.clerk.answerWith(
        request -> isPost(request) && request.contains("p10@") ? Answer.error(status, code) : null);
    JsonNode answer = invitations.send(Form.APPLICATION, people(35));
    assertThat(answer.path("counts").toString())
        .isEqualTo("{\"given\":35,\"sent\":10,\"not_sent\":25}");
    assertThat(answer.at("/stopped/status").asInt()).isEqualTo(status);
    assertThat(invitations.posts()).hasSize(2);
  }

  @Test
  void refusalOfTheFirstRequestIsAnError() throws IOException {
    invitations.clerk.answerWith(
        request -> isPost(request) ? Answer.error(403, "feature_not_enabled") : null);
    ToolResult result =
        invitations.call(Form.APPLICATION, invitations.arguments(Form.APPLICATION, people(35)));
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("feature_not_enabled");
    assertThat(invitations.posts()).hasSize(1);
  }

  /** A refusal that does not say what it is about may be about one address of the chunk. */
  @Test
  void unclearRefusalOfOneAddressStopsNoOther() throws IOException {
    invitations.clerk.answerWith(
        request ->
            isPost(request) && request.contains("p3@") ? Answer.error(403, "managed") : null);
    JsonNode answer = invitations.send(Form.APPLICATION, people(15));
    assertThat(answer.path("counts").toString())
        .isEqualTo("{\"given\":15,\"sent\":14,\"failed\":1}");
  }

  @Test
  void unclearRefusalOfTwoAddressesStopsTheOthers() throws IOException {
    invitations.clerk.answerWith(
        request -> isPost(request) ? Answer.error(403, "not_allowed") : null);
    ToolResult result =
        invitations.call(Form.APPLICATION, invitations.arguments(Form.APPLICATION, people(35)));
    assertThat(result.isError()).isTrue();
    assertThat(Json.read(result.json()).at("/done/counts").toString())
        .isEqualTo("{\"given\":35,\"sent\":0,\"failed\":1,\"not_sent\":34}");
    assertThat(invitations.posts()).as("a chunk and two of its addresses").hasSize(3);
  }

  /** The server fails after it has carried out the request. */
  @ParameterizedTest
  @EnumSource
  void unknownOutcomeIsNotRetriedAndIsResolvedByTheNextRun(Form form) throws IOException {
    invitations.clerk.answerWith(
        request -> {
          if (isPost(request) && request.contains("p10@")) {
            Answer unused = invitations.clerk.forward(request);
            return Answer.error(502, "bad_gateway");
          }
          return null;
        });
    JsonNode answer = invitations.send(form, people(35));
    assertThat(answer.path("counts").toString())
        .isEqualTo("{\"given\":35,\"sent\":10,\"unknown\":10,\"not_sent\":15}");
    assertThat(texts(answer.path("unknown"))).isEqualTo(people(35).subList(10, 20));
    assertThat(texts(answer.path("not_sent"))).isEqualTo(people(35).subList(20, 35));
    assertThat(answer.at("/stopped/next").asText()).contains("call again");
    assertThat(invitations.posts()).hasSize(2);
    invitations.clerk.reset();
    assertThat(invitations.send(form, people(35)).path("counts").toString())
        .isEqualTo("{\"given\":35,\"sent\":15,\"already_there\":20}");
    assertThat(invitations.pending(form)).hasSize(35).doesNotHaveDuplicates();
  }

  @Test
  void serverErrorLeavesTheOutcomeUnknown() throws IOException {
    invitations.clerk.answerWith(
        request -> isPost(request) ? Answer.error(502, "bad_gateway") : null);
    ToolResult result =
        invitations.call(Form.APPLICATION, invitations.arguments(Form.APPLICATION, people(12)));
    assertThat(result.isError()).isTrue();
    JsonNode answer = Json.read(result.json());
    assertThat(answer.at("/error/next").asText()).isNotBlank();
    assertThat(answer.at("/done/counts").toString())
        .isEqualTo("{\"given\":12,\"sent\":0,\"unknown\":10,\"not_sent\":2}");
    assertThat(invitations.posts()).hasSize(1);
  }

  /** Each hour Clerk takes 25 bulk requests for the application. */
  @Test
  void rateLimitDuringTheRunSaysWhenToRetry() throws IOException {
    invitations.tools = ToolModule.registry(invitations.clerk.sendingClient(RateLimiter.forLive()));
    JsonNode answer = invitations.send(Form.APPLICATION, people(270));
    assertThat(answer.path("counts").toString())
        .isEqualTo("{\"given\":270,\"sent\":250,\"not_sent\":20}");
    JsonNode stopped = answer.path("stopped");
    assertThat(stopped.path("code").asText()).isEqualTo("rate_budget_used_up");
    assertThat(stopped.path("retry_after_seconds").asInt()).isBetween(3000, 3600);
    assertThat(stopped.path("come_back_at").asText())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
  }

  @Test
  void shortRateLimitIsWaitedFor() throws IOException {
    int[] refusals = {0};
    invitations.clerk.answerWith(
        request ->
            isPost(request) && request.contains("p10@") && refusals[0]++ < 2
                ? Answer.error(429, "too_many_requests")
                : null);
    assertThat(invitations.send(Form.APPLICATION, people(25)).path("sent")).hasSize(25);
  }

  @Test
  void cancellationSendsNothingMore() {
    invitations.clerk.answerWith(
        request -> {
          if (isPost(request) && request.contains("p10@")) {
            invitations.invocation.cancel();
          }
          return null;
        });
    assertThatThrownBy(() -> invitations.send(Form.APPLICATION, people(40)))
        .isInstanceOf(CancellationException.class);
    assertThat(invitations.posts()).hasSize(2);
  }
}
