package dev.clerkmcp.workflows.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests changing the primary email address: requests, errors and repeated calls. */
final class EmailWorkflowsTest {
  private static final String TOOL = "clerk_user_change_email";
  private static final String OLD = "ada@example.com";
  private static final String NEW = "lovelace@example.com";

  private final SandboxClerk clerk = new SandboxClerk();
  private final String ada = user(OLD);

  @Test
  void newAddressBecomesPrimaryAndOldOneStays() {
    String oldId = primary();
    JsonNode answer = change("'verified':true");
    assertThat(answer.path("user_id").asText()).isEqualTo(ada);
    assertThat(answer.path("changed"))
        .hasToString(
            "[{\"field\":\"primary_email_address\",\"before\":\"%s\",\"after\":\"%s\"}]"
                .formatted(OLD, NEW));
    assertThat(answer.path("email_address"))
        .hasToString(
            "{\"id\":\"%s\",\"email\":\"%s\",\"verified\":true}".formatted(primary(), NEW));
    assertThat(clerk.changes()).containsExactly("POST /email_addresses");
    assertThat(user().path("email_addresses")).hasSize(2);
    assertThat(primary()).isNotEqualTo(oldId);
  }

  @Test
  void oldAddressIsRemovedOnRequest() {
    JsonNode answer = change("'verified':true,'remove_old':true");
    assertThat(answer.path("removed_email_addresses")).hasToString("[\"%s\"]".formatted(OLD));
    assertThat(user().path("email_addresses").findValuesAsText("email_address"))
        .containsExactly(NEW);
  }

  /** Clerk deletes no address that a connected account uses, so nothing is begun. */
  @Test
  void connectedAccountIsDisconnectedOnlyOnRequest() {
    String oldId = primary();
    connectGoogle();
    ToolResult refused = call("'verified':true,'remove_old':true");
    assertThat(refused.json())
        .contains("a connected account (oauth_google) uses " + OLD, "disconnect: true");
    assertThat(clerk.changes()).isEmpty();

    JsonNode answer = change("'verified':true,'remove_old':true,'disconnect':true");
    assertThat(answer.path("disconnected")).hasToString("[\"eac_1\"]");
    assertThat(answer.path("removed_email_addresses")).hasToString("[\"%s\"]".formatted(OLD));
    assertThat(clerk.changes())
        .containsExactly(
            "POST /email_addresses",
            "DELETE /users/%s/external_accounts/eac_1".formatted(ada),
            "DELETE /email_addresses/" + oldId);
    assertThat(user().path("external_accounts")).isEmpty();
    assertThat(user().path("email_addresses")).hasSize(1);
  }

