package dev.clerkmcp.sandbox.handlers.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WaitlistEntriesTest {
  private final SandboxCalls calls = SandboxCalls.empty();

  @Test
  void joiningTwiceReturnsTheSameEntry() {
    JsonNode entry = join("ada@example.com");

    assertThat(entry.path("status").asText()).isEqualTo("pending");
    assertThat(entry.path("invitation").isNull()).isTrue();
    assertThat(join("ADA@example.com")).isEqualTo(entry);
    assertThat(calls.call("POST", "/waitlist_entries", "{'email_address':'ada'}").error())
        .isEqualTo("422 form_param_format_invalid email_address");
  }

  @Test
  void bulkReturnsExistingAndNewEntriesInOrder() {
    JsonNode ada = join("ada@example.com");

    JsonNode entries = bulk("grace@example.com", "ada@example.com").body();

    assertThat(entries.findValuesAsText("email_address"))
        .containsExactly("grace@example.com", "ada@example.com");
    assertThat(entries.path(1)).isEqualTo(ada);
  }

  @Test
  void bulkAddsAllOrNone() {
    assertThat(bulk("ada@example.com", "Ada@example.com").error())
        .isEqualTo("422 form_param_duplicate 1.email_address");
    assertThat(bulk("ada@example.com", "grace").error())
        .isEqualTo("422 form_param_format_invalid 1.email_address");
    assertThat(calls.store().table(ObjectKind.WAITLIST_ENTRY).size()).isZero();
  }

  @Test
  void invitedEntryShowsCurrentInvitation() {
    JsonNode entry = join("ada@example.com");

    JsonNode invited = calls.ok(path(entry, "invite"));

    assertThat(invited.path("status").asText()).isEqualTo("invited");
    JsonNode invitation = invited.path("invitation");
    assertThat(invitation.path("email_address").asText()).isEqualTo("ada@example.com");
    assertThat(calls.ok("GET /invitations").path(0)).isEqualTo(invitation);
    calls.ok("POST /invitations/" + id(invitation) + "/revoke");
    assertThat(calls.ok("GET /waitlist_entries").at("/data/0/invitation/status").asText())
        .isEqualTo("revoked");
  }

  @Test
  void acceptedInvitationCompletesTheEntry() {
    JsonNode invited = calls.ok(path(join("ada@example.com"), "invite"));
    calls
        .store()
        .table(ObjectKind.INVITATION)
        .change(id(invited.path("invitation")), row -> row.put("status", "accepted"));

    assertThat(calls.ok("GET /waitlist_entries?status=completed").path("total_count").asInt())
        .isEqualTo(1);
    assertThat(error(path(invited, "invite"))).isEqualTo("409 waitlist_entry_already_completed");
    assertThat(error(path(invited, "reject"))).isEqualTo("409 waitlist_entry_already_completed");
  }

  @Test
  void onlyPendingEntriesCanChange() {
    JsonNode ada = join("ada@example.com");
    JsonNode grace = join("grace@example.com");
    calls.ok(path(ada, "invite"));
    assertThat(calls.ok(path(grace, "reject")).path("status").asText()).isEqualTo("rejected");

    for (String action : new String[] {"invite", "reject"}) {
      assertThat(error(path(ada, action))).isEqualTo("409 waitlist_entry_already_invited");
      assertThat(error(path(grace, action))).isEqualTo("409 waitlist_entry_already_rejected");
    }
    assertThat(error("DELETE /waitlist_entries/" + id(ada)))
        .isEqualTo("409 waitlist_entry_already_invited");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /waitlist_entries/%s/invite",
        "POST /waitlist_entries/%s/reject",
        "DELETE /waitlist_entries/%s"
      })
  void refusesUnknownAndLockedEntries(String route) {
    String id = id(join("ada@example.com"));
    calls.store().table(ObjectKind.WAITLIST_ENTRY).change(id, row -> row.put("is_locked", true));

    assertThat(error(route.formatted(id))).isEqualTo("409 waitlist_entry_locked");
    assertThat(error(route.formatted("wle_0"))).isEqualTo("404 resource_not_found");
  }

  @Test
  void rejectedInvitationLeavesTheEntryPending() {
    JsonNode entry = join("ada@example.com");
    calls.ok("POST /users", "{'email_address':['ada@example.com']}");

    assertThat(error(path(entry, "invite"))).isEqualTo("422 form_identifier_exists email_address");
    assertThat(calls.ok("GET /waitlist_entries?status=pending").path("total_count").asInt())
        .isEqualTo(1);
    assertThat(calls.ok(path(entry, "invite"), "{'ignore_existing':true}").path("status").asText())
        .isEqualTo("invited");
  }

  @Test
  void deletesPendingEntries() {
    JsonNode entry = join("ada@example.com");

    JsonNode deleted = calls.ok("DELETE /waitlist_entries/" + id(entry));

    assertThat(deleted.path("object").asText()).isEqualTo("waitlist_entry");
    assertThat(calls.ok("GET /waitlist_entries").path("total_count").asInt()).isZero();
  }

  @Test
  void listSearchesAndSorts() {
    JsonNode bob = join("bob@example.com");
    JsonNode amy = join("amy@example.org");
    JsonNode cat = join("cat@example.com");
    calls.ok(path(cat, "invite"));
    calls.ok(path(bob, "invite"));

    assertThat(ids("")).containsExactly(id(cat), id(amy), id(bob));
    assertThat(ids("?order_by=email_address")).containsExactly(id(amy), id(bob), id(cat));
    assertThat(ids("?order_by=-invited_at")).containsExactly(id(bob), id(cat), id(amy));
    assertThat(ids("?query=Example.com&order_by=created_at")).containsExactly(id(bob), id(cat));
    assertThat(ids("?query=" + id(amy))).containsExactly(id(amy));
    assertThat(ids("?limit=1&offset=1")).containsExactly(id(amy));
  }

  private JsonNode join(String address) {
    return calls.ok("POST /waitlist_entries", "{'email_address':'%s'}".formatted(address));
  }

  private SandboxCalls.Reply bulk(String first, String second) {
    return calls.call(
        "POST",
        "/waitlist_entries/bulk",
        "[{'email_address':'%s'},{'email_address':'%s','notify':false}]".formatted(first, second));
  }

  private String error(String route) {
    int space = route.indexOf(' ');
    return calls.call(route.substring(0, space), route.substring(space + 1)).error();
  }

  private Iterable<String> ids(String query) {
    return calls.ok("GET /waitlist_entries" + query).path("data").findValuesAsText("id").stream()
        .filter(id -> id.startsWith("wle_"))
        .toList();
  }

  private static String path(JsonNode entry, String action) {
    return "POST /waitlist_entries/%s/%s".formatted(id(entry), action);
  }

  private static String id(JsonNode object) {
    return object.path("id").asText();
  }
}
