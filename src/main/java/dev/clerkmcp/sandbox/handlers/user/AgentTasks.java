package dev.clerkmcp.sandbox.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;
import java.util.Locale;

/**
 * Handles the agent-task endpoints: an agent acts on behalf of a user, and a URL signs the agent
 * in.
 */
public final class AgentTasks {
  private final HandlerContext context;
  private final Table tasks;

  public AgentTasks(HandlerContext context) {
    this.context = context;
    this.tasks = context.table(ObjectKind.AGENT_TASK);
  }

  public void register(Routes routes) {
    routes
        .on("POST /agents/tasks", this::create)
        .on("POST /agents/tasks/{agent_task_id}/revoke", this::revoke);
  }

  private JsonNode create(ApiRequest request) {
    String userId = subject(request.body().path("on_behalf_of"));
    if (!request.field("redirect_url").matches("https?://[^/\\s]+.*")) {
      throw ApiError.invalid(
          "form_param_format_invalid",
          "redirect_url",
          "redirect_url must be a URL that begins with https:// or http://.");
    }
    String agent = request.field("agent_name");
    String id = context.store().newId(ObjectKind.AGENT_TASK);
    ObjectNode row = context.template("AgentTask").put("id", id);
    row.put("agent_id", agentId(agent)).put("agent_task_id", id).put("task_id", id);
    row.remove("url");
    HandlerContext.hidden(row).put("agent_name", agent).put("user_id", userId);
    String ticket = context.store().newSecret("agent_task_ticket");
    return view(tasks.add(row))
        .put("url", "https://accounts.sandbox.invalid/agent-task?ticket=" + ticket);
  }

  /** The id of the user, which the request names by id, email address, phone number or username. */
  private String subject(JsonNode onBehalfOf) {
    boolean byId = onBehalfOf.hasNonNull("user_id");
    boolean byIdentifier = onBehalfOf.hasNonNull("identifier");
    if (byId == byIdentifier) {
      throw ApiError.invalid(
          byId ? "form_conditional_param_disallowed" : "form_conditional_param_missing",
          "on_behalf_of",
          "on_behalf_of must have either user_id or identifier.");
    }
    Table users = context.table(ObjectKind.USER);
    String named = onBehalfOf.path(byId ? "user_id" : "identifier").asText();
    ObjectNode user = byId ? users.find(named) : null;
    if (byIdentifier) {
      for (String index : List.of("email_address", "phone_number", "username")) {
        ObjectNode found = users.findBy(index, named.toLowerCase(Locale.ROOT));
        user = found == null ? user : found;
      }
    }
    if (user == null) {
      throw ApiError.of(404, "agent_task_subject_not_found", "No user was found for %s.", named);
    }
    return user.path("id").asText();
  }

  /** The id of the agent with a name; it is the same in all tasks of the agent. */
  private String agentId(String name) {
    return tasks.stream()
        .filter(row -> row.path(Store.HIDDEN).path("agent_name").asText().equals(name))
        .findFirst()
        .map(row -> row.path("agent_id").asText())
        .orElseGet(() -> context.store().newId("agent_"));
  }

  private JsonNode revoke(ApiRequest request) {
    String id = request.variable("agent_task_id");
    ObjectNode task = tasks.find(id);
    if (task == null) {
      throw ApiError.of(404, "agent_task_not_found", "No agent task was found with id " + id + ".");
    }
    if (task.path(Store.HIDDEN).path("revoked").asBoolean()) {
      throw ApiError.of(
          400, "agent_task_cannot_be_revoked", "The agent task has been revoked already.");
    }
    return view(tasks.change(id, row -> HandlerContext.hidden(row).put("revoked", true)));
  }

  private static ObjectNode view(ObjectNode row) {
    ObjectNode view = row.deepCopy();
    view.remove("id");
    return view;
  }
}
