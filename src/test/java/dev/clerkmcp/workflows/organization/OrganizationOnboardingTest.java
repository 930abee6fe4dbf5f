package dev.clerkmcp.workflows.organization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the onboarding of an organization and its members, and the reports of failures. */
final class OrganizationOnboardingTest {
  private static final String TWO_STRANGERS =
      "'members':[{'email_address':'b1@new.example'},{'email_address':'b2@new.example'}]";

  private final SandboxClerk clerk = new SandboxClerk();
  private final SandboxCalls sandbox = clerk.sandbox();
  private ToolRegistry registry = ToolModule.registry(clerk.client());
  private final Invocation invocation = new Invocation(Runnable::run, Caller.UNKNOWN);
  private final String ada = sandbox.createUser("ada@example.com");
  private final String bob = sandbox.createUser("bob@example.com");

  @Test
  void usersJoinAndOthersAreInvited() throws IOException {
    JsonNode answer =
        onboard(
            "{'admin':'%s','domain':'acme.example','public_metadata':{'plan':'pro'},".formatted(ada)
                + "'members':[{'email_address':'Bob@example.com','role':'org:admin'},"
                + "{'email_address':'cleo@new.example'},{'email_address':'ada@example.com '}]}");
    assertThat(steps(answer))
        .containsExactly(
            "organization created",
            "admin ada@example.com added",
            "member Bob@example.com added",
            "member cleo@new.example invited",
            "member ada@example.com already_there",
            "domain acme.example created");
    assertThat(answer.at("/organization/slug").asText()).isEqualTo("acme");
    assertThat(answer.path("undo").asText()).contains("clerk_organization_delete");
    assertThat(answer.has("next")).isFalse();
    assertThat(members(answer)).containsExactlyInAnyOrder("org:admin " + ada, "org:admin " + bob);
    JsonNode invitation = answer.path("steps").get(3);
    assertThat(invitation.path("invitation_id").asText()).startsWith("orginv_");
    assertThat(invitation.path("role").asText()).isEqualTo("org:member");
  }

  @Test
  void adminWhoIsNoUserIsInvited() throws IOException {
    JsonNode answer = onboard("{'admin':'first@new.example'}");
    assertThat(steps(answer))
        .containsExactly("organization created", "admin first@new.example invited");
    assertThat(answer.at("/steps/1/role").asText()).isEqualTo("org:admin");
    assertThat(members(answer)).isEmpty();
  }

  /** A user can enter another person's address, so only verified ones count. */
  @Test
  void unverifiedAddressIsInvitedInsteadOfAdded() throws IOException {
    sandbox.ok(
        "POST /email_addresses",
        "{'user_id':'%s','email_address':'boss@acme.example','verified':false}".formatted(bob));
    JsonNode answer = onboard("{'admin':'boss@acme.example'}");
    assertThat(steps(answer))
        .containsExactly("organization created", "admin boss@acme.example invited");
    assertThat(answer.at("/steps/1/note").asText()).contains("has not verified it");
    assertThat(members(answer)).isEmpty();
  }

  @Test
  void fullOrganizationRefusesFurtherMembers() throws IOException {
    JsonNode answer =
        onboard(
            "{'admin':'%s','max_allowed_memberships':2,'domain':'acme.example',%s}"
                .formatted(
                    ada, TWO_STRANGERS.replace("[", "[{'email_address':'bob@example.com'},")));
    assertThat(steps(answer))
        .containsExactly(
            "organization created",
            "admin ada@example.com added",
            "member bob@example.com added",
            "member b1@new.example refused",
            "member b2@new.example not_tried",
            "domain acme.example created");
    for (int full : List.of(3, 4)) {
      assertThat(answer.path("steps").get(full).path("code").asText())
          .isEqualTo("organization_membership_quota_exceeded");
    }
    assertThat(answer.path("next").asText())
        .contains("max_allowed_memberships", "clerk_organization_update", "continue: true");
  }

