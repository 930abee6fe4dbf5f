package dev.clerkmcp.sandbox.handlers.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ListIdentifiersTest {
  private final SandboxCalls calls = SandboxCalls.empty();

  @ParameterizedTest
  @CsvSource({
    "allowlist, ada@example.com, email_address",
    "allowlist, *@example.com, email_address",
    "blocklist, *@example.com, email_address",
    "allowlist, +15555550100, phone_number",
    "blocklist, 0x00000000000000000000000000000000000000aB, web3_wallet"
  })
  void recognizesWhatIsIdentified(String list, String identifier, String type) {
    JsonNode added = add(list, identifier).body();

    assertThat(added.path("object").asText()).isEqualTo(list + "_identifier");
    assertThat(added.path("identifier").asText()).isEqualTo(identifier);
    assertThat(added.path("identifier_type").asText()).isEqualTo(type);
    assertThat(added.path("instance_id").asText()).isEqualTo(HandlerContext.INSTANCE_ID);
    assertThat(added.has("invitation_id")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "ada", "ada@", "*@*.com", "*@", "a*@example.com", "15555550100", "0x12"})
  void rejectsInvalidIdentifiers(String identifier) {
    assertThat(add("blocklist", identifier).error())
        .isEqualTo("422 form_param_format_invalid identifier");
  }

  @Test
  void rejectsDuplicateOnTheSameList() {
    add("allowlist", "ada@example.com");

    assertThat(add("allowlist", "Ada@Example.com").error()).isEqualTo("400 duplicate_record");
    assertThat(add("blocklist", "ada@example.com").status()).isEqualTo(200);
  }

  @Test
  void listsHaveTheirOwnSchemas() {
    add("allowlist", "ada@example.com");
    add("allowlist", "grace@example.com");
    add("blocklist", "spam@example.com");

    assertThat(calls.ok("GET /allowlist_identifiers?limit=1")).hasSize(1);
    assertThat(calls.ok("GET /allowlist_identifiers?paginated=true").path("total_count").asInt())
        .isEqualTo(2);
    JsonNode blocked = calls.ok("GET /blocklist_identifiers");
    assertThat(blocked.path("total_count").asInt()).isEqualTo(1);
    assertThat(blocked.at("/data/0/identifier").asText()).isEqualTo("spam@example.com");
  }

  @ParameterizedTest
  @ValueSource(strings = {"allowlist", "blocklist"})
  void secondDeletionIsNotFound(String list) {
    String path =
        "/%s_identifiers/%s".formatted(list, add(list, "a@example.com").body().path("id").asText());

    JsonNode deleted = calls.ok("DELETE " + path);

    assertThat(deleted.path("object").asText()).isEqualTo(list + "_identifier");
    assertThat(deleted.path("deleted").asBoolean()).isTrue();
    assertThat(calls.call("DELETE", path).error()).isEqualTo("404 resource_not_found");
    assertThat(add(list, "a@example.com").status()).isEqualTo(200);
  }

  @Test
  void notifyInvitesTheAddress() {
    String body = "{'identifier':'%s','notify':true}";

    JsonNode ada = calls.ok("POST /allowlist_identifiers", body.formatted("ada@example.com"));
    JsonNode domain = calls.ok("POST /allowlist_identifiers", body.formatted("*@example.com"));
    JsonNode phone = calls.ok("POST /allowlist_identifiers", body.formatted("+15555550100"));

    assertThat(domain.has("invitation_id") || phone.has("invitation_id")).isFalse();
    assertThat(calls.ok("GET /invitations").findValuesAsText("id"))
        .containsExactly(ada.path("invitation_id").asText());
  }

  private SandboxCalls.Reply add(String list, String identifier) {
    return calls.call(
        "POST", "/%s_identifiers".formatted(list), "{'identifier':'%s'}".formatted(identifier));
  }

  /** A list counts only while it is on. */
  @ParameterizedTest
  @CsvSource({
    "blocklist, true, in@example.net, eve@spam.example",
    "allowlist, true, eve@spam.example, in@example.net",
    "blocklist, false, eve@spam.example, ''",
  })
  void listThatIsOnKeepsPeopleOut(String list, boolean on, String welcome, String refused) {
    calls.ok("POST /" + list + "_identifiers", "{'identifier':'*@spam.example'}");
    calls.ok("PATCH /instance/restrictions", "{'%s':%s}".formatted(list, on));
    calls.ok("POST /invitations", "{'email_address':'%s'}".formatted(welcome));
    calls.ok("POST /users", "{'email_address':['%s']}".formatted("x" + welcome));
    if (!refused.isEmpty()) {
      assertThat(
              calls
                  .call("POST", "/invitations", "{'email_address':'%s'}".formatted(refused))
                  .error())
          .isEqualTo("403 not_allowed_access");
      assertThat(
              calls.call("POST", "/users", "{'email_address':['%s']}".formatted(refused)).error())
          .isEqualTo("403 not_allowed_access");
    }
  }
}
