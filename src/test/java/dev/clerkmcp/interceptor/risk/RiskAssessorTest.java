package dev.clerkmcp.interceptor.risk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which arguments raise a risk, as a dry run shows it. */
final class RiskAssessorTest {
  private final SandboxCalls sandbox = SandboxCalls.withDefaults(1);
  private final SandboxClerk clerk = new SandboxClerk(sandbox);
  private final String ada = sandbox.createUser("ada@example.com");
  private final String acme =
      sandbox
          .ok("POST /organizations", "{'name':'Acme','created_by':'%s'}".formatted(ada))
          .path("id")
          .asText();
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "clerk_user_update | 'user_id':'ADA','first_name':'Ada' | ",
        "clerk_user_update | 'user_id':'ADA','external_id':'ceo@corp.example' | identity",
        "clerk_user_update | 'user_id':'ADA','clear':['external_id'] | identity",
        "clerk_user_update | 'user_id':'ADA','create_organization_enabled':true | privilege",
        "clerk_user_update | 'user_id':'ADA','create_organization_enabled':false | ",
        "clerk_user_update | 'user_id':'ADA','create_organizations_limit':9 | privilege",
        "clerk_user_update | 'user_id':'ADA','delete_self_enabled':true | privilege",
        "clerk_sign_up_update | 'id':'sua_1','external_id':'7' | identity",
        "clerk_sign_up_update | 'id':'sua_1','custom_action':true | ",
        "clerk_user_create | 'email_address':['a@x.example'] | ",
        "clerk_user_create | 'email_address':['a@x.example'],'external_id':'7' | identity",
        "clerk_user_create | 'email_address':['a@x.example'],'create_organizations_limit':0 | privilege",
        "clerk_user_create | 'email_address':['a@x.example','b@y.example'] | identity",
        "clerk_user_create | 'email_address':['a@x.example'],'phone_number':['+12015550123'] | identity",
        "clerk_organization_update | 'organization_id':'ACME','name':'Other' | ",
        "clerk_organization_update | 'organization_id':'ACME','slug':'other' | identity",
        "clerk_organization_update | 'organization_id':'ACME','role_set_key':'role_set:default' | privilege",
        "clerk_organization_create | 'name':'New','role_set_key':'role_set:default' | privilege",
        "clerk_invitation_create | 'email_address':'x@y.example' | ",
        "clerk_invitation_create | 'email_address':'x@y.example','redirect_url':'https://evil.example' | federation",
        "clerk_invitation_create | 'email_address':'x@y.example','notify':false | credential",
        "clerk_invitation_create_bulk | 'invitations':[{'email_address':'x@y.example'}] | ",
        "clerk_invitation_create_bulk | 'invitations':[{'email_address':'x@y.example'},{'email_address':'z@y.example','redirect_url':'https://evil.example'}] | federation",
        "clerk_invitations_send_bulk | 'emails':['x@y.example'],'redirect_url':'https://evil.example' | federation",
        "clerk_org_invitation_create | 'organization_id':'ACME','email_address':'x@y.example','role':'org:member','redirect_url':'https://evil.example' | federation",
        "clerk_org_invitation_create_bulk | 'organization_id':'ACME','invitations':[{'email_address':'x@y.example','role':'org:member','notify':false}] | credential",
      })
  void argumentsDecide(String tool, String arguments, String risks) {
    assertThat(risks(tool, arguments)).isEqualTo(risks == null ? List.of() : List.of(risks));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "role        | true",
        "ROLE        | true",
        "isAdmin     | true",
        "is-admin    | true",
        "userRole    | true",
        "user_role   | true",
        "Role        | true",
        "isadmin     | true",
        "ISADMIN     | true",
        "ROLEID      | true",
        "roleid      | true",
        "role1       | true",
        "userROLE    | true",
        "ADMINrole   | true",
        "superadmin  | true",
        "access.role_2 | true",
        "ｒole       | true",
        "a.roles     | true",
        "permissions[] | true",
        "payroll     | false",
        "administer  | false",
        "parole      | false",
        "controlled  | false",
        "isis        | false",
        "plan        | false",
      })
  void sensitiveKeyIsKnownInAnySpelling(String key, boolean sensitive) {
    for (String metadata : List.of("{'%s':1}", "{'a':[{'b':{'%s':1}}]}")) {
      assertThat(
              risks(
                  "clerk_user_metadata_update",
                  "'user_id':'ADA','public_metadata':" + metadata.formatted(key)))
          .as(metadata)
          .isEqualTo(sensitive ? List.of("privilege") : List.of());
    }
  }

  /** Ada has the role in an object, whose plan is in another. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "clerk_user_metadata_update | 'public_metadata':{'access':null} | privilege",
        "clerk_user_metadata_update | 'public_metadata':{'access':'x'} | privilege",
        "clerk_user_metadata_update | 'public_metadata':{'access':[]} | privilege",
        "clerk_user_metadata_update | 'public_metadata':{'access':{'since':2026}} | ",
        "clerk_user_metadata_update | 'public_metadata':{'plan':null} | ",
        "clerk_user_metadata_update | 'private_metadata':{'access':null} | ",
        "clerk_user_update | 'public_metadata':{'access':null} | privilege",
        "clerk_metadata_set | 'remove':['public_metadata.access'] | privilege",
        "clerk_metadata_set | 'remove':['public_metadata.plan'] | ",
        "clerk_metadata_set | 'mode':'replace','public_metadata':{} | privilege",
        "clerk_user_metadata_replace | 'public_metadata':{'plan':'pro'} | privilege",
        "clerk_user_metadata_replace | 'public_metadata':{'access':{},'plan':'pro'} | privilege",
        "clerk_user_metadata_replace | 'private_metadata':{} | ",
      })
  void removedOrCoveredKeyCountsToo(String tool, String arguments, String risks) {
    sandbox.ok(
        "PATCH /users/%s/metadata".formatted(ada),
        "{'public_metadata':{'access':{'role':'admin'},'plan':{'name':'pro'}},"
            + "'private_metadata':{'crm':1}}");
    assertThat(risks(tool, "'user_id':'ADA'," + arguments))
        .isEqualTo(risks == null ? List.of() : List.of(risks));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "clerk_organization_metadata_update   | 'organization_id':'ACME','public_metadata':{'access':null}",
        "clerk_organization_metadata_replace  | 'organization_id':'ACME','private_metadata':{}",
        "clerk_metadata_set                   | 'organization_id':'ACME','remove':['private_metadata.access']",
        "clerk_org_membership_metadata_update | 'organization_id':'ACME','user_id':'ADA','public_metadata':{'access':0}",
      })
  void removedKeyOfAnOrganizationOrAMembershipCounts(String tool, String arguments) {
    String access = "{'%s':{'access':[{'roles':['owner']}]},'%s':{'access':[{'roles':['owner']}]}}";
    String metadata = access.formatted("public_metadata", "private_metadata");
    sandbox.ok("PATCH /organizations/%s/metadata".formatted(acme), metadata);
    sandbox.ok("PATCH /organizations/%s/memberships/%s/metadata".formatted(acme, ada), metadata);
    assertThat(risks(tool, arguments)).containsExactly("privilege");
  }

  /** Otherwise a caller could learn from the risks what private metadata holds. */
  @Test
  void risksDoNotDependOnPrivateMetadataThatIsNeverShown() {
    ToolRegistry tools =
        ToolCaller.tools(clerk.client(), folder, Map.of("CLERK_MCP_PRIVATE_METADATA", "never"));
    for (String metadata : List.of("{'access':{'role':'admin'}}", "{'access':null}")) {
      sandbox.ok(
          "PATCH /users/%s/metadata".formatted(ada), "{'private_metadata':%s}".formatted(metadata));
      assertThat(
              risks(
                  tools,
                  "clerk_user_metadata_update",
                  "'user_id':'ADA','private_metadata':{'access':'x'}"))
          .containsExactly("privilege");
    }
  }

  /** Clerk's own rights stay rights if somebody gives them to all members. */
  @Test
  void roleOfAMemberIsHigherIfItMayManage() {
    String join = "'organization_id':'ACME','user_id':'%s','role':'org:member'";
    String eve = sandbox.createUser("eve@example.com");
    assertThat(risks("clerk_org_membership_create", join.formatted(eve))).isEmpty();
    String role = sandbox.ok("GET /organization_roles?query=org:member").at("/data/0/id").asText();
    grant(role, created("'name':'Read invoices','key':'org:invoices:read'"));
    assertThat(risks("clerk_org_membership_create", join.formatted(eve))).isEmpty();
    grant(
        role,
        sandbox
            .ok("GET /organization_permissions?query=org:sys_memberships:manage")
            .at("/data/0/id")
            .asText());
    assertThat(risks("clerk_org_membership_create", join.formatted(eve)))
        .containsExactly("privilege");
  }

  @Test
  void organizationWithManyMembersConcernsMany() {
    sandbox.ok("PATCH /organizations/" + acme, "{'max_allowed_memberships':20}");
    for (int i = 0; i < 9; i++) {
      join("m%s@example.com".formatted(i));
    }
    assertThat(risks("clerk_organization_delete", "'organization_id':'ACME'")).isEmpty();
    join("last@example.com");
    assertThat(risks("clerk_organization_delete", "'organization_id':'ACME'"))
        .containsExactly("mass");
  }

  private void join(String address) {
    sandbox.ok(
        "POST /organizations/%s/memberships".formatted(acme),
        "{'user_id':'%s','role':'org:member'}".formatted(sandbox.createUser(address)));
  }

  private String created(String permission) {
    return sandbox.ok("POST /organization_permissions", "{" + permission + "}").path("id").asText();
  }

  private void grant(String role, String permission) {
    sandbox.ok("POST /organization_roles/%s/permissions/%s".formatted(role, permission), "{}");
  }

  @Test
  void ownSensitiveKeysReplaceTheDefault() {
    ToolRegistry tools =
        ToolCaller.tools(
            clerk.client(), folder, Map.of("CLERK_MCP_SENSITIVE_METADATA", "planTier"));
    String call = "'user_id':'ADA','public_metadata':{'%s':1}";
    for (String key : List.of("plan_tier", "plantier", "PLANTIER", "userPlanTier")) {
      assertThat(risks(tools, "clerk_user_metadata_update", call.formatted(key)))
          .as(key)
          .containsExactly("privilege");
    }
    assertThat(risks(tools, "clerk_user_metadata_update", call.formatted("role"))).isEmpty();
  }

  private List<String> risks(String tool, String arguments) {
    return risks(ToolCaller.tools(clerk.client(), folder, Map.of()), tool, arguments);
  }

  private List<String> risks(ToolRegistry tools, String tool, String arguments) {
    String given = arguments.replace("ADA", ada).replace("ACME", acme);
    ToolResult result = clerk.call(tools, tool, "{%s,'dry_run':true}".formatted(given));
    assertThat(result.isError()).as(result.json()).isFalse();
    List<String> risks = new ArrayList<>();
    for (JsonNode risk : ToolCaller.json(result).path("risks")) {
      risks.add(risk.asText());
    }
    return risks;
  }
}
