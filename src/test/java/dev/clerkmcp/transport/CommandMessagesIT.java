package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests what the jar tells a person who makes a mistake on the command line. */
final class CommandMessagesIT {
  private static final String SANDBOX = "CLERK_MCP_SANDBOX";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tools clerk_user_fnd       | Unknown tool: clerk_user_fnd; the nearest are clerk_user_find",
        "call clerk_user_fnd        | Unknown tool: clerk_user_fnd; the nearest are clerk_user_find",
        "call clerk_user_fnd --help | Unknown tool: clerk_user_fnd; the nearest are clerk_user_find",
        "call clerk_users_list --dry-run | Unknown: --dry-run. An argument of the tool is written NAME=VALUE, such as dry_run=true.",
        "call clerk_user_ban --json={\"user_id\":\"a\",\"user_id\":\"b\"} | --json must be a JSON object, such as '{\"limit\": 5}'. It has a member twice: line 1, column 25.",
        "tools --api-url=S3CRET     | Unknown: --api-url",
        "tools a b                  | Neither a command nor an option: b",
        "sandbox --port 65536       | --port must be from 0 to 65535.",
      })
  void mistakeIsSaidInOneLine(String line, String message) {
    try (ServerProcess call =
        ServerProcess.command(line, SANDBOX, "true", "CLERK_SECRET_KEY", "")) {
      assertThat(call.exitCode(20)).isEqualTo(2);
      assertThat(call.standardError().lines()).hasSize(2);
      assertThat(call.standardError())
          .startsWith(message)
          .endsWith("See clerk-mcp %s --help.".formatted(line.split(" ", -1)[0]))
          .doesNotContain("S3CRET");
    }
  }

  @Test
  void takenPortIsSaidInOneLine() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerProcess call =
            ServerProcess.command(
                "sandbox --port " + taken.getLocalPort(), "CLERK_SECRET_KEY", "")) {
      assertThat(call.exitCode(20)).isEqualTo(2);
      assertThat(call.standardError().lines()).hasSize(2);
      assertThat(call.standardError())
          .startsWith("Port %s cannot be used: ".formatted(taken.getLocalPort()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "call clerk_users_list limt=3 | is not known; the nearest is limit",
        "call clerk_invitations_send_bulk emailz=x | is not known; the nearest is emails",
        "call clerk_user_find zzz=x   | is not known; allowed are user",
        "call clerk_user_ban user_id=x dry_run=yes | must be true or false, such as dry_run=true",
        "call clerk_undo_plan change=chg_x | CLERK_MCP_AUDIT_LOG keeps changes for later processes",
        "call clerk_user_get user_id=user_x | Check the ID; clerk_users_list shows the existing IDs.",
        "call clerk_jwt_template_get template_id=jtmp_x | Check the ID; clerk_jwt_templates_list shows the existing IDs.",
        "--access=read call clerk_user_ban user_id=x | access is read only (--access).",
        "--read-only call clerk_user_ban user_id=x | access is read only (--read-only).",
        "--access=write call clerk_user_ban user_id=x | it needs --access=full.",
        "call clerk_org_membership_delete --exclude-tools=clerk_org_membership_delete organization_id=x user_id=x | Change the setting that the message names.",
      })
  void refusedCallNamesTheRemedy(String line, String remedy) {
    try (ServerProcess call =
        ServerProcess.command(line, SANDBOX, "true", "CLERK_SECRET_KEY", "")) {
      assertThat(call.exitCode(20)).isNotZero();
      assertThat(call.standardError()).contains(remedy);
    }
  }

  /** Agreeing in advance does not allow what access forbids, and the flag that does is named. */
  @ParameterizedTest
  @CsvSource({"--yes", "--yes-irreversible"})
  void flagForIrreversibleCallsIsNamed(String option) {
    try (ServerProcess call =
        ServerProcess.command(
            "call clerk_user_delete user_id=user_x " + option,
            "CLERK_SECRET_KEY",
            "sk_live_notarealkey")) {
      assertThat(call.exitCode(20)).isNotZero();
      assertThat(call.standardError())
          .contains("CLERK_MCP_ALLOW_IRREVERSIBLE=true", "add --allow-irreversible to the command");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--tools=users tools | --tools names users, which is a toolset, not a tool; write --toolsets=users",
        "--exclude-tools=users tools | --exclude-tools names users, which is a toolset, not a tool; name its tools",
        "--toolsets=clerk_users_list tools | --toolsets names clerk_users_list, which is a tool, not a toolset; write --tools=clerk_users_list",
        "--tools=clerk_user_gett tools | the nearest are clerk_user_get,",
      })
  void toolsetIsNotTakenForTool(String line, String message) {
    try (ServerProcess call =
        ServerProcess.command(line, SANDBOX, "true", "CLERK_SECRET_KEY", "")) {
      assertThat(call.exitCode(20)).isEqualTo(2);
      assertThat(call.standardError()).contains(message);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sk_test_ab                        | CLERK_SECRET_KEY is too short to be a Clerk secret key",
        "sk_test_replace_with_your_own_key | CLERK_SECRET_KEY is still the placeholder of the example",
        "${CLERK_SECRET_KEY}               | or name a file that holds it in CLERK_SECRET_KEY_FILE",
        "Bearer sk_test_notarealkey        | CLERK_SECRET_KEY begins with Bearer",
      })
  void keyThatCannotBeOneIsExplainedAlsoBesideTheSandbox(String key, String message) {
    for (String sandbox : new String[] {"", "true"}) {
      try (ServerProcess call =
          ServerProcess.command(
              "call clerk_users_count", SANDBOX, sandbox, "CLERK_SECRET_KEY", key)) {
        assertThat(call.exitCode(20)).isEqualTo(2);
        assertThat(call.standardError().lines()).hasSize(1);
        assertThat(call.standardError()).contains(message).doesNotContain("real instance");
      }
    }
  }

  @Test
  void missingKeyIsExplainedToThePersonInTheShell() {
    try (ServerProcess call =
        ServerProcess.command("call clerk_users_count", "CLERK_SECRET_KEY", "")) {
      assertThat(call.exitCode(20)).isEqualTo(1);
      assertThat(call.standardError())
          .contains("export CLERK_SECRET_KEY=", "CLERK_SECRET_KEY_FILE", "--sandbox");
    }
  }

  @Test
  void accessOfInstanceNamesTheFile() throws IOException {
    Path file = folder.resolve("instances.json");
    Files.writeString(
        file, "[{\"name\":\"shop\",\"key\":\"sk_test_notarealkey\",\"access\":\"read\"}]");
    try (ServerProcess call =
        ServerProcess.command(
            "call clerk_user_ban user_id=x",
            "CLERK_SECRET_KEY",
            "",
            "CLERK_MCP_INSTANCES",
            file.toString())) {
      assertThat(call.exitCode(20)).isEqualTo(1);
      assertThat(call.standardError())
          .contains("access is read only (access of shop in %s)".formatted(file));
    }
  }

  /** Without a terminal no person can be asked. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_user_update first_name=Eve | never | by rule 2 (names) of the policy. | or add --yes.",
        "clerk_user_ban | never | by rule 2 (names) of the policy. | or add --yes.",
        "clerk_user_ban | always | by rule 2 (names) of the policy. | or add --yes.",
        "clerk_user_lock | always | This needs a confirmation. | or add --yes.",
      })
  void confirmationNamesWhatDemandsIt(String call, String confirm, String why, String remedy)
      throws IOException {
    Path policy = folder.resolve("policy.json");
    Files.writeString(
        policy,
        "{\"rules\":[{\"decision\":\"allow\",\"tools\":[\"clerk_user_lock\"]},"
            + "{\"name\":\"names\",\"decision\":\"confirm\",\"effects\":[\"update\",\"destroy\"]}]}");
    try (ServerProcess process =
        ServerProcess.command(
            "call %s user_id=%s".formatted(call, userId()),
            SANDBOX,
            "true",
            "CLERK_SECRET_KEY",
            "",
            "CLERK_MCP_CONFIRM",
            confirm,
            "CLERK_MCP_POLICY",
            policy.toString())) {
      assertThat(process.exitCode(20)).isEqualTo(1);
      JsonNode error = Json.read(process.standardError()).path("error");
      assertThat(error.path("code").asText()).isEqualTo("confirmation_needed");
      assertThat(error.path("message").asText()).contains(why);
      assertThat(error.path("next").asText()).endsWith(remedy);
    }
  }

  @ParameterizedTest
  @CsvSource({"auto, --yes, 0", "person, --yes, 1", "auto, --yes-irreversible, 0"})
  void optionAgreesInAdvance(String by, String option, int exitCode) throws IOException {
    try (ServerProcess process =
        ServerProcess.command(
            "call clerk_user_lock %s user_id=%s".formatted(option, userId()),
            SANDBOX,
            "true",
            "CLERK_SECRET_KEY",
            "",
            "CLERK_MCP_CONFIRM",
            "always",
            "CLERK_MCP_CONFIRM_BY",
            by)) {
      assertThat(process.exitCode(20)).as(process.standardError()).isEqualTo(exitCode);
      assertThat(process.standardError().contains("CLERK_MCP_CONFIRM_BY is person"))
          .isEqualTo(exitCode == 1);
    }
  }

  @Test
  void unknownRoleIsAnsweredWithTheRolesThereAre() throws IOException {
    try (ServerProcess server = ServerProcess.inSandbox().initialized()) {
      String organization =
          server.answer("clerk_organizations_list", "{\"limit\":1}").at("/data/0/id").asText();
      String member =
          server
              .answer(
                  "clerk_org_memberships_list",
                  "{\"organization_id\":\"%s\",\"limit\":1}".formatted(organization))
              .at("/data/0/user_id")
              .asText();
      server.send(
          ServerProcess.call(
              "1",
              "clerk_org_membership_update",
              "{\"organization_id\":\"%s\",\"user_id\":\"%s\",\"role\":\"owner\"}"
                  .formatted(organization, member)));
      JsonNode error =
          Json.read(server.receive().at("/result/content/0/text").asText()).path("error");
      assertThat(error.path("message").asText())
          .isEqualTo("role: the instance has no role org:owner. Nothing was changed.");
      assertThat(error.path("next").asText())
          .isEqualTo("Give one of these roles: org:admin, org:billing_manager, org:member.");
    }
  }

  /** The help of a tool needs no valid settings. */
  @ParameterizedTest
  @CsvSource({
    "tools clerk_org_membership_update",
    "call clerk_org_membership_update --help",
    "call --help clerk_org_membership_update"
  })
  void argumentsOfToolAreShown(String line) {
    try (ServerProcess call = ServerProcess.command(line, "CLERK_SECRET_KEY", "pk_test_x")) {
      List<String> lines = call.receiveLines();
      assertThat(call.exitCode(20)).isZero();
      assertThat(call.standardError()).isEmpty();
      assertThat(String.join("\n", lines))
          .contains(
              "Change a member's role. The last admin cannot be demoted.",
              "Group: organization_memberships. Effect: update.",
              "organization_id  string, required\n",
              "role             string, required: org:admin, org:member, ...",
              "dry_run          true|false",
              "Example: clerk-mcp call clerk_org_membership_update organization_id=... user_id=...");
    }
  }

  private static String userId() throws IOException {
    try (ServerProcess server = ServerProcess.inSandbox().initialized()) {
      return server.answer("clerk_users_list", "{\"limit\":1}").at("/data/0/id").asText();
    }
  }
}