  @Test
  void refusedStepDoesNotStopOthers() throws IOException {
    JsonNode answer =
        onboard(
            "{'admin':'%s','domain':'gmail.com','members':[{'email_address':'bob@example.com',"
                    .formatted(ada)
                + "'role':'org:nothing'},{'email_address':'b1@new.example'}]}");
    assertThat(steps(answer))
        .containsExactly(
            "organization created",
            "admin ada@example.com added",
            "member bob@example.com refused",
            "member b1@new.example invited",
            "domain gmail.com refused");
    assertThat(answer.at("/steps/4/code").asText()).isEqualTo("organization_domain_common");
  }

  @Test
  void limitOfInvitationsStopsInvitationsOnly() throws IOException {
    refuseInvitations(429, "too_many");
    JsonNode answer =
        onboard(
            "{'admin':'%s',%s}"
                .formatted(
                    ada, TWO_STRANGERS.replace("}]", "},{'email_address':'bob@example.com'}]")));
    assertThat(steps(answer))
        .containsExactly(
            "organization created",
            "admin ada@example.com added",
            "member b1@new.example refused",
            "member b2@new.example not_tried",
            "member bob@example.com added");
    assertThat(answer.at("/steps/2/code").asText()).isEqualTo("too_many");
    assertThat(clerk.requests()).noneMatch(request -> request.contains("b2@new.example\","));
  }

  /** Clerk would refuse every other invitation as well; members and the domain still come in. */
  @ParameterizedTest
  @CsvSource({"402, payment_required", "403, feature_not_enabled", "410, gone"})
  void refusalOfAllInvitationsEndsInvitationsOnly(int status, String code) throws IOException {
    refuseInvitations(status, code);
    JsonNode answer =
        onboard(
            "{'admin':'%s','domain':'acme.example',%s}"
                .formatted(
                    ada, TWO_STRANGERS.replace("}]", "},{'email_address':'bob@example.com'}]")));
    assertThat(steps(answer))
        .containsExactly(
            "organization created",
            "admin ada@example.com added",
            "member b1@new.example refused",
            "member b2@new.example not_tried",
            "member bob@example.com added",
            "domain acme.example created");
    assertThat(answer.at("/steps/3/code").asText()).isEqualTo(code);
    assertThat(answer.path("next").asText()).contains("Correct what was refused", "continue: true");
    assertThat(clerk.changes()).filteredOn(request -> request.endsWith("/invitations")).hasSize(1);
  }

  /** If a response is lost, or Clerk does not accept the key, no other request is sent. */
  @ParameterizedTest
  @CsvSource({"0, unknown, may exist", "401, refused, Correct what was refused"})
  void failureOfAllRequestsStopsAllSteps(int status, String as, String next) throws IOException {
    registry = ToolModule.registry(clerk.sendingClient(null));
    clerk.answerWith(
        request -> {
          if (!request.contains("/invitations\n")) {
            return null;
          }
          if (status == 0) {
            throw new UncheckedIOException(new IOException("closed"));
          }
          return Answer.error(status, "clerk_key_invalid");
        });
    JsonNode answer =
        onboard(
            "{'admin':'%s','domain':'acme.example',%s}"
                .formatted(
                    ada, TWO_STRANGERS.replace("}]", "},{'email_address':'bob@example.com'}]")));
    assertThat(steps(answer))
        .containsExactly(
            "organization created",
            "admin ada@example.com added",
            "member b1@new.example " + as,
            "member b2@new.example not_tried",
            "member bob@example.com not_tried",
            "domain acme.example not_tried");
    assertThat(answer.path("next").asText()).contains(next, "continue: true");
    assertThat(clerk.changes()).as("organization, invitation").hasSize(2);
  }

  @Test
  void failureOfAllStepsIsAnErrorWithTheirRows() throws IOException {
    onboard("{'admin':'%s'}".formatted(ada));
    refuseInvitations(422, "blocked");
    ToolResult result =
        call("{'name':'Acme','continue':true,'admin':'%s',%s}".formatted(ada, TWO_STRANGERS));
    assertThat(result.isError()).isTrue();
    JsonNode error = Json.read(result.json());
    assertThat(error.at("/error/code").asText()).isEqualTo("blocked");
    assertThat(steps(error.path("done")))
        .contains("member b1@new.example refused", "member b2@new.example refused");
  }

