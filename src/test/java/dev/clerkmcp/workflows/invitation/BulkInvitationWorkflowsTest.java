package dev.clerkmcp.workflows.invitation;

import static dev.clerkmcp.workflows.invitation.InvitationFixture.people;
import static dev.clerkmcp.workflows.invitation.InvitationFixture.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.server.ToolModule;
import dev.clerkmcp.workflows.invitation.InvitationFixture.Form;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests bulk invitations: each address has one outcome. */
final class BulkInvitationWorkflowsTest {
  private final InvitationFixture invitations = new InvitationFixture();

  @ParameterizedTest
  @EnumSource
  void allAddressesAreInvitedInChunks(Form form) throws IOException {
    JsonNode answer = invitations.send(form, people(23));
    assertThat(answer.path("counts").toString()).isEqualTo("{\"given\":23,\"sent\":23}");
    assertThat(texts(answer.path("sent"))).isEqualTo(people(23));
    assertThat(answer).hasSize(2);
    assertThat(invitations.pending(form)).containsExactlyInAnyOrderElementsOf(people(23));
    assertThat(invitations.posts()).hasSize(3);
  }

  @ParameterizedTest
  @EnumSource
  void secondRunSendsNothing(Form form) throws IOException {
    invitations.send(form, people(12));
    invitations.clerk.forget();
    JsonNode again = invitations.send(form, people(12));
    assertThat(again.path("counts").toString())
        .isEqualTo("{\"given\":12,\"sent\":0,\"already_there\":12}");
    assertThat(texts(again.at("/already_there/invited"))).isEqualTo(people(12));
    assertThat(invitations.posts()).isEmpty();
  }

  @Test
  void applicationOmitsExistingUsers() throws IOException {
    JsonNode answer =
        invitations.send(Form.APPLICATION, List.of("Owner@Example.com", "new@example.com"));
    assertThat(texts(answer.at("/already_there/user"))).containsExactly("owner@example.com");
    assertThat(texts(answer.path("sent"))).containsExactly("new@example.com");
  }

  @Test
  void organizationOmitsMembersAndInvitesOtherUsers() throws IOException {
    invitations.sandbox.ok(
        "POST /users",
        "{'email_address':['first@example.com','second@example.com'],'skip_password_requirement':true}");
    JsonNode answer =
        invitations.send(Form.ORGANIZATION, List.of("OWNER@example.com", "second@example.com"));
    assertThat(texts(answer.at("/already_there/member"))).containsExactly("owner@example.com");
    assertThat(texts(answer.path("sent"))).containsExactly("second@example.com");
  }

  @ParameterizedTest
  @EnumSource
  void invalidAndRepeatedAddressesAreNotSent(Form form) throws IOException {
    JsonNode answer =
        invitations.send(
            form, List.of(" Ada@Example.com", "ada@example.com", "ada(at)example.com"));
    assertThat(answer.toString())
        .isEqualTo(
            "{\"counts\":{\"given\":3,\"repeated\":1,\"sent\":1,\"failed\":1},"
                + "\"failed\":[{\"code\":\"invalid_email_address\","
                + "\"reason\":\"Not sent: not an email address.\",\"emails\":[\"ada(at)example.com\"]}],"
                + "\"sent\":[\"ada@example.com\"]}");
    assertThat(invitations.pending(form)).containsExactly("ada@example.com");
  }

  @Test
  void listWithoutValidAddressInvitesNoOne() throws IOException {
    ObjectNode arguments = invitations.arguments(Form.ORGANIZATION, List.of("x", "y"));
    ToolResult result = invitations.call(Form.ORGANIZATION, arguments);
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("invalid_arguments", "emails[0]", "emails[1]");
    assertThat(invitations.clerk.requests()).isEmpty();
  }

  @Test
  void defaultsAndOverridesAreSent() throws IOException {
    ObjectNode arguments = invitations.arguments(Form.ORGANIZATION, people(2));
    arguments
        .put("notify", false)
        .put("expires_in_days", 7)
        .putObject("public_metadata")
        .put("a", 1);
    arguments
        .putArray("overrides")
        .addObject()
        .put("email_address", "P1@example.com")
        .put("role", "org:admin")
        .putObject("public_metadata")
        .putNull("b");
    assertThat(invitations.call(Form.ORGANIZATION, arguments).isError()).isFalse();
    assertThat(invitations.posts().get(0))
        .endsWith(
            "[{\"email_address\":\"p0@example.com\",\"role\":\"org:member\","
                + "\"public_metadata\":{\"a\":1},\"expires_in_days\":7,\"notify\":false},"
                + "{\"email_address\":\"p1@example.com\",\"role\":\"org:admin\","
                + "\"public_metadata\":{\"b\":null},\"expires_in_days\":7,\"notify\":false}]");
  }

  @ParameterizedTest
  @CsvSource({"p9@example.com, must be one of emails", "p0@example.com, is a duplicate"})
  void invalidOverridesAreRefused(String address, String problem) throws IOException {
    ObjectNode arguments = invitations.arguments(Form.APPLICATION, people(2));
    ArrayNode overrides = arguments.putArray("overrides");
    for (String each : List.of("p0@example.com", address)) {
      overrides.addObject().put("email_address", each).putObject("public_metadata");
    }
    assertThat(invitations.call(Form.APPLICATION, arguments).json())
        .contains("overrides[1].email_address", problem);
    assertThat(invitations.clerk.requests()).isEmpty();
  }

  /** With many pending invitations, a few addresses are looked up one by one. */
  @Test
  void fewAddressesAreLookedUpOneByOne() throws IOException {
    FakeClerk full =
        FakeClerk.answering(
            request ->
                new Answer(
                    200,
                    request.startsWith("GET /invitations") && request.contains("query=p1%40")
                        ? "{\"data\":[{\"email_address\":\"P1@example.com\"}],\"total_count\":1}"
                        : "{\"data\":[{\"email_address\":\"a@example.com\"}],\"total_count\":5000}"));
    invitations.tools = ToolModule.registry(full.client());
    JsonNode answer = invitations.send(Form.APPLICATION, people(2));
    assertThat(answer.at("/already_there/invited/0").asText()).isEqualTo("p1@example.com");
    assertThat(answer.at("/sent/0").asText()).isEqualTo("p0@example.com");
    assertThat(full.requests()).hasSize(5);
  }

  @Test
  void allPagesOfPendingInvitationsAreRead() throws IOException {
    invitations.sandbox.ok("POST /invitations", "{'email_address':'p7@example.com'}");
    for (int i = 0; i < 510; i++) {
      invitations.sandbox.ok(
          "POST /invitations", "{'email_address':'later%s@example.com'}".formatted(i));
    }
    assertThat(texts(invitations.send(Form.APPLICATION, people(8)).at("/already_there/invited")))
        .containsExactly("p7@example.com");
  }
}
