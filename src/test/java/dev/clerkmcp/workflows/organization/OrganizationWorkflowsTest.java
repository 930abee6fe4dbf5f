package dev.clerkmcp.workflows.organization;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests changes of an organization. */
final class OrganizationWorkflowsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'name':'Acme','clear':'slug'}  | PATCH /organizations/org_1"
            + " | {'name':'Acme','slug':null}",
        "{'max_allowed_memberships':0}   | PATCH /organizations/org_1"
            + " | {'max_allowed_memberships':0}",
        "{'public_metadata':{'old':null}} | PATCH /organizations/org_1/metadata"
            + " | {'public_metadata':{'old':null}}",
        "{'private_metadata':{}}         | PATCH /organizations/org_1/metadata"
            + " | {'private_metadata':{}}",
      })
  void fieldsOrMetadataAreChangedInOneRequest(String arguments, String route, String body)
      throws IOException {
    FakeClerk clerk = FakeClerk.answering("{\"id\":\"org_1\"}");
    assertThat(update(clerk, arguments))
        .isEqualTo(new ToolResult("{\"id\":\"org_1\"}", false, List.of()));
    assertThat(clerk.requests()).containsExactly(route + "\n" + body.replace('\'', '"'));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "clerk_organization_create {'name':'Other','slug':'acme'}",
        "clerk_organization_update {'organization_id':'ID','slug':'acme'}"
      })
  void takenSlugGetsASuggestion(String call) {
    SandboxClerk clerk = new SandboxClerk(SandboxCalls.withDefaults(1));
    clerk.sandbox().ok("POST /organizations", "{'name':'Acme','slug':'acme'}");
    String other = clerk.sandbox().ok("POST /organizations", "{'name':'O'}").path("id").asText();
    String[] parts = call.split(" ", 2);
    assertThat(clerk.call(parts[0], parts[1].replace("ID", other)).json())
        .contains("An organization has this slug", "-2 at its end", "clerk_organization_get")
        .doesNotContain("clerk_user_find");
  }

  @Test
  void fieldsAreChangedBeforeMetadata() throws IOException {
    FakeClerk clerk =
        FakeClerk.answering(
            request -> new Answer(200, "{\"merged\":" + request.contains("/metadata") + "}"));
    assertThat(update(clerk, "{'public_metadata':{'a':1},'name':'Acme'}"))
        .isEqualTo(new ToolResult("{\"merged\":true}", false, List.of()));
    assertThat(clerk.requests())
        .containsExactly(
            "PATCH /organizations/org_1\n{\"name\":\"Acme\"}",
            "PATCH /organizations/org_1/metadata\n{\"public_metadata\":{\"a\":1}}");
  }

  @Test
  void errorOfMetadataReportsChangedFields() throws IOException {
    FakeClerk clerk =
        FakeClerk.answering(
            request ->
                request.contains("/metadata")
                    ? Answer.error(404, "c")
                    : new Answer(200, "{\"id\":\"org_1\"}"));
    assertThat(update(clerk, "{'public_metadata':{'a':1},'name':'Acme'}"))
        .isEqualTo(
            new ToolResult(
                "{\"message\":\"The fields were changed; the metadata was not.\","
                    + "\"error\":{\"status\":404,\"code\":\"c\",\"message\":\"No.\","
                    + "\"next\":\"Check the ID; a list tool shows the existing IDs.\"},"
                    + "\"done\":{\"id\":\"org_1\"}}",
                true,
                List.of()));
  }

  @Test
  void emptyChangeIsRefused() throws IOException {
    FakeClerk clerk = FakeClerk.answering("{}");
    ToolResult result = update(clerk, "{}");
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("must hold at least one field to change");
    assertThat(clerk.requests()).isEmpty();
  }

  private static ToolResult update(FakeClerk clerk, String arguments) throws IOException {
    ToolRegistry registry = ToolModule.registry(clerk.client());
    return ToolCaller.call(
        registry,
        "clerk_organization_update",
        Json.object()
            .put("organization_id", "org_1")
            .setAll((ObjectNode) Json.read(arguments.replace('\'', '"'))));
  }
}