  /** The new address is added before the old one goes. */
  @Test
  void planDoesNotCallTheOldAddressTheOnlyOne(@TempDir Path folder) {
    connectGoogle();
    String arguments =
        "{'user_id':'%s','email_address':'%s','verified':true,'remove_old':true,'disconnect':true,'dry_run':true}"
            .formatted(ada, NEW);
    ToolResult planned =
        clerk.call(clerk.tools(folder, Map.of()), "clerk_user_change_email", arguments);
    assertThat(planned.json())
        .contains("Sign-in with this account ends", "can no longer sign in with it")
        .doesNotContain("only email address");
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void accountThatStaysConnectedIsTold() {
    connectGoogle();
    clerk.refuse("DELETE /users/", 409, "not_now");
    ToolResult failed = call("'verified':true,'remove_old':true,'disconnect':true");
    assertThat(ToolCaller.json(failed).path("message").asText())
        .isEqualTo(
            "The new address is primary; the account eac_1, which uses the old one, was not"
                + " disconnected, and the old one was not deleted. To go on:"
                + " clerk_user_external_account_delete, then clerk_email_address_delete.");
    assertThat(user().path("email_addresses")).hasSize(2);
  }

  private void connectGoogle() {
    clerk
        .sandbox()
        .store()
        .table(ObjectKind.USER)
        .change(
            ada,
            user -> {
              user.withArrayProperty("external_accounts")
                  .addObject()
                  .put("id", "idn_9")
                  .put("identification_id", "idn_9")
                  .put("external_account_id", "eac_1")
                  .put("provider", "oauth_google");
              ((ObjectNode) user.at("/email_addresses/0"))
                  .withArrayProperty("linked_to")
                  .addObject()
                  .put("type", "oauth_google")
                  .put("id", "idn_9");
            });
  }

  @Test
  void repeatedCallChangesNothing() {
    change("'verified':true");
    ToolResult again = call("'verified':true,'remove_old':true");
    assertThat(clerk.changes()).isEmpty();
    assertThat(ToolCaller.json(again).at("/email_address/email").asText()).isEqualTo(NEW);
    assertThat(again.notes())
        .singleElement()
        .asString()
        .contains("already the primary address; nothing was changed", "clerk_email_address_delete");
  }

  @Test
  void unverifiedAddressIsNotMadePrimary() {
    String oldId = primary();
    JsonNode added = change("'verified':false").path("added");
    assertThat(added.path("verified").asBoolean()).isFalse();
    assertThat(primary()).isEqualTo(oldId);

    ToolResult again = call("'verified':false");
    assertThat(clerk.changes()).isEmpty();
    assertThat(again.notes()).singleElement().asString().contains("not verified");

    clerk.sandbox().ok("PATCH /email_addresses/" + added.path("id").asText(), "{'verified':true}");
    assertThat(change("'verified':false").at("/email_address/email").asText()).isEqualTo(NEW);
    assertThat(clerk.changes())
        .containsExactly("PATCH /email_addresses/" + added.path("id").asText());
    assertThat(primary()).isEqualTo(added.path("id").asText());
  }

  @Test
  void ownAddressIsNotAddedAgain() {
    JsonNode added = change("'verified':false").path("added");
    JsonNode answer = change("'verified':true,'email_address':'Lovelace@Example.com '");
    assertThat(answer.at("/email_address/id")).isEqualTo(added.path("id"));
    assertThat(user().path("email_addresses")).hasSize(2);
    assertThat(primary()).isEqualTo(added.path("id").asText());
  }

  @Test
  void addressOfAnotherUserIsRefused() {
    String bob = user("bob@example.com");
    ToolResult result = call("'verified':true,'email_address':'BOB@example.com'");
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("another user", bob);
    assertThat(clerk.changes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'verified':true,'email_address':'nobody' | must be an email address",
        "'verified':true,'email_address':'a@b' | must be an email address",
        "'verified':true,'email_address':'x y@z.example' | must be an email address",
        "'email_address':'x@example.com'           | verified",
        "'verified':false,'remove_old':true        | must wait until the new address"
      })
  void invalidArgumentsAreRefused(String arguments, String problem) {
    ToolResult result = call(arguments);
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("invalid_arguments", problem);
    assertThat(clerk.changes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"400, delete_linked_identification_disallowed", "429, too_many_requests"})
  void refusedRemovalReportsTheOtherChanges(int status, String code) {
    String oldId = primary();
    clerk.refuse("DELETE /email_addresses/", status, code);
    ToolResult result = call("'verified':true,'remove_old':true");
    assertThat(result.isError()).isTrue();
    JsonNode answer = ToolCaller.json(result);
    assertThat(answer.path("message").asText())
        .contains("is primary", oldId, "was not deleted", "clerk_email_address_delete");
    assertThat(answer.at("/error/code").asText()).isEqualTo(code);
    assertThat(answer.at("/done/email_address/email").asText()).isEqualTo(NEW);
    assertThat(primary()).isNotEqualTo(oldId);
  }

  @Test
  void refusedAddressChangesNothing() {
    String oldId = primary();
    clerk.refuse("POST /email_addresses", 422, "form_param_format_invalid");
    assertThat(call("'verified':true,'remove_old':true").json())
        .contains("form_param_format_invalid");
    assertThat(primary()).isEqualTo(oldId);
    assertThat(clerk.changes()).hasSize(1);
  }

  @Test
  void cancellationEndsTheCall() {
    assertThatThrownBy(
            () ->
                clerk.callAndCancel(
                    TOOL,
                    "{'user_id':'%s','email_address':'%s','verified':true,'remove_old':true}"
                        .formatted(ada, NEW),
                    "POST /email_addresses"))
        .isInstanceOf(CancellationException.class);
    assertThat(clerk.changes()).containsExactly("POST /email_addresses");
  }

  private JsonNode change(String arguments) {
    ToolResult result = call(arguments);
    assertThat(result.isError()).as(result.json()).isFalse();
    return ToolCaller.json(result);
  }

  private ToolResult call(String arguments) {
    String address = arguments.contains("email_address") ? "" : ",'email_address':'" + NEW + "'";
    return clerk.call(TOOL, "{'user_id':'%s',%s%s}".formatted(ada, arguments, address));
  }

  private JsonNode user() {
    return clerk.sandbox().ok("GET /users/" + ada);
  }

  private String primary() {
    return user().path("primary_email_address_id").asText();
  }

  private String user(String address) {
    return clerk
        .sandbox()
        .ok(
            "POST /users",
            "{'email_address':['%s'],'password':'Sup3rS3cretPassw0rd'}".formatted(address))
        .path("id")
        .asText();
  }
}