  @Test
  void unknownOutcomeIsReported() throws IOException {
    refuseInvitations(500, "broken");
    JsonNode answer = onboard("{'admin':'first@new.example'}");
    assertThat(steps(answer)).contains("admin first@new.example unknown");
  }

  @Test
  void refusedOrganizationStopsTheCall() throws IOException {
    ToolResult result = call("{'name':'see https://evil.example','admin':'%s'}".formatted(ada));
    assertThat(result.json()).contains("\"status\":422", "form_param_value_invalid");
    assertThat(clerk.changes()).hasSize(1);
  }

  @Test
  void nothingIsSentAfterCancellation() {
    clerk.answerWith(
        request -> {
          if (request.contains("b1@new.example") && request.startsWith("POST ")) {
            invocation.cancel();
          }
          return null;
        });
    String arguments = "{'name':'Acme','admin':'%s',%s}".formatted(ada, TWO_STRANGERS);
    assertThatThrownBy(() -> call(arguments)).isInstanceOf(CancellationException.class);
    assertThat(clerk.changes()).hasSize(2);
    assertThat(clerk.requests())
        .filteredOn(request -> request.startsWith("POST "))
        .hasSize(2)
        .noneMatch(request -> request.contains("b2@new.example"));
  }

  @Test
  void secondRunNeedsContinue() throws IOException {
    String arguments = "{'name':'Acme','admin':'%s','domain':'acme.example',%s}";
    String once = arguments.formatted(ada, TWO_STRANGERS);
    call(once);
    clerk.forget();
    JsonNode refusal = Json.read(call(once).json());
    assertThat(refusal.at("/error/code").asText()).isEqualTo("organization_exists");
    assertThat(refusal.at("/error/next").asText()).contains("continue: true");
    assertThat(refusal.at("/organizations/0/name").asText()).isEqualTo("Acme");
    assertThat(refusal.at("/organizations/0/created_at").asText()).endsWith("Z").hasSize(20);
    JsonNode again = Json.read(call(once.replace("{'name", "{'continue':true,'name")).json());
    assertThat(steps(again))
        .containsExactly(
            "organization already_there",
            "admin ada@example.com already_there",
            "member b1@new.example already_there",
            "member b2@new.example already_there",
            "domain acme.example already_there");
    assertThat(again.has("undo")).isFalse();
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void continueAddsOnlyMissingParts() throws IOException {
    JsonNode first =
        onboard("{'admin':'%s','max_allowed_memberships':2,%s}".formatted(ada, TWO_STRANGERS));
    String id = first.at("/organization/id").asText();
    sandbox.ok("PATCH /organizations/" + id, "{'max_allowed_memberships':0}");
    clerk.forget();
    JsonNode second =
        onboard(
            "{'admin':'ada@example.com','continue':true,'max_allowed_memberships':2,"
                + TWO_STRANGERS.replace("{'email_address':'b1@new.example'}", B1_AS_ADMIN)
                + "}");
    assertThat(steps(second))
        .containsExactly(
            "organization already_there",
            "admin ada@example.com already_there",
            "member b1@new.example already_there",
            "member b2@new.example invited");
    assertThat(second.at("/steps/0/not_as_asked/0").asText()).isEqualTo("max_allowed_memberships");
    assertThat(second.at("/steps/2/role").asText()).isEqualTo("org:member");
    assertThat(second.at("/steps/2/asked_role").asText()).isEqualTo("org:admin");
    assertThat(clerk.changes()).hasSize(1);
  }

  private static final String B1_AS_ADMIN = "{'email_address':'b1@new.example','role':'org:admin'}";

  /** The organization is Bob's. The caller means another one, or does not know that it exists. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'name':'Acme','admin':'ada@example.com'}                                | organization_exists",
        "{'name':'ACME!','admin':'ada@example.com'}                               | organization_exists",
        "{'name':'Acme','admin':'ada@example.com','continue':true}                | organization_differs",
        "{'name':'Acme','admin':'new@new.example','continue':true}                | organization_differs",
        "{'name':'Other','slug':'acme','admin':'bob@example.com','continue':true} | organization_differs"
      })
  void organizationOfAnotherAdminIsNotChanged(String arguments, String code) throws IOException {
    sandbox.ok("POST /organizations", "{'name':'Acme','created_by':'%s'}".formatted(bob));
    JsonNode refusal = Json.read(call(arguments).json());
    assertThat(refusal.at("/error/code").asText()).isEqualTo(code);
    assertThat(refusal.at("/organizations/0/slug").asText()).isEqualTo("acme");
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void otherSlugCreatesAnotherOrganization() throws IOException {
    sandbox.ok("POST /organizations", "{'name':'Acme','created_by':'%s'}".formatted(bob));
    JsonNode answer = onboard("{'slug':'acme-two','admin':'%s'}".formatted(ada));
    assertThat(steps(answer)).contains("organization created");
  }

  @Test
  void slugChoosesBetweenOrganizationsOfTheSameName() throws IOException {
    for (String slug : List.of("acme-one", "acme-two")) {
      sandbox.ok(
          "POST /organizations",
          "{'name':'Acme','slug':'%s','created_by':'%s'}".formatted(slug, ada));
    }
    String arguments = "{'name':'Acme','admin':'%s','continue':true}".formatted(ada);
    assertThat(Json.read(call(arguments).json()).path("organizations")).hasSize(2);
    JsonNode answer =
        Json.read(call(arguments.replace("{'name", "{'slug':'acme-two','name")).json());
    assertThat(answer.at("/organization/slug").asText()).isEqualTo("acme-two");
    assertThat(clerk.changes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'admin':'ada'}                                                    | user ID (user_...) or",
        "{'admin':'a@b.example','members':[{'email_address':'bob'}]}        | members[0].email_address",
        "{'admin':'a@b.example','members':[{'email_address':'a@b'}]}        | members[0].email_address",
        "{'admin':'a@b.example','members':[{'email_address':'x y@z.example'}]} | members[0].email_address",
        "{'admin':'a@b.example','members':[{'email_address':'b@c.d','role':' '}]} | members[0].role",
        "{'admin':'a@b.example','members':[{'email_address':'b@c.d'},{'email_address':'B@c.d','role':'org:admin'}]} | members[1].role",
        "{'admin':'a@b.example','enrollment_mode':'enterprise_sso'}         | enrollment_mode",
        "{'admin':'a@b.example','domain':'b.example','enrollment_mode':'none'} | enrollment_mode"
      })
  void invalidArgumentsSendNothing(String arguments, String problem) throws IOException {
    ToolResult result = call(arguments.replace("{'admin", "{'name':'Acme','admin"));
    assertThat(result.json()).contains("invalid_arguments", problem);
    assertThat(clerk.requests()).isEmpty();
  }

  @Test
  void unknownAdminChangesNothing() throws IOException {
    ToolResult result = call("{'name':'Acme','admin':'user_nobody'}");
    assertThat(result.json()).contains("\"status\":404");
    assertThat(clerk.changes()).isEmpty();
  }

  private void refuseInvitations(int status, String code) {
    clerk.answerWith(
        request -> request.contains("/invitations\n") ? Answer.error(status, code) : null);
  }

  private List<String> members(JsonNode answer) {
    String id = answer.at("/organization/id").asText();
    List<String> members = new ArrayList<>();
    for (JsonNode row :
        sandbox.ok("GET /organizations/%s/memberships".formatted(id)).path("data")) {
      members.add(row.path("role").asText() + " " + row.at("/public_user_data/user_id").asText());
    }
    return members;
  }

  private JsonNode onboard(String arguments) throws IOException {
    ToolResult result = call(arguments.replaceFirst("\\{", "{'name':'Acme',"));
    assertThat(result.isError()).as(result.json()).isFalse();
    return Json.read(result.json());
  }

  private ToolResult call(String arguments) throws IOException {
    return ToolCaller.call(
        registry, "clerk_org_onboard", ToolCaller.arguments(arguments), invocation);
  }

  /** Each step with its subject and its outcome. */
  private static List<String> steps(JsonNode answer) {
    List<String> steps = new ArrayList<>();
    for (JsonNode row : answer.path("steps")) {
      String about = row.path("email_address").asText(row.path("name").asText());
      steps.add(
          "%s %s %s"
              .formatted(row.path("step").asText(), about, row.path("status").asText())
              .replace("  ", " "));
    }
    return steps;
  }
}
