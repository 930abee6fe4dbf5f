package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes away again what was created: deletes it, or revokes what Clerk does not delete. */
final class UndoCreate {
  /** What one end of a connection is called where it is made, by its name where it is removed. */
  static final Map<String, String> GIVEN_AS = Map.of("other_machine_id", "to_machine_id");

  /** What other things are made for and go with. */
  private static final Set<String> HOLDERS =
      Set.of(
          "directories",
          "enterprise_connections",
          "machines",
          "oauth_applications",
          "organizations",
          "saml_connections",
          "scim_directories",
          "users");

  private static final String ANY = "{id}";

  private final ToolLookup toolbox;

  UndoCreate(ToolLookup toolbox) {
    this.toolbox = toolbox;
  }

  void restore(Change change, Restoration.Draft draft) {
    List<String> segments = change.endpoint().segments();
    ToolDefinition same = toolbox.find("DELETE", segments);
    if (same != null) {
      draft.call(same.name(), ToolLookup.address(same, change), "Takes away what was added.");
      return;
    }
    boolean bulk = change.lastSegment().equals("bulk");
    List<String> collection = bulk ? segments.subList(0, segments.size() - 1) : segments;
    ToolDefinition tool = toolbox.findBelow("DELETE", collection, ANY);
    boolean deletes = tool != null;
    if (tool == null) {
      tool = toolbox.findBelow("POST", collection, ANY, "revoke");
    }
    if (tool == null || tool.endpoint() == null) {
      draft.lose(
          "Clerk has no call that takes away what POST %s made."
              .formatted(change.endpoint().path()));
      return;
    }
    List<String> variables = tool.endpoint().variables();
    String last = variables.get(variables.size() - 1);
    for (JsonNode made : made(change, bulk)) {
      JsonNode id = findId(last, change, made);
      if (id == null) {
        draft.lose("Nobody has kept the ID of what was created, so it cannot be named.");
      } else if (wasThere(change, id)) {
        draft.warn("%s was there before; the call did not create it.".formatted(id.asText()));
      } else {
        ObjectNode arguments = ToolLookup.address(tool, change);
        arguments.set(last, id);
        draft.call(
            tool.name(),
            arguments,
            deletes ? "Deletes what was created." : "Revokes what was created.");
      }
    }
    warn(change, deletes, draft);
  }

  private void warn(Change change, boolean deletes, Restoration.Draft draft) {
    ToolDefinition creator = toolbox.find("POST", change.endpoint().segments());
    boolean silent = change.body().path("notify").equals(BooleanNode.FALSE);
    if (creator != null && creator.openWorld() && !silent) {
      draft.warn("If a message was sent, it stays sent.");
    }
    if (deletes && HOLDERS.contains(change.lastSegment())) {
      draft.warn("What was added to it since then goes with it.");
    }
  }

  /** What Clerk answered that it made; one missing answer where that is not known. */
  private static Iterable<JsonNode> made(Change change, boolean bulk) {
    JsonNode answer = change.answer() == null ? Json.object() : change.answer();
    if (!bulk) {
      return List.of(answer);
    }
    JsonNode rows = answer.isArray() ? answer : answer.path("data");
    return rows.isEmpty() ? List.of(answer) : rows;
  }

  private static @Nullable JsonNode findId(String variable, Change change, JsonNode made) {
    for (JsonNode id :
        List.of(
            made.path(variable),
            change.body().path(variable),
            change.body().path(GIVEN_AS.getOrDefault(variable, variable)),
            made.path("id"))) {
      if (id.isTextual()) {
        return id;
      }
    }
    return null;
  }

  private static boolean wasThere(Change change, JsonNode id) {
    return change.before() != null && id.equals(change.before().get("id"));
  }
}
