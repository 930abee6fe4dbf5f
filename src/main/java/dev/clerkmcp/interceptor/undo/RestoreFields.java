package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.interceptor.audit.FormerState;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.JsonDiff;
import dev.clerkmcp.registry.OperationFacts;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.argument.ArgumentSchema;
import dev.clerkmcp.registry.text.Fingerprint;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sets fields to the values that they had before a change. */
final class RestoreFields {
  /** Arguments that Clerk does not empty: a connection stays linked to an organization. */
  private static final Set<String> NEVER_EMPTIED = Set.of("organization_id");

  /**
   * Set back even where it did not change: whether there is something to undo would tell a caller
   * that its guess of a hidden value is right.
   */
  private static final String PRIVATE = "private_metadata";

  private final ToolLookup tools;

  RestoreFields(ToolLookup tools) {
    this.tools = tools;
  }

  /** Calls the tool of the change again, with the previous values of the fields that it sent. */
  void restore(OperationFacts operation, UndoneBy undoneBy, Change change, UndoPlan.Draft draft) {
    ObjectNode body = change.body();
    if (body.isEmpty()) {
      return; // nothing was changed
    }
    JsonNode before = change.before();
    ToolDefinition tool = tools.findSender(change);
    UndoPlanner.loseSessions(operation, change, draft);
    if (before == null || tool == null) {
      String names = names(body);
      draft.lose(
          tool == null
              ? "No tool can set %s.".formatted(names)
              : "It is not recorded what %s before."
                  .formatted(names + (body.size() == 1 ? " was" : " were")));
      return;
    }
    if (before.has(FormerState.PRIMARY_ID)) {
      RestoreContacts.restorePrimary(change.endpoint().path(), tools, change, draft);
      body.remove(RestoreContacts.PRIMARY);
    }
    if (before.has(FormerState.FORMER_INITIAL)) {
      ObjectNode arguments = change.address();
      arguments
          .fieldNames()
          .forEachRemaining(name -> arguments.set(name, before.get(FormerState.FORMER_INITIAL)));
      draft.call(
          tool.name(),
          arguments.put("type", "initial"),
          "Makes the former initial role set initial again.");
      body.remove("type");
    }
    ObjectNode former = former(body, List.of(undoneBy.merges()), before, tool, draft);
    if (!former.isEmpty()) {
      addCall(tool, change.address(), former, before, draft);
    }
  }

  /** Sets a message template to its state before, including fields that the change did not set. */
  void restoreTemplate(OperationFacts operation, Change change, UndoPlan.Draft draft) {
    ObjectNode before = change.findObjectBefore();
    if (before == null) {
      draft.lose("It is not recorded what the message was before.");
      return;
    }
    Endpoint inverse = operation.inverse();
    ToolDefinition tool = tools.get(inverse);
    ObjectNode arguments = ToolLookup.address(inverse, change);
    for (String name : tool.argumentNames()) {
      JsonNode was = CurrentValue.find(name, before);
      JsonNode known = was == null || was.isNull() ? null : draft.withoutSecrets(name, was);
      JsonNode value = known == null || arguments.has(name) ? null : tool.toArgument(name, known);
      if (value != null) {
        arguments.set(name, value);
      }
    }
    draft.call(tool.name(), arguments, "Sets the message to what it was.");
  }

  private static ObjectNode former(
      ObjectNode body,
      List<String> merged,
      JsonNode before,
      ToolDefinition tool,
      UndoPlan.Draft draft) {
    ObjectNode former = Json.object();
    for (Map.Entry<String, JsonNode> field : body.properties()) {
      String name = field.getKey();
      if (CurrentValue.isOption(name)) {
        continue;
      }
      JsonNode was = CurrentValue.find(name, before);
      if (was == null) {
        draft.lose(notReturned(name));
      } else if (name.equals(PRIVATE)
          || (!JsonDiff.same(was, field.getValue())
              && !FieldChanges.isEmptyAlready(was, field.getValue()))) {
        if (merged.contains(name) && Fingerprint.is(field.getValue())) {
          draft.lose("It is not recorded which keys were added to %s; they stay.".formatted(name));
        }
        JsonNode value =
            merged.contains(name) && field.getValue().isObject()
                ? findMerge(name, was, field.getValue(), draft)
                : find(tool, name, was, field.getValue(), draft);
        if (value != null) {
          former.set(name, value);
        }
      }
    }
    return former;
  }

  private static @Nullable JsonNode findMerge(
      String name, JsonNode was, JsonNode given, UndoPlan.Draft draft) {
    if (!was.isObject() && !was.isNull()) {
      return draft.withoutSecrets(name, was);
    }
    JsonNode back = draft.withoutSecrets(name, mergeBack(was, given, name.equals(PRIVATE)));
    return back == null || back.isEmpty() ? null : back;
  }

