package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.interceptor.audit.FormerState;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.OperationFacts;
import dev.clerkmcp.registry.OperationFacts.UndoMethod;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.ToolDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Undoes a deletion: creates the object again, with the fields that Clerk returned before, and then
 * what was deleted together with it.
 */
final class UndoDelete {
  private static final String CREATOR = "created_by";

  private final ToolLookup tools;

  UndoDelete(ToolLookup tools) {
    this.tools = tools;
  }

  void restore(OperationFacts operation, UndoneBy undoneBy, Change change, UndoPlan.Draft draft) {
    ToolDefinition tool = tools.get(operation.inverse());
    boolean isConnection = undoneBy.how() == UndoMethod.RECONNECTION;
    ObjectNode before = change.findObjectBefore();
    boolean isKnown = isConnection || tool.argumentNames().isEmpty() || before != null;
    if (!isKnown) {
      draft.lose("It cannot be created again: its fields are not recorded.");
      return;
    }
    ObjectNode state = before == null ? Json.object() : before;
    boolean isUser = operation.inverse().route().equals("POST /users");
    ObjectNode proven = isUser ? RestoreContacts.onlyProven(state) : state;
    ObjectNode arguments = arguments(tool, change.address(), proven, draft);
    if (undoneBy.contents().length > 0) {
      arguments.remove(CREATOR); // who would become a member, who may have been none at last
    }
    if (tool.argumentNames().contains("notify") && change.endpoint().method().equals("DELETE")) {
      arguments.put("notify", false); // unlike a revoked invitation, it has no link to send anew
    }
    if (addCall(tool, arguments, "Creates again what was removed.", draft) && !isConnection) {
      draft.recreates(state);
      if (undoneBy.idIsKnown()) {
        draft.lose(
            "Its ID and age: it is created as a new object, and references to the old one stay.");
      } else {
        draft.warn("What is created again is a new object, with another ID and age.");
      }
      if (isUser) {
        RestoreContacts.addUnproven(state, tools, draft);
      }
      for (String list : undoneBy.contents()) {
        addContents(operation, list, change, state, draft);
      }
    }
    if (!undoneBy.without().isEmpty()) {
      draft.lose("Gone for good: " + undoneBy.without());
    }
  }

  /** Creates what was deleted together with the object. */
  private void addContents(
      OperationFacts operation,
      String list,
      Change change,
      ObjectNode before,
      UndoPlan.Draft draft) {
    JsonNode rows = before.path(list);
    ToolDefinition tool = tools.get(operation.creation(list));
    if (!rows.isArray()) {
      draft.lose("Its %s, which could not be read.".formatted(list.replace('_', ' ')));
    } else if (rows.size() >= FormerState.MAX_ROWS) {
      draft.lose(
          "Its %s after the first %s, if there were more."
              .formatted(list.replace('_', ' '), rows.size()));
    }
    for (JsonNode row : rows) {
      addCall(
          tool,
          arguments(tool, change.address(), row, draft),
          "Creates again what was deleted with it.",
          draft);
    }
  }

  private static boolean addCall(
      ToolDefinition tool, ObjectNode arguments, String why, UndoPlan.Draft draft) {
    List<String> missing = new ArrayList<>(tool.requiredNames());
    missing.removeIf(arguments::has);
    if (!missing.isEmpty()) {
      draft.lose(
          "It cannot be created again; not recorded: %s.".formatted(String.join(", ", missing)));
      return false;
    }
    if (tool.argumentNames().contains("notify") && !arguments.has("notify")) {
      draft.warn("Creating it again may send another message.");
    }
    return draft.call(tool.name(), arguments, why);
  }

  /**
   * The arguments that create an object again.
   *
   * @param address the variables in the path of the deletion
   * @param before the object as Clerk returned it
   */
  private static ObjectNode arguments(
      ToolDefinition tool, ObjectNode address, JsonNode before, UndoPlan.Draft draft) {
    ObjectNode arguments = Json.object();
    for (String name : tool.argumentNames()) {
      JsonNode value = findValue(name, address, before);
      JsonNode known = value == null || value.isNull() ? null : draft.withoutSecrets(name, value);
      JsonNode converted = known == null ? null : tool.toArgument(name, known);
      boolean isEmpty = converted != null && converted.isContainerNode() && converted.isEmpty();
      if (converted != null && (!isEmpty || tool.requiredNames().contains(name))) {
        arguments.set(name, converted);
      }
    }
    if (!arguments.path(RestoreContacts.PRIMARY).asBoolean()) {
      arguments.remove(RestoreContacts.PRIMARY); // false would not mean that it is not the primary
    }
    if (tool.argumentNames().contains("skip_user_requirement")) {
      skipRequirements(arguments);
    }
    return arguments;
  }

  private static @Nullable JsonNode findValue(String name, ObjectNode address, JsonNode before) {
    for (Map.Entry<String, JsonNode> part : address.properties()) {
      if (ToolLookup.givenAs(part.getKey()).equals(name)) {
        return part.getValue();
      }
    }
    return CurrentValue.find(name, before);
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
