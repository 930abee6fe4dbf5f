package dev.clerkmcp.sandbox.handlers.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InvitationsTest {
  private final SandboxCalls calls = SandboxCalls.empty();

  @Test
  void createsPendingInvitationForThirtyDays() {
    JsonNode invitation =
        calls.ok(
            "POST /invitations",
            "{'email_address':' new@example.com ','public_metadata':{'plan':'pro'}}");

    assertThat(invitation.path("email_address").asText()).isEqualTo("new@example.com");
    assertThat(invitation.path("status").asText()).isEqualTo("pending");
    assertThat(invitation.path("revoked").asBoolean()).isFalse();
    assertThat(invitation.at("/public_metadata/plan").asText()).isEqualTo("pro");
    assertThat(days(invitation)).isEqualTo(30);
    assertThat(invitation.path("url").asText())
        .startsWith("https://accounts.sandbox.invalid/")
        .contains("ticket=sandbox_invitation_ticket_");
  }

  @Test
  void acceptsAnotherExpiry() {
    JsonNode invitation = invite("'email_address':'new@example.com','expires_in_days':2");

    assertThat(days(invitation)).isEqualTo(2);
    calls.store().overrideTime(invitation.path("expires_at").asLong());
    assertThat(calls.ok("GET /invitations").at("/0/status").asText()).isEqualTo("expired");
    assertThat(calls.ok("GET /invitations?status=pending")).isEmpty();
    assertThat(calls.ok("GET /invitations?status=expired")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "'email_address':'nobody'; 422 form_param_format_invalid email_address",
        "'email_address':'a@example.com','redirect_url':'here';"
            + " 422 form_param_format_invalid redirect_url",
        "'email_address':'a@example.com','redirect_url':'http://example.com';"
            + " 422 insecure_url redirect_url",
        "'email_address':'a@example.com','expires_in_days':0;"
            + " 422 form_param_value_invalid expires_in_days",
        "'email_address':'ADA@example.com'; 422 form_identifier_exists email_address",
        "'email_address':'Waiting@example.com'; 400 duplicate_record"
      })
  void refusesInvalidInvitations(String body, String error) {
    calls.ok("POST /users", "{'email_address':['ada@example.com']}");
    invite("'email_address':'waiting@example.com'");

    assertThat(calls.call("POST", "/invitations", "{" + body + "}").error()).isEqualTo(error);
    assertThat(calls.store().table(ObjectKind.INVITATION).size()).isEqualTo(1);
  }

  @Test
  void ignoreExistingAllowsDuplicates() {
    calls.ok("POST /users", "{'email_address':['ada@example.com']}");

    invite("'email_address':'ada@example.com','ignore_existing':true");
    invite("'email_address':'ada@example.com','ignore_existing':true");

    assertThat(calls.ok("GET /invitations")).hasSize(2);
  }

  @Test
  void expiredInvitationDoesNotBlockANewOne() {
    JsonNode first = invite("'email_address':'new@example.com','expires_in_days':1");
    calls.store().overrideTime(first.path("expires_at").asLong());
    JsonNode second = invite("'email_address':'new@example.com'");
    revoke(second);

    assertThat(invite("'email_address':'new@example.com'").path("status").asText())
        .isEqualTo("pending");
  }

  @Test
  void secondRevocationIsRejected() {
    JsonNode invitation = invite("'email_address':'new@example.com'");

    JsonNode revoked = calls.ok("POST /invitations/" + id(invitation) + "/revoke");

    assertThat(revoked.path("revoked").asBoolean()).isTrue();
    assertThat(revoked.path("status").asText()).isEqualTo("revoked");
    assertThat(revoke(invitation)).isEqualTo("400 invitation_already_revoked");
  }

  @Test
  void invitationOfAnyStatusIsErased() {
    JsonNode invitation = calls.ok("POST /invitations", "{'email_address':'eve@example.com'}");
    revoke(invitation);
    assertThat(calls.ok("DELETE /invitations/" + id(invitation)).path("deleted").asBoolean())
        .isTrue();
    assertThat(calls.ok("GET /invitations?status=revoked")).isEmpty();
    assertThat(calls.call("DELETE", "/invitations/" + id(invitation)).error())
        .isEqualTo("404 resource_not_found");
  }

  /** The entry of the waitlist stays when its invitation is erased. */
  @Test
  void entryOfErasedInvitationIsListed() {
    JsonNode entry = calls.ok("POST /waitlist_entries", "{'email_address':'eve@example.com'}");
    JsonNode invited = calls.ok("POST /waitlist_entries/" + id(entry) + "/invite");
    calls.ok("DELETE /invitations/" + id(invited.path("invitation")));
    assertThat(calls.ok("GET /waitlist_entries").at("/data/0/status").asText())
        .isEqualTo("invited");
  }

  @Test
  void acceptedInvitationCannotBeRevoked() {
    JsonNode invitation = invite("'email_address':'new@example.com'");
    calls
        .store()
        .table(ObjectKind.INVITATION)
        .change(id(invitation), row -> row.put("status", "accepted"));

    assertThat(revoke(invitation)).isEqualTo("400 invitation_already_accepted");
    assertThat(calls.call("POST", "/invitations/inv_0/revoke").error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void listOmitsRevokedUnlessRequested() {
    JsonNode kept = invite("'email_address':'kept@example.com'");
    JsonNode gone = invite("'email_address':'gone@example.com'");
    revoke(gone);

    assertThat(calls.ok("GET /invitations").findValuesAsText("id")).containsExactly(id(kept));
    assertThat(calls.ok("GET /invitations?status=revoked").findValuesAsText("id"))
        .containsExactly(id(gone));
  }

  @Test
  void listSearchesAndSorts() {
    JsonNode bob = invite("'email_address':'bob@example.com','expires_in_days':9");
    JsonNode amy = invite("'email_address':'Amy@example.org','expires_in_days':3");

    assertThat(calls.ok("GET /invitations").findValuesAsText("id"))
        .containsExactly(id(amy), id(bob));
    assertThat(calls.ok("GET /invitations?order_by=-expires_at").findValuesAsText("id"))
        .containsExactly(id(bob), id(amy));
    assertThat(calls.ok("GET /invitations?order_by=email_address").findValuesAsText("id"))
        .containsExactly(id(amy), id(bob));
    assertThat(calls.call("GET", "/invitations?order_by=status").error())
        .isEqualTo("422 form_param_value_invalid order_by");
    assertThat(calls.ok("GET /invitations?query=EXAMPLE.COM").findValuesAsText("id"))
        .containsExactly(id(bob));
    assertThat(calls.ok("GET /invitations?query=" + id(amy)).findValuesAsText("id"))
        .containsExactly(id(amy));
    JsonNode page = calls.ok("GET /invitations?paginated=true&limit=1");
    assertThat(page.path("total_count").asInt()).isEqualTo(2);
    assertThat(page.path("data")).hasSize(1);
  }

  @Test
  void bulkCreatesInTheOrderOfTheRequest() {
    JsonNode created =
        calls.ok(
            "POST /invitations/bulk",
            "[{'email_address':'b@example.com'},"
                + "{'email_address':'a@example.com','public_metadata':null,'expires_in_days':1}]");

    assertThat(created.findValuesAsText("email_address"))
        .containsExactly("b@example.com", "a@example.com");
    assertThat(days(created.path(1))).isEqualTo(1);
  }

  @Test
  void bulkNamesAllDuplicatesAndCreatesNothing() {
    invite("'email_address':'one@example.com'");

    SandboxCalls.Reply reply =
        calls.call(
            "POST",
            "/invitations/bulk",
            "[{'email_address':'new@example.com'},{'email_address':'one@example.com'},"
                + "{'email_address':'new@example.com'}]");

    assertThat(reply.error()).isEqualTo("400 duplicate_record");
    assertThat(reply.body().at("/errors/0/message").asText())
        .contains("one@example.com, new@example.com");
    assertThat(calls.ok("GET /invitations")).hasSize(1);
  }

  @Test
  void bulkErrorNamesTheItem() {
    calls.ok("POST /users", "{'email_address':['ada@example.com']}");
    String body = "[{'email_address':'new@example.com'},{'email_address':'%s'}]";

    assertThat(calls.call("POST", "/invitations/bulk", body.formatted("nobody")).error())
        .isEqualTo("422 form_param_format_invalid 1.email_address");
    assertThat(calls.call("POST", "/invitations/bulk", body.formatted("ada@example.com")).error())
        .isEqualTo("422 form_identifier_exists 1.email_address");
    assertThat(calls.ok("GET /invitations")).isEmpty();
  }

  private JsonNode invite(String fields) {
    return calls.ok("POST /invitations", "{" + fields + "}");
  }

  private String revoke(JsonNode invitation) {
    return calls.call("POST", "/invitations/" + id(invitation) + "/revoke").error();
  }

  private static long days(JsonNode invitation) {
    return Duration.ofMillis(
            invitation.path("expires_at").asLong() - invitation.path("created_at").asLong())
        .toDays();
  }

  private static String id(JsonNode object) {
    return object.path("id").asText();
  }
}