  /** What to merge into an object so that a merge of {@code given} is undone. */
  static ObjectNode mergeBack(JsonNode before, JsonNode given) {
    return mergeBack(before, given, false);
  }

  /**
   * What to merge into an object so that a merge of {@code given} is undone.
   *
   * @param all whether it has also the keys that did not change
   */
  private static ObjectNode mergeBack(JsonNode before, JsonNode given, boolean all) {
    ObjectNode back = Json.object();
    for (Map.Entry<String, JsonNode> entry : given.properties()) {
      JsonNode restored = findBack(before.get(entry.getKey()), entry.getValue(), all);
      if (restored != null) {
        back.set(entry.getKey(), restored);
      }
    }
    return back;
  }

  /** The value to merge at one key; null if the key did not change, unless all are wanted. */
  private static @Nullable JsonNode findBack(
      @Nullable JsonNode before, JsonNode given, boolean all) {
    if (before == null) {
      return given.isNull() && !all ? null : NullNode.getInstance();
    }
    if (before.isObject() && given.isObject()) {
      ObjectNode inner = mergeBack(before, given, all);
      return inner.isEmpty() && !all ? null : inner;
    }
    return JsonDiff.same(before, given) && !all ? null : before;
  }

  private static @Nullable JsonNode find(
      ToolDefinition tool, String name, JsonNode was, JsonNode given, UndoPlan.Draft draft) {
    JsonNode known = draft.withoutSecrets(name, was);
    boolean isStructured = hasParts(tool, name);
    if (known == null) {
      return null;
    }
    if (!isStructured && !known.equals(was)) {
      // Setting the rest would delete the secret, which may still be there.
      draft.lose("%s is not set back, since a part of it is not known.".formatted(name));
      return null;
    }
    JsonNode value = tool.toArgument(name, known);
    boolean isFinal = was.isNull() && NEVER_EMPTIED.contains(name);
    if (value == null || isFinal || (isStructured && value.isEmpty())) {
      draft.lose(ArgumentSchema.isEmpty(was) ? staysFilled(name) : notSettable(name, was));
      return null;
    }
    if (isStructured) {
      noteLostParts(name, was, value, given, draft);
    }
    return value;
  }

  /** Whether the argument is an object with declared fields; its type drops unknown fields. */
  private static boolean hasParts(ToolDefinition tool, String name) {
    JsonNode taken = tool.toArgument(name, Json.object().put("", 0));
    return taken != null && taken.isObject() && taken.isEmpty();
  }

  /**
   * Reports as lost the fields of an object that were given and cannot be set to what they were.
   */
  private static void noteLostParts(
      String name, JsonNode was, JsonNode value, JsonNode given, UndoPlan.Draft draft) {
    Iterator<String> parts = given.fieldNames();
    while (parts.hasNext()) {
      String part = parts.next();
      if (!value.has(part)) {
        boolean wasEmpty = was.has(part) && ArgumentSchema.isEmpty(was.get(part));
        String path = name + "." + part;
        draft.lose(wasEmpty ? staysFilled(path) : notReturned(path));
      }
    }
  }

  private static void addCall(
      ToolDefinition tool,
      ObjectNode address,
      ObjectNode former,
      JsonNode before,
      UndoPlan.Draft draft) {
    ObjectNode arguments = address.setAll(former);
    for (String required : tool.requiredNames()) {
      if (!arguments.has(required)) {
        JsonNode now = CurrentValue.find(required, before);
        JsonNode value = now == null ? null : tool.toArgument(required, now);
        if (value == null) {
          draft.lose(
              "%s cannot be set without %s, which Clerk does not return."
                  .formatted(names(former), required));
          return;
        }
        arguments.set(required, value);
      }
    }
    draft.call(
        tool.name(),
        arguments,
        "Sets %s to what %s."
            .formatted(names(former), former.size() == 1 ? "it was" : "they were"));
  }

  private static String staysFilled(String field) {
    return "%s was empty, and nothing empties it again.".formatted(field);
  }

  private static String notSettable(String field, JsonNode was) {
    return was.isValueNode()
        ? "%s was %s, and nothing sets it to that again."
            .formatted(field, QuotedText.plain(was.asText()))
        : "%s cannot be set to what it was.".formatted(field);
  }

  private static String notReturned(String field) {
    return "Clerk does not return the previous value of %s.".formatted(field);
  }

  private static String names(ObjectNode fields) {
    StringBuilder names = new StringBuilder();
    fields
        .fieldNames()
        .forEachRemaining(name -> names.append(names.isEmpty() ? "" : ", ").append(name));
    return names.toString();
  }
}
