package dev.clerkmcp.workflows.invitation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A sandbox with an organization, and calls that invite lists of email addresses. */
final class InvitationFixture {
  final SandboxClerk clerk = new SandboxClerk();
  final SandboxCalls sandbox = clerk.sandbox();
  final Invocation invocation = new Invocation(Runnable::run, Caller.UNKNOWN);
  final String organization = createOrganization();
  ToolRegistry tools = ToolModule.registry(clerk.client());

  /** What the invitations are for. */
  enum Form {
    APPLICATION,
    ORGANIZATION
  }

  private String createOrganization() {
    String owner = sandbox.createUser("owner@example.com");
    return sandbox
        .ok(
            "POST /organizations",
            "{'name':'Acme','max_allowed_memberships':0,'created_by':'%s'}".formatted(owner))
        .path("id")
        .asText();
  }

  JsonNode send(Form form, List<String> emails) throws IOException {
    ToolResult result = call(form, arguments(form, emails));
    assertThat(result.isError()).as(result.json()).isFalse();
    return Json.read(result.json());
  }

  ToolResult call(Form form, ObjectNode arguments) {
    String name =
        form == Form.APPLICATION
            ? "clerk_invitations_send_bulk"
            : "clerk_org_invitations_send_bulk";
    return ToolCaller.call(tools, name, arguments, invocation);
  }

  ObjectNode arguments(Form form, List<String> emails) {
    ObjectNode arguments = Json.object();
    emails.forEach(arguments.putArray("emails")::add);
    return form == Form.APPLICATION
        ? arguments
        : arguments.put("organization_id", organization).put("role", "org:member");
  }

  List<String> pending(Form form) {
    String path = form == Form.APPLICATION ? "" : "/organizations/" + organization;
    JsonNode page = sandbox.ok("GET " + path + "/invitations?status=pending&limit=500");
    List<String> addresses = new ArrayList<>();
    (page.isArray() ? page : page.path("data"))
        .forEach(row -> addresses.add(row.path("email_address").asText()));
    return addresses;
  }

  List<String> posts() {
    return clerk.requests().stream().filter(InvitationFixture::isPost).toList();
  }

  static boolean isPost(String request) {
    return request.startsWith("POST ");
  }

  static List<String> people(int count) {
    return IntStream.range(0, count).mapToObj("p%s@example.com"::formatted).toList();
  }

  static List<String> texts(JsonNode list) {
    return Stream.iterate(0, i -> i < list.size(), i -> i + 1)
        .map(i -> list.path(i).asText())
        .toList();
  }

  static Answer blocked() {
    return new Answer(
        422,
        "{\"errors\":[{\"code\":\"blocked\",\"message\":\"No.\","
            + "\"meta\":{\"param_name\":\"email_address\"}}]}");
  }
}
