package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.interceptor.audit.ChangeHistory.Part;
import dev.clerkmcp.interceptor.audit.ChangeHistory.RecordedChange;
import dev.clerkmcp.interceptor.impact.VisibleTargets;
import dev.clerkmcp.interceptor.redact.PiiRedactor;
import dev.clerkmcp.interceptor.redact.PrivateMetadataInterceptor;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.KeyPath;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.argument.RecordReference;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.registry.text.TextSanitizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Presents the undo plan of a recorded change as tool calls that a model can make. */
public final class UndoPlanWriter {
  /** The most calls in one answer; with longer values as references, it stays within its budget. */
  private static final int MAX_CALLS = 30;

  /** The most characters of a text or an object that is printed. */
  private static final int MAX_CHARACTERS = 2_000;

  /** The most fields in a row about a change. */
  private static final int MAX_FIELDS = 3;

  /** The most characters of a value in a row about a change. */
  private static final int MAX_VALUE = 60;

  private static final String PRIVATE = "private_metadata";

  private final UndoPlanner planner;
  private final ClerkInstances instances;
  private final boolean peopleAreMasked;
  private final VisibleTargets targets;

  /**
   * Creates a writer.
   *
   * @param peopleAreMasked whether personal data is masked in answers
   * @param targets hides what the policy keeps tools from reading
   */
  public UndoPlanWriter(
      UndoPlanner planner,
      ClerkInstances instances,
      boolean peopleAreMasked,
      VisibleTargets targets) {
    this.planner = planner;
    this.instances = instances;
    this.peopleAreMasked = peopleAreMasked;
    this.targets = targets;
  }

  /** What was changed, in words, without what may not be shown. */
  String target(RecordedChange change) {
    return change.target(this::target);
  }

  private String target(Part part) {
    Change change = part.change();
    List<JsonNode> record =
        Stream.of(change.before(), change.answer()).filter(Objects::nonNull).toList();
    return targets.recorded(change.endpoint(), change.arguments(), record, part.target());
  }

  /** The calls that undo a change, and what they do not bring back. */
  UndoPlan plan(RecordedChange change) {
    return planner.of(requests(change));
  }

  /** Whether a change only created something. */
  boolean onlyCreated(RecordedChange change) {
    return planner.onlyCreated(requests(change));
  }

