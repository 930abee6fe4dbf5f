package dev.clerkmcp.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Words for roles wherever a tool takes one, through the whole chain. */
class RoleInterceptorTest {
  private final SandboxClerk clerk = new SandboxClerk(SandboxCalls.withDefaults(1));
  private String ada = "";
  private String bob = "";
  private String acme = "";
  @TempDir private Path folder;
  private ToolRegistry tools;

  @BeforeEach
  void createOrganization() {
    SandboxCalls sandbox = clerk.sandbox();
    ada = sandbox.createUser("ada@example.com");
    bob = sandbox.createUser("bob@example.com");
    acme =
        sandbox
            .ok(
                "POST /organizations",
                "{'name':'Acme','slug':'acme','created_by':'%s'}".formatted(ada))
            .path("id")
            .asText();
    sandbox.ok(
        "POST /organizations/" + acme + "/memberships",
        "{'user_id':'%s','role':'org:member'}".formatted(bob));
    tools = clerk.tools(folder, Map.of());
  }

  @ParameterizedTest
  @CsvSource({"admin, false", "ORG:Admin, false", "admin, true"})
  void wordIsTaken(String role, boolean dryRun) {
    ToolResult result =
        call(
            "clerk_org_membership_update",
            "{'organization_id':'acme','user_id':'bob@example.com','role':'%s','dry_run':%s}"
                .formatted(role, dryRun));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.notes()).contains("role: " + role + " was read as org:admin.");
    assertThat(result.json()).contains("org:admin").doesNotContain("Clerk will refuse");
    assertThat(roleOfBob()).isEqualTo(dryRun ? "org:member" : "org:admin");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_org_membership_update | {'organization_id':'ORG','user_id':'BOB','role':'org:owner'}",
        "clerk_org_membership_create | {'organization_id':'ORG','user_id':'BOB','role':'owner'}",
        "clerk_org_memberships_list  | {'organization_id':'ORG','role':'org:owner'}",
        "clerk_org_invitation_create | {'organization_id':'ORG','email_address':'eve@example.com','role':'billing'}",
        "clerk_org_invitations_send_bulk  | {'organization_id':'ORG','emails':'eve@example.com','role':'billing'}",
        "clerk_org_onboard           | {'name':'New','admin':'ADA','members':[{'email_address':'eve@example.com','role':'org:billing'}]}",
        "clerk_org_invitation_create_bulk | {'organization_id':'ORG','invitations':[{'email_address':'eve@example.com','role':'billing'}]}",
        "clerk_role_set_create       | {'name':'Set','key':'role_set:new','default_role_key':'org:billing','creator_role_key':'admin','roles':['admin']}",
        "clerk_role_set_role_add     | {'role_set_key_or_id':'role_set:default','role_keys':['billing']}",
        "clerk_instance_org_settings_update | {'creator_role_id':'role_none'}",
        "clerk_instance_org_settings_update | {'domains_default_role_id':'billing'}",
        "clerk_role_set_role_replace | {'role_set_key_or_id':'role_set:default','role_key':'member','to_role_key':'billing'}"
      })
  void unknownRoleIsRefused(String tool, String arguments) {
    String given = arguments.replace("ORG", acme).replace("ADA", ada).replace("BOB", bob);
    String state = clerk.sandbox().store().toJson().toString();
    for (String dryRun : new String[] {"", ",'dry_run':true}"}) {
      if (!dryRun.isEmpty() && tool.endsWith("_list")) {
        continue;
      }
      ToolResult result =
          call(tool, dryRun.isEmpty() ? given : given.substring(0, given.length() - 1) + dryRun);
      assertThat(result.isError()).as(result.json()).isTrue();
      assertThat(result.json())
          .containsPattern("role_not_found.*org:admin\\)?, (role_\\w+ \\()?org:member");
    }
    assertThat(clerk.changes()).isEmpty();
    assertThat(clerk.sandbox().store().toJson()).hasToString(state);
  }

  @Test
  void wordIsTakenForId() {
    JsonNode admin = null;
    for (JsonNode role : clerk.sandbox().ok("GET /organization_roles").path("data")) {
      admin = role.path("key").asText().equals("org:admin") ? role.path("id") : admin;
    }
    assertThat(admin).isNotNull();
    ToolResult result = call("clerk_instance_org_settings_update", "{'creator_role_id':'admin'}");
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.notes())
        .contains("creator_role_id: admin was read as %s.".formatted(admin.asText()));
    assertThat(clerk.requests()).anyMatch(sent -> sent.contains("\"creator_role_id\":"));
  }

  /** A role's name will do where its key or ID is asked for, unless two roles have it. */
  @Test
  void nameIsTaken() {
    String id =
        clerk
            .sandbox()
            .ok("POST /organization_roles", "{'name':'Billing Manager','key':'org:billing'}")
            .path("id")
            .asText();
    ToolResult added =
        call(
            "clerk_role_set_role_add",
            "{'role_set_key_or_id':'role_set:default','role_keys':['billing manager']}");
    assertThat(added.isError()).as(added.json()).isFalse();
    assertThat(added.notes())
        .contains("role_keys[0]: \"billing manager\" was read as org:billing.");
    assertThat(clerk.sandbox().ok("GET /role_sets/role_set:default").path("roles").toString())
        .contains("org:billing");
    ToolResult set =
        call("clerk_instance_org_settings_update", "{'domains_default_role_id':'Billing Manager'}");
    assertThat(clerk.requests())
        .as(set.json())
        .anyMatch(sent -> sent.contains("\"domains_default_role_id\":\"%s\"".formatted(id)));
    clerk
        .sandbox()
        .ok("POST /organization_roles", "{'name':'Billing Manager','key':'org:billing_too'}");
    assertThat(
            call(
                    "clerk_org_membership_update",
                    "{'organization_id':'acme','user_id':'%s','role':'Billing Manager'}"
                        .formatted(bob))
                .json())
        .contains("role_not_found", "org:billing_too");
  }

  @Test
  void filterTakesWord() {
    ToolResult result =
        call("clerk_org_memberships_list", "{'organization_id':'acme','role':'admin'}");
    assertThat(ToolCaller.json(result).path("data")).hasSize(1);
    assertThat(clerk.requests()).noneMatch(request -> request.contains("/organization_roles"));
  }

  @Test
  void roleInMetadataIsData() {
    ToolResult result =
        call(
            "clerk_org_membership_create",
            "{'organization_id':'acme','user_id':'%s','role':'member','public_metadata':{'role':'chief'}}"
                .formatted(clerk.sandbox().createUser("eve@example.com")));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(clerk.requests()).anyMatch(request -> request.contains("{\"role\":\"chief\"}"));
  }

  private String roleOfBob() {
    return clerk
        .sandbox()
        .ok("GET /organizations/" + acme + "/memberships?user_id=" + bob)
        .at("/data/0/role")
        .asText();
  }

  private ToolResult call(String tool, String arguments) {
    return clerk.call(tools, tool, arguments);
  }
}
