package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.OperationFacts;
import dev.clerkmcp.registry.OperationFacts.UndoMethod;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.ToolDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Undoes a deletion: creates the object again, with the fields that Clerk returned before. */
final class UndoDelete {
  private final ToolLookup tools;

  UndoDelete(ToolLookup tools) {
    this.tools = tools;
  }

  void restore(OperationFacts operation, UndoneBy undoneBy, Change change, UndoPlan.Draft draft) {
    ToolDefinition tool = tools.get(operation.inverse());
    boolean isConnection = undoneBy.how() == UndoMethod.RECONNECTION;
    boolean isKnown =
        isConnection || tool.argumentNames().isEmpty() || change.findObjectBefore() != null;
    if (!isKnown) {
      draft.lose("It cannot be created again: its fields are not recorded.");
    } else if (addCall(tool, change, draft) && !isConnection) {
      draft.warn(
          "It is created as a new object with another ID; references to the old ID are not"
              + " updated.");
    }
    if (!undoneBy.without().isEmpty()) {
      draft.lose("Gone for good: " + undoneBy.without());
    }
  }

  private static boolean addCall(ToolDefinition tool, Change change, UndoPlan.Draft draft) {
    ObjectNode arguments = arguments(tool, change, draft);
    List<String> missing = new ArrayList<>(tool.requiredNames());
    missing.removeIf(arguments::has);
    if (!missing.isEmpty()) {
      draft.lose(
          "It cannot be created again; not recorded: %s.".formatted(String.join(", ", missing)));
      return false;
    }
    draft.call(tool.name(), arguments, "Creates again what was removed.");
    if (tool.argumentNames().contains("notify") && !arguments.has("notify")) {
      draft.warn("Creating it again may send another message.");
    }
    return true;
  }

  private static ObjectNode arguments(ToolDefinition tool, Change change, UndoPlan.Draft draft) {
    ObjectNode arguments = Json.object();
    for (String name : tool.argumentNames()) {
      JsonNode value = findValue(name, change);
      JsonNode known = value == null || value.isNull() ? null : draft.withoutSecrets(name, value);
      JsonNode converted = known == null ? null : tool.toArgument(name, known);
      boolean isEmpty = converted != null && converted.isContainerNode() && converted.isEmpty();
      if (converted != null && (!isEmpty || tool.requiredNames().contains(name))) {
        arguments.set(name, converted);
      }
    }
    if (tool.argumentNames().contains("notify") && change.endpoint().method().equals("DELETE")) {
      arguments.put("notify", false);
    }
    if (tool.argumentNames().contains("skip_user_requirement")) {
      skipRequirements(arguments);
    }
    return arguments;
  }

  private static @Nullable JsonNode findValue(String name, Change change) {
    for (Map.Entry<String, JsonNode> part : change.address().properties()) {
      if (ToolLookup.givenAs(part.getKey()).equals(name)) {
        return part.getValue();
      }
    }
    return change.before() == null ? null : CurrentValue.find(name, change.before());
  }

  /**
   * Skips requirements for new users: the instance may now require more than the deleted user had.
   */
  private static void skipRequirements(ObjectNode user) {
    user.put("skip_password_requirement", true).put("skip_user_requirement", true);
    if (!user.has("legal_accepted_at")) {
      user.put("skip_legal_checks", true);
    }
  }
}
