package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.registry.ToolDefinition;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts back the text of a message that was reverted to its default, and who sends it. */
final class RestoreTemplate {
  private static final String REVERT = "revert";
  private static final Set<String> ACTIONS = Set.of(REVERT, "toggle_delivery");

  private final ToolLookup toolbox;

  RestoreTemplate(ToolLookup toolbox) {
    this.toolbox = toolbox;
  }

  static boolean isReplaced(Change change) {
    return change.endpoint().method().equals("POST") && ACTIONS.contains(change.lastSegment());
  }

  void restore(Change change, Restoration.Draft draft) {
    ToolDefinition tool = findTool(change);
    ObjectNode before = change.findObjectBefore();
    if (tool == null || before == null) {
      draft.lose("Nobody has kept what the message was before.");
      return;
    }
    ObjectNode arguments = ToolLookup.address(tool, change);
    for (String name : tool.argumentNames()) {
      JsonNode was = CurrentValue.find(name, before);
      JsonNode known =
          was == null || was.isNull() ? null : WithoutFingerprints.of(name, was, draft);
      JsonNode value = known == null || arguments.has(name) ? null : tool.adapted(name, known);
      if (value != null) {
        arguments.set(name, value);
      }
    }
    draft.call(tool.name(), arguments, "Sets the message to what it was.");
  }

  private @Nullable ToolDefinition findTool(Change change) {
    List<String> segments = change.endpoint().segments();
    return change.lastSegment().equals(REVERT)
        ? toolbox.find("PUT", segments.subList(0, segments.size() - 1))
        : toolbox.find("POST", segments);
  }
}