  /**
   * Adds the first fields of a change with their new values, shortened, to a row about it. Of what
   * may not be shown, there are none, and no values that differ among several objects.
   */
  void addFields(RecordedChange change, ObjectNode row) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    for (Part part : change.parts()) {
      boolean mayShow = target(part).equals(part.target());
      for (JsonNode field : mayShow ? planner.fields(part.change()) : Json.array()) {
        ObjectNode shown = newValue(field);
        fields.merge(
            shown.path("field").asText(),
            shown,
            (one, other) ->
                one.equals(other) ? one : Json.object().set("field", other.path("field")));
      }
    }
    if (fields.isEmpty()) {
      return;
    }
    fields.values().stream().limit(MAX_FIELDS).forEach(row.putArray("changed")::add);
    if (fields.size() > MAX_FIELDS) {
      row.put("more_changed", fields.size() - MAX_FIELDS);
    }
  }

  private ObjectNode newValue(JsonNode change) {
    String field = change.path("field").asText();
    if (KeyPath.keys(field).contains(PRIVATE)) {
      return Json.object().put("field", PRIVATE); // its keys are private too
    }
    ObjectNode row = Json.object().put("field", field).set("after", change.path("after"));
    JsonNode shown = peopleAreMasked ? PiiRedactor.masked(row) : row; // before a part is cut off
    JsonNode after = shown.path("after");
    String text = after.isTextual() ? after.textValue() : after.toString();
    return text.length() <= MAX_VALUE
        ? (ObjectNode) shown
        : ((ObjectNode) shown).put("after", QuotedText.shortened(text, MAX_VALUE));
  }

  /** Why calls of a plan are refused on the instance of the change, a sentence for each tool. */
  List<String> switchedOff(RecordedChange change, UndoPlan plan) {
    List<String> sentences = new ArrayList<>();
    for (ClerkInstance instance : instances.all()) {
      if (instance.name().equals(change.instance())) {
        plan.calls().stream()
            .map(UndoPlan.Step::tool)
            .distinct()
            .forEach(tool -> addSwitchedOff(tool, instance, sentences));
      }
    }
    return sentences;
  }

  private static void addSwitchedOff(String tool, ClerkInstance instance, List<String> sentences) {
    String reason = instance.toolFilter().disabledReason(tool);
    if (reason != null) {
      sentences.add(
          "It takes %s, which is switched off here: %s. Only a person can change that."
              .formatted(tool, reason));
    }
  }

  private static List<Change> requests(RecordedChange change) {
    return change.parts().stream().map(Part::change).toList();
  }

  /**
   * One page of the calls with their warnings, and what they do not bring back.
   *
   * @param skipped how many calls are left out at the beginning
   * @throws InvalidArgumentsException if the change was made on an instance that is not served here
   */
  ObjectNode toJson(RecordedChange change, int skipped) {
    if (!instances.names().contains(change.instance())) {
      throw InvalidArgumentsException.of(
          "change",
          "was made on the instance %s, which this server does not serve"
              .formatted(change.instance()));
    }
    UndoPlan plan = plan(change);
    List<UndoPlan.Step> all = plan.calls();
    int first = Math.min(skipped, all.size());
    int end = Math.min(first + MAX_CALLS, all.size());
    ObjectNode answer = Json.object();
    ArrayNode calls = answer.putArray("calls");
    for (int i = first; i < end; i++) {
      ObjectNode arguments = shown(all.get(i), new RecordReference(change.id(), i + 1));
      if (instances.several()) {
        arguments.put(ClerkInstances.ARGUMENT, change.instance());
      }
      ObjectNode call = calls.addObject().put("tool", all.get(i).tool());
      call.set("arguments", arguments);
      call.put("why", all.get(i).why());
    }
    if (end < all.size()) {
      answer.put("total_calls", all.size()).putObject("next").put("offset", end);
    }
    ArrayNode warnings = answer.putArray("warnings");
    switchedOff(change, plan).forEach(warnings::add);
    plan.warnings().forEach(warnings::add);
    plan.lost().forEach(answer.putArray("lost")::add);
    return answer;
  }

  /**
   * The arguments of a call. A value that cannot be printed as it is, because it is hidden, masked,
   * escaped or too long, is replaced by a reference to the record that has it; {@link
   * UndoInterceptor} puts it back when the call is made.
   */
  ObjectNode shown(UndoPlan.Step step, RecordReference reference) {
    ObjectNode shown = step.arguments().deepCopy();
    for (Map.Entry<String, JsonNode> argument : shown.properties()) {
      if (PrivateMetadataInterceptor.isHidden(argument.getKey(), argument.getValue())) {
        argument.setValue(reference.asObject());
      }
    }
    JsonNode masked = peopleAreMasked ? PiiRedactor.masked(shown) : shown;
    for (Map.Entry<String, JsonNode> argument : shown.properties()) {
      argument.setValue(printable(argument.getValue(), masked.path(argument.getKey()), reference));
    }
    return shown;
  }

  /**
   * The value with references in the place of its parts that cannot be printed as they are.
   *
   * @param masked the value as an answer shows it
   */
  private static JsonNode printable(JsonNode value, JsonNode masked, RecordReference reference) {
    if (RecordReference.is(value)) {
      return value;
    }
    if (value.isObject()) {
      return printableFields(value, masked, reference);
    }
    if (value.isArray()) {
      ArrayNode items = Json.array();
      for (int i = 0; i < value.size(); i++) {
        items.add(printable(value.get(i), masked.path(i), reference));
      }
      return items;
    }
    return value.equals(masked) && isPrintable(value.asText()) ? value : reference.asText();
  }

  private static JsonNode printableFields(
      JsonNode object, JsonNode masked, RecordReference reference) {
    ObjectNode fields = Json.object();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = field.getKey();
      if (!masked.has(name) || !isPrintable(name)) {
        return reference.asObject();
      }
      fields.set(name, printable(field.getValue(), masked.path(name), reference));
    }
    return fields.toString().length() > MAX_CHARACTERS ? reference.asObject() : fields;
  }

  private static boolean isPrintable(String text) {
    return text.length() <= MAX_CHARACTERS && TextSanitizer.of(text).equals(text);
  }
}
