package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts;
import dev.clerkmcp.registry.OperationFacts.UndoMethod;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.ToolDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Undoes a creation: deletes the new object, or revokes it where Clerk cannot delete it. */
final class UndoCreate {
  private final ToolLookup tools;

  UndoCreate(ToolLookup tools) {
    this.tools = tools;
  }

  void restore(OperationFacts operation, UndoneBy undoneBy, Change change, UndoPlan.Draft draft) {
    Endpoint removal = operation.inverse();
    ToolDefinition tool = tools.get(removal);
    if (removal.path().equals(change.endpoint().path())) {
      draft.call(tool.name(), ToolLookup.address(removal, change), "Removes what was added.");
      return;
    }
    RestoreContacts.restorePrimary(removal.path(), tools, change, draft);
    boolean deletes = removal.method().equals("DELETE");
    List<String> variables = removal.variables();
    String last = variables.get(variables.size() - 1);
    for (JsonNode created : created(change)) {
      JsonNode id = findId(last, change, created);
      if (id == null) {
        draft.lose("The ID of the new object was not recorded, so it cannot be removed.");
      } else if (existedBefore(change, id)) {
        draft.warn("%s existed before; the call did not create it.".formatted(id.asText()));
      } else {
        ObjectNode arguments = ToolLookup.address(removal, change);
        arguments.set(last, id);
        draft.call(
            tool.name(),
            arguments,
            deletes ? "Deletes what was created." : "Revokes what was created.");
      }
    }
    if (!undoneBy.without().isEmpty() && change.body().path("notify").asBoolean()) {
      draft.lose("Stays: " + undoneBy.without());
    }
    if (!deletes) {
      draft.lose("What was created stays on record as revoked.");
    }
    warnOfMessages(operation, change, draft);
    if (undoneBy.how() == UndoMethod.REMOVAL_WITH_CONTENTS) {
      draft.warn("Everything that was added to it since then is deleted with it.");
    }
  }

  /** Warns that the message about a creation, if one was sent, stays sent. */
  void warnOfMessages(OperationFacts operation, Change change, UndoPlan.Draft draft) {
    if (operation.maySendMessage(change.arguments())) {
      draft.warn("A message that was sent cannot be recalled.");
    }
  }

  /** The objects in Clerk's answer; the whole answer if it lists none. */
  private static Iterable<JsonNode> created(Change change) {
    JsonNode answer = change.answer() == null ? Json.object() : change.answer();
    if (!change.lastSegment().equals("bulk")) {
      return List.of(answer);
    }
    JsonNode rows = ListPage.rowsOf(answer);
    return rows.isEmpty() ? List.of(answer) : rows;
  }

  private static @Nullable JsonNode findId(String variable, Change change, JsonNode created) {
    for (JsonNode id :
        List.of(
            created.path(variable),
            change.body().path(variable),
            change.body().path(ToolLookup.givenAs(variable)),
            created.path("id"))) {
      if (id.isTextual()) {
        return id;
      }
    }
    return null;
  }

  private static boolean existedBefore(Change change, JsonNode id) {
    return change.before() != null && id.equals(change.before().get("id"));
  }
}
