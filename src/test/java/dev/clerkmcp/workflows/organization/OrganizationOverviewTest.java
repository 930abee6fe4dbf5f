package dev.clerkmcp.workflows.organization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.workflows.support.Rows;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the overview of an organization, small or large. */
final class OrganizationOverviewTest {
  private static final String TOOL = "clerk_org_overview";

  private static final FakeClerk.Answer ROLES =
      new FakeClerk.Answer(
          200,
          "{\"data\":[{\"key\":\"org:admin\"},{\"key\":\"org:member\"},{\"key\":\"org:guest\"}],"
              + "\"total_count\":3}");

  private final SandboxClerk clerk = new SandboxClerk();
  private final String ada = user("ada", "Ada");

  @Test
  void showsSettingsMembersAndSeats() {
    String acme = organization("Acme", 5);
    String bob = user("bob", "Bob");
    join(acme, bob);
    String invited = invite(acme, "carol@example.com");
    clerk
        .sandbox()
        .ok(
            "POST /organizations/" + acme + "/domains",
            "{'name':'acme.test','enrollment_mode':'automatic_invitation','verified':true}");
    JsonNode answer = overview(acme, "");
    assertThat(answer.path("name").asText()).isEqualTo("Acme");
    assertThat(answer.path("max_allowed_memberships").asInt()).isEqualTo(5);
    assertThat(answer.path("members_count").asInt()).isEqualTo(2);
    assertThat(answer.path("pending_invitations_count").asInt()).isEqualTo(1);
    assertThat(answer.path("seats_left").asInt()).isEqualTo(2);
    assertThat(answer.path("members_by_role")).hasToString("{\"org:admin\":1,\"org:member\":1}");
    assertThat(answer.path("admins"))
        .hasToString(
            "[{\"id\":\"%s\",\"name\":\"Ada L\",\"email\":\"ada@example.com\"}]".formatted(ada));
    assertThat(answer.path("members")).hasSize(2);
    assertThat(answer.at("/invitations/0/id").asText()).isEqualTo(invited);
    assertThat(answer.at("/domains/0/name").asText()).isEqualTo("acme.test");
    assertThat(answer.at("/domains/0/enrollment_mode").asText()).isEqualTo("automatic_invitation");
    assertThat(answer.at("/domains/0/verified").asBoolean()).isTrue();
    assertThat(answer.path("flags")).hasToString("[\"single_admin\"]");
    assertThat(answer.has("not_read")).isFalse();
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void askedFieldsWithNothingInThemAreShownSo(@TempDir Path folder) {
    ToolRegistry tools = clerk.tools(folder, Map.of());
    String acme = organization("Acme", 0);
    ToolResult result =
        clerk.call(
            tools,
            "clerk_org_overview",
            "{'organization_id':'%s','fields':['domains','invitations','last_active_at']}"
                .formatted(acme));
    assertThat(result.notes()).isEmpty();
    assertThat(ToolCaller.json(result).path("domains")).hasToString("[]");
    assertThat(ToolCaller.json(result).path("invitations")).hasToString("[]");
    assertThat(ToolCaller.json(result).has("last_active_at")).isTrue();
    clerk.refuse("GET /organizations/" + acme + "/memberships", 403, "no_good");
    ToolResult refused =
        clerk.call(
            tools,
            "clerk_org_overview",
            "{'organization_id':'%s','fields':['admins','members']}".formatted(acme));
    assertThat(ToolCaller.json(refused).path("admins").asText()).startsWith("not read: 403");
    assertThat(ToolCaller.json(refused).path("members").asText()).startsWith("not read: 403");
  }

  @Test
  void organizationIsFoundBySlug() {
    String acme = organization("Acme", 0);
    String slug = clerk.sandbox().ok("GET /organizations/" + acme).path("slug").asText();
    JsonNode answer = overview(slug, "");
    assertThat(answer.path("id").asText()).isEqualTo(acme);
    assertThat(answer.path("members_count").asInt()).isEqualTo(1);
    assertThat(answer.path("seats_left").asText()).isEqualTo("unlimited");
  }

  @Test
  void fullOrganizationIsFlagged() {
    String acme = organization("Acme", 2);
    invite(acme, "carol@example.com");
    JsonNode answer = overview(acme, "");
    assertThat(answer.path("seats_left").asInt()).isZero();
    assertThat(answer.path("flags")).hasToString("[\"full\"]");
  }

  /** An expired invitation takes no seat, and nobody waits for an answer to it. */
  @Test
  void expiredInvitationIsNotCounted() {
    String acme = organization("Acme", 2);
    id(
        "POST /organizations/" + acme + "/invitations",
        "{'email_address':'carol@example.com','role':'org:member','expires_in_days':1}");
    assertThat(overview(acme, "").path("invitations")).hasSize(1);
    clerk
        .sandbox()
        .store()
        .overrideTime(clerk.sandbox().store().now() + Duration.ofDays(1).toMillis());
    JsonNode answer = overview(acme, "");
    assertThat(answer.path("pending_invitations_count").asInt(-1)).isZero();
    assertThat(answer.path("seats_left").asInt()).isEqualTo(1);
    assertThat(answer.has("invitations")).isFalse();
    assertThat(answer.path("flags")).isEmpty();
  }

  @Test
  void organizationWithoutMembersIsFlagged() {
    String id = clerk.sandbox().ok("POST /organizations", "{'name':'Empty'}").path("id").asText();
    JsonNode answer = overview(id, "");
    assertThat(answer.path("flags").toString()).contains("without_admin", "without_members");
    assertThat(answer.has("members")).isFalse();
    assertThat(answer.has("admins")).isFalse();
  }

  /** The requested and the shown number of members. */
  @ParameterizedTest
  @CsvSource({
    "'', 20",
    "',\"members\":0', 0",
    "',\"members\":150', 150",
    "',\"members\":200', 200"
  })
  void largeOrganizationCostsNoMoreThan13000Tokens(String argument, int shown) {
    clerk.answer("GET /organization_roles", ROLES);
    String big = largeOrganization();
    JsonNode answer = overview(big, argument);
    assertThat(Rows.tokens(answer)).isLessThanOrEqualTo(shown > 20 ? 13_000 : 2_000);
    assertThat(answer.path("members")).hasSize(shown);
    assertThat(answer.path("members_left_out").asInt()).isEqualTo(202 - shown);
    assertThat(answer.path("members_count").asInt()).isEqualTo(202);
    assertThat(answer.path("members_by_role")).hasToString("{\"org:admin\":1,\"org:member\":201}");
    assertThat(answer.path("admins").findValuesAsText("id")).containsExactly(ada);
    assertThat(clerk.requests()).hasSizeLessThan(12);
  }

  @ParameterizedTest
  @CsvSource({
    "enterprise_connections, 402, enterprise_connections",
    "organizations/ID/domains, 403, domains",
    "organizations/ID/invitations, 404, invitations",
    "organizations/ID/memberships, 500, members"
  })
  void refusedPartIsNamedAndOthersAreShown(String path, int status, String part) {
    String acme = organization("Acme", 5);
    clerk.refuse("GET /" + path.replace("ID", acme), status, "not_for_you");
    JsonNode answer = overview(acme, "");
    assertThat(answer.path("not_read")).hasSize(1);
    assertThat(answer.path("not_read").path(part).asText())
        .contains(Integer.toString(status), "not_for_you");
    assertThat(answer.path("name").asText()).isEqualTo("Acme");
    assertThat(answer.path("members_count").asInt()).isEqualTo(1);
    assertThat(answer.has(part)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "organizations/ID?, 404",
    "organizations/ID/memberships, 429",
    "enterprise_connections, 401"
  })
  void errorAboutAllPartsFailsTheCall(String path, int status) {
    String acme = organization("Acme", 5);
    clerk.refuse("GET /" + path.replace("ID", acme), status, "no_good");
    ToolResult result = clerk.call(TOOL, "{'organization_id':'%s'}".formatted(acme));
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("no_good");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /organizations/", "GET /enterprise_connections"})
  void cancelledCallStops(String request) {
    String acme = organization("Acme", 5);
    assertThatThrownBy(
            () -> clerk.callAndCancel(TOOL, "{'organization_id':'%s'}".formatted(acme), request))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void adminsAreListedWithoutTheRoles() {
    clerk.refuse("GET /organization_roles", 403, "not_for_you");
    JsonNode answer = overview(largeOrganization(), "");
    assertThat(answer.path("not_read").path("members_by_role").asText()).contains("not_for_you");
    assertThat(answer.path("admins").findValuesAsText("id")).containsExactly(ada);
    assertThat(answer.has("members_by_role")).isFalse();
  }

  private String largeOrganization() {
    String big = organization("Big", 0);
    for (int i = 1; i < 202; i++) {
      join(
          big,
          user(
              String.format(Locale.ROOT, "somebody.with.a.long.address%03d", i),
              String.format(Locale.ROOT, "Firstname%03d", i)));
    }
    return big;
  }

  private JsonNode overview(String organization, String more) {
    ToolResult result =
        clerk.call(TOOL, "{'organization_id':'%s'%s}".formatted(organization, more));
    assertThat(result.isError()).as(result.json()).isFalse();
    return ToolCaller.json(result);
  }

  private String organization(String name, int seats) {
    return id(
        "POST /organizations",
        "{'name':'%s','created_by':'%s','max_allowed_memberships':%s}".formatted(name, ada, seats));
  }

  private String user(String handle, String name) {
    return id(
        "POST /users",
        "{'first_name':'%s','last_name':'L','email_address':['%s@example.com']}"
            .formatted(name, handle));
  }

  private void join(String organization, String user) {
    id(
        "POST /organizations/" + organization + "/memberships",
        "{'user_id':'%s','role':'org:member'}".formatted(user));
  }

  private String invite(String organization, String address) {
    return id(
        "POST /organizations/" + organization + "/invitations",
        "{'email_address':'%s','role':'org:member'}".formatted(address));
  }

  private String id(String route, String body) {
    return clerk.sandbox().ok(route, body).path("id").asText();
  }
}
