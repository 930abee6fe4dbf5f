package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Undoes an action by the one that is named as its opposite: ban and unban, lock and unlock. */
final class InverseOperation {
  private static final String UN = "un";
  private static final String IDS = "user_ids";

  private final ToolLookup toolbox;

  InverseOperation(ToolLookup toolbox) {
    this.toolbox = toolbox;
  }

  /** The tool of the opposite action; null if there is none. */
  @Nullable ToolDefinition find(Change change) {
    if (!change.endpoint().method().equals("POST")) {
      return null;
    }
    String action = change.lastSegment();
    List<String> path = new ArrayList<>(change.endpoint().segments());
    path.set(path.size() - 1, action.startsWith(UN) ? action.substring(UN.length()) : UN + action);
    return toolbox.find("POST", path);
  }

  void restore(Change change, ToolDefinition tool, Restoration.Draft draft) {
    ObjectNode arguments = ToolLookup.address(tool, change);
    if (change.before() == null && !KnownEffect.of(change.endpoint()).isEmpty()) {
      draft.warn("Nobody has kept whether it was so before the call.");
    }
    if (tool.argumentNames().contains(IDS)) {
      arguments.set(IDS, changed(change));
      if (arguments.path(IDS).isEmpty()) {
        return;
      }
    }
    draft.call(tool.name(), arguments, "The opposite of %s.".formatted(change.lastSegment()));
    if (change.lastSegment().equals("ban")
        || change.body().path("revoke_all_sessions").asBoolean()) {
      draft.lose("The sessions that were ended do not come back; people have to sign in again.");
    }
  }

  /** Those of the users who were not so before. */
  private static ArrayNode changed(Change change) {
    Map<String, JsonNode> before = new HashMap<>();
    JsonNode users = change.before() == null ? Json.array() : change.before();
    for (JsonNode user : users.isArray() ? users : users.path("data")) {
      before.put(user.path("id").asText(), user);
    }
    ArrayNode changed = Json.array();
    for (JsonNode id : change.body().path(IDS)) {
      JsonNode user = before.get(id.asText());
      if (user == null || !KnownEffect.isThere(change.endpoint(), user)) {
        changed.add(id);
      }
    }
    return changed;
  }
}
