package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.interceptor.audit.ChangeHistory.Part;
import dev.clerkmcp.interceptor.audit.ChangeHistory.RecordedChange;
import dev.clerkmcp.interceptor.redact.PiiRedactor;
import dev.clerkmcp.interceptor.redact.PrivateMetadataInterceptor;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.argument.RecordReference;
import java.util.List;
import java.util.Map;

/** Presents the undo plan of a recorded change as tool calls that a model can make. */
public final class UndoPlanWriter {
  private final UndoPlanner planner;
  private final ClerkInstances instances;
  private final boolean peopleAreMasked;

  /**
   * Creates a writer.
   *
   * @param peopleAreMasked whether personal data is masked in answers
   */
  public UndoPlanWriter(UndoPlanner planner, ClerkInstances instances, boolean peopleAreMasked) {
    this.planner = planner;
    this.instances = instances;
    this.peopleAreMasked = peopleAreMasked;
  }

  /** The calls that undo a change, and what they do not bring back. */
  UndoPlan plan(RecordedChange change) {
    return planner.of(requests(change));
  }

  private static List<Change> requests(RecordedChange change) {
    return change.parts().stream().map(Part::change).toList();
  }

  /**
   * The calls with their warnings, and what they do not bring back.
   *
   * @throws InvalidArgumentsException if the change was made on an instance that is not served here
   */
  ObjectNode toJson(RecordedChange change) {
    if (!instances.names().contains(change.instance())) {
      throw InvalidArgumentsException.of(
          "change",
          "was made on the instance %s, which this server does not serve"
              .formatted(change.instance()));
    }
    UndoPlan plan = plan(change);
    ObjectNode answer = Json.object();
    ArrayNode calls = answer.putArray("calls");
    for (UndoPlan.Step step : plan.calls()) {
      ObjectNode arguments = shown(step, new RecordReference(change.id(), calls.size() + 1));
      if (instances.several()) {
        arguments.put(ClerkInstances.ARGUMENT, change.instance());
      }
      ObjectNode call = calls.addObject().put("tool", step.tool());
      call.set("arguments", arguments);
      call.put("why", step.why());
    }
    plan.warnings().forEach(answer.putArray("warnings")::add);
    plan.lost().forEach(answer.putArray("lost")::add);
    return answer;
  }

  /**
   * The arguments of a call. A value that may not be shown is replaced by a reference to the record
   * that has it; {@link UndoInterceptor} puts it back when the call is made.
   */
  ObjectNode shown(UndoPlan.Step step, RecordReference reference) {
    ObjectNode shown = step.arguments().deepCopy();
    for (Map.Entry<String, JsonNode> argument : shown.properties()) {
      if (PrivateMetadataInterceptor.isHidden(argument.getKey(), argument.getValue())) {
        argument.setValue(reference.asObject());
      }
    }
    return peopleAreMasked
        ? (ObjectNode) withoutPeople(shown, PiiRedactor.masked(shown), reference)
        : shown;
  }

  private static JsonNode withoutPeople(
      JsonNode value, JsonNode masked, RecordReference reference) {
    if (value.equals(masked)) {
      return value;
    }
    if (value.isObject()) {
      ObjectNode fields = Json.object();
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        String name = field.getKey();
        fields.set(name, withoutPeople(field.getValue(), masked.path(name), reference));
      }
      return fields;
    }
    if (value.isArray()) {
      ArrayNode items = Json.array();
      for (int i = 0; i < value.size(); i++) {
        items.add(withoutPeople(value.get(i), masked.path(i), reference));
      }
      return items;
    }
    return reference.asText();
  }
}
