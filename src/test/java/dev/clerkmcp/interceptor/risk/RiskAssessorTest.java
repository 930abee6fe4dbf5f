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
        "clerk_user_create | 'email_address':['a@x.example'],'external_id':'7' | ",
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
        "ｒole       | true",
        "a.roles     | true",
        "permissions[] | true",
        "payroll     | false",
        "administer  | false",
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

  @Test
  void ownSensitiveKeysReplaceTheDefault() {
    ToolRegistry tools =
        ToolCaller.tools(
            clerk.client(), folder, Map.of("CLERK_MCP_SENSITIVE_METADATA", "planTier"));
    String call = "'user_id':'ADA','public_metadata':{'%s':1}";
    assertThat(risks(tools, "clerk_user_metadata_update", call.formatted("plan_tier")))
        .containsExactly("privilege");
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
