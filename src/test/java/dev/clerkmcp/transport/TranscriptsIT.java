package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.Golden;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Does three everyday jobs in one session and compares the transcripts with golden files, so that a
 * change of a result is reviewed as its user would see it.
 */
final class TranscriptsIT {
  private static final Path FOLDER = Path.of("src/test/resources/dev/clerkmcp/stories");
  private static final int MOST_CALLS = 5;

  private static final List<Call> AUDIT_OF_AN_ORGANIZATION =
      List.of(
          new Call("clerk_organizations_list", "{'query':'aurora'}"),
          new Call("clerk_org_overview", "{'organization_id':'aurora-robotics'}"),
          new Call("clerk_security_report", "{'organization_id':'aurora-robotics','rows':3}"),
          new Call(
              "clerk_org_memberships_list",
              "{'organization_id':'aurora-robotics','role':['org:admin']}"));

  private static final List<Call> NEW_CLIENT =
      List.of(
          new Call(
              "clerk_org_onboard",
              "{'name':'Fjord Analytics','admin':'ingrid@fjord.example','domain':'fjord.example',"
                  + "'dry_run':true}"),
          new Call(
              "clerk_org_onboard",
              "{'name':'Fjord Analytics','admin':'ingrid@fjord.example','domain':'fjord.example'}"),
          new Call("clerk_org_overview", "{'organization_id':'fjord-analytics'}"));

  private static final List<Call> WRONG_PROFILE =
      List.of(
          new Call("clerk_user_find", "{'user':'Dimitriou'}"),
          new Call("clerk_user_overview", "{'user_id':'eleni.dimitriou5@example.com'}"),
          new Call(
              "clerk_user_change_email",
              "{'user_id':'eleni.dimitriou5@example.com','email_address':'eleni@new.example',"
                  + "'verified':true}"),
          new Call(
              "clerk_user_update",
              "{'user_id':'eleni@new.example','last_name':'Papadaki',"
                  + "'public_metadata':{'renamed':true}}"),
          new Call("clerk_user_overview", "{'user_id':'eleni@new.example'}"));

  private record Call(String tool, String arguments) {
    String json() {
      return arguments.replace('\'', '"');
    }
  }

  @TempDir Path secrets;

  @Test
  void everydayJobsTakeFiveCallsAtMost() throws IOException {
    try (ServerProcess server = inSandbox().initialized()) {
      tell(server, "audit-of-an-organization.txt", AUDIT_OF_AN_ORGANIZATION);
      tell(server, "new-client.txt", NEW_CLIENT);
      tell(server, "wrong-profile.txt", WRONG_PROFILE);
    }
  }

  private ServerProcess inSandbox() {
    return ServerProcess.inSandbox("CLERK_MCP_SECRETS_DIR", secrets.resolve("kept").toString());
  }

  private void tell(ServerProcess server, String file, List<Call> calls) throws IOException {
    assertThat(calls).hasSizeLessThanOrEqualTo(MOST_CALLS);
    StringBuilder story = new StringBuilder();
    for (Call call : calls) {
      server.send(ServerProcess.call("1", call.tool(), call.json()));
      JsonNode result = server.receive().path("result");
      assertThat(result.path("isError").asBoolean()).as(result.toString()).isFalse();
      story.append("> %s %s\n".formatted(call.tool(), call.json()));
      assertThat(result.path("content")).as("one text, with the notes in it").hasSize(1);
      JsonNode answer = Json.read(result.at("/content/0/text").asText());
      story.append(answer.toPrettyString()).append("\n\n");
    }
    String told =
        story
            .toString()
            .replaceAll("chg_\\w+", "chg_...")
            .replace(secrets.resolve("kept").toString(), "/secrets")
            .replaceAll("\\d{8}T\\d{6}Z", "20261121T090000Z");
    Golden.assertMatches(FOLDER.resolve(file), told);
  }
}
