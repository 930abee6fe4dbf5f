package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.JsonDiff;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.text.Fingerprint;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts fields that were set back to what they were: the same tool, with the previous values. */
final class RestoreFields {
  private final ToolLookup toolbox;

  RestoreFields(ToolLookup toolbox) {
    this.toolbox = toolbox;
  }

  void restore(Change change, Restoration.Draft draft) {
    ObjectNode body = change.body();
    JsonNode before = change.before();
    ToolDefinition tool = toolbox.findSender(change);
    if (body.path("sign_out_of_other_sessions").asBoolean()) {
      draft.lose("The sessions that were ended do not come back; the user has to sign in again.");
    }
    if (before == null || tool == null) {
      String names = names(body);
      draft.lose(
          tool == null
              ? "There is no tool that sets %s.".formatted(names)
              : "Nobody has kept what %s before."
                  .formatted(names + (body.size() == 1 ? " was" : " were")));
      return;
    }
    ObjectNode former = former(change, before, tool, draft);
    if (!former.isEmpty()) {
      addCall(tool, change.address(), former, before, draft);
    }
  }

  private static ObjectNode former(
      Change change, JsonNode before, ToolDefinition tool, Restoration.Draft draft) {
    ObjectNode former = Json.object();
    for (Map.Entry<String, JsonNode> field : change.body().properties()) {
      String name = field.getKey();
      if (CurrentValue.isOption(name)) {
        continue;
      }
      JsonNode was = CurrentValue.find(name, before);
      if (was == null) {
        draft.lose(untold(name));
      } else if (!JsonDiff.same(was, field.getValue())) {
        if (isMerged(change, name) && Fingerprint.is(field.getValue())) {
          draft.lose("Nobody has kept which keys were added to %s; they stay.".formatted(name));
        }
        JsonNode value =
            isMerged(change, name) && field.getValue().isObject()
                ? findMerge(name, was, field.getValue(), draft)
                : find(tool, name, was, field.getValue(), draft);
        if (value != null) {
          former.set(name, value);
        }
      }
    }
    return former;
  }

  private static boolean isMerged(Change change, String field) {
    return change.endpoint().method().equals("PATCH")
        && (change.lastSegment().equals("metadata")
            || (field.equals("attribute_mapping")
                && change.endpoint().path().contains("director")));
  }

  private static @Nullable JsonNode findMerge(
      String name, JsonNode was, JsonNode given, Restoration.Draft draft) {
    if (!was.isObject() && !was.isNull()) {
      return WithoutFingerprints.of(name, was, draft);
    }
    JsonNode back = WithoutFingerprints.of(name, UndoMerge.back(was, given), draft);
    return back == null || back.isEmpty() ? null : back;
  }

  private static @Nullable JsonNode find(
      ToolDefinition tool, String name, JsonNode was, JsonNode given, Restoration.Draft draft) {
    JsonNode known = WithoutFingerprints.of(name, was, draft);
    if (known == null) {
      return null;
    }
    JsonNode value = tool.adapted(name, known);
    boolean ofParts = hasParts(tool, name);
    if (value == null || (ofParts && value.isEmpty())) {
      draft.lose(
          was.isNull()
              ? "%s was empty, and no tool empties it again.".formatted(name)
              : untold(name));
      return null;
    }
    if (ofParts) {
      loseParts(name, was, value, given, draft);
    }
    return value;
  }

  /** Whether the argument is an object with declared parts, to which a made-up one is unknown. */
  private static boolean hasParts(ToolDefinition tool, String name) {
    JsonNode taken = tool.adapted(name, Json.object().put("", 0));
    return taken != null && taken.isObject() && taken.isEmpty();
  }

  /** Parts of an object that were given, and of which the previous value cannot be. */
  private static void loseParts(
      String name, JsonNode was, JsonNode value, JsonNode given, Restoration.Draft draft) {
    Iterator<String> parts = given.fieldNames();
    while (parts.hasNext()) {
      String part = parts.next();
      if (!value.has(part) && !was.hasNonNull(part)) {
        draft.lose(untold(name + "." + part));
      }
    }
  }

  private static void addCall(
      ToolDefinition tool,
      ObjectNode address,
      ObjectNode former,
      JsonNode before,
      Restoration.Draft draft) {
    ObjectNode arguments = address.setAll(former);
    for (String required : tool.requiredNames()) {
      if (!arguments.has(required)) {
        JsonNode now = CurrentValue.find(required, before);
        JsonNode value = now == null ? null : tool.adapted(required, now);
        if (value == null) {
          draft.lose(
              "%s cannot be set without %s, which Clerk does not tell."
                  .formatted(names(former), required));
          return;
        }
        arguments.set(required, value);
      }
    }
    draft.call(
        tool.name(),
        UndoDelete.withoutFormerNames(arguments),
        "Sets %s to what %s."
            .formatted(names(former), former.size() == 1 ? "it was" : "they were"));
  }

  private static String untold(String field) {
    return "Clerk does not tell the previous value of %s.".formatted(field);
  }

  private static String names(ObjectNode fields) {
    StringBuilder names = new StringBuilder();
    fields
        .fieldNames()
        .forEachRemaining(name -> names.append(names.isEmpty() ? "" : ", ").append(name));
    return names.isEmpty() ? "nothing" : names.toString();
  }
}
