package dev.clerkmcp.workflows.invitation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
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
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A sandbox with an organization, in which lists of people are invited, and what goes wrong. */
public final class InvitingClerk {
  public final SandboxCalls sandbox = SandboxCalls.empty();
  final Invocation invocation = new Invocation(Runnable::run, Caller.UNKNOWN);
  public final FakeClerk fake = FakeClerk.answering(this::answer);
  final String organization;
  ToolRegistry tools = ToolModule.registry(fake.client());

  /** Answers instead of the sandbox, or not. */
  Function<String, @Nullable Answer> trouble = request -> null;

  public InvitingClerk() {
    JsonNode owner =
        sandbox.ok(
            "POST /users",
            "{'email_address':['owner@example.com'],'skip_password_requirement':true}");
    organization =
        sandbox
            .ok(
                "POST /organizations",
                "{'name':'Acme','max_allowed_memberships':0,'created_by':'%s'}"
                    .formatted(owner.path("id").asText()))
            .path("id")
            .asText();
  }

  /** To what people are invited. */
  public enum Form {
    APPLICATION,
    ORGANIZATION
  }

  private Answer answer(String request) {
    Answer instead = trouble.apply(request);
    return instead == null ? forward(request) : instead;
  }

  Answer forward(String request) {
    String[] parts = request.split("[ \n]", 3);
    SandboxCalls.Reply reply =
        parts.length == 2
            ? sandbox.call(parts[0], parts[1])
            : sandbox.call(parts[0], parts[1], parts[2]);
    return new Answer(reply.status(), reply.body().toString());
  }

  public JsonNode send(Form form, List<String> emails) throws IOException {
    ToolResult result = call(form, arguments(form, emails));
    assertThat(result.isError()).as(result.json()).isFalse();
    return Json.read(result.json());
  }

  public ToolResult call(Form form, ObjectNode arguments) {
    String name =
        form == Form.APPLICATION
            ? "clerk_invitations_send_bulk"
            : "clerk_org_invitations_send_bulk";
    return tools.call(Objects.requireNonNull(tools.find(name)), arguments, invocation);
  }

  ObjectNode arguments(Form form, List<String> emails) {
    ObjectNode arguments = Json.object();
    emails.forEach(arguments.putArray("emails")::add);
    return form == Form.APPLICATION
        ? arguments
        : arguments.put("organization_id", organization).put("role", "org:member");
  }

  public List<String> pending(Form form) {
    String path = form == Form.APPLICATION ? "" : "/organizations/" + organization;
    JsonNode page = sandbox.ok("GET " + path + "/invitations?status=pending&limit=500");
    List<String> addresses = new ArrayList<>();
    (page.isArray() ? page : page.path("data"))
        .forEach(row -> addresses.add(row.path("email_address").asText()));
    return addresses;
  }

  public List<String> posts() {
    return fake.requests().stream().filter(InvitingClerk::isPost).toList();
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

  static Answer refusal(int status, String code) {
    return new Answer(
        status, "{\"errors\":[{\"code\":\"%s\",\"message\":\"No.\"}]}".formatted(code));
  }
}
