package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.audit.ChangeHistory.RecordedChange;
import dev.clerkmcp.interceptor.redact.PiiRedactor;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;

/** Presents the undo plan of a recorded change as tool calls that a model can make. */
public final class UndoPlanWriter {
  private final UndoPlanner planner;
  private final ClerkInstances instances;
  private final boolean peopleAreMasked;

  /**
   * Creates a planner.
   *
   * @param peopleAreMasked whether personal data is masked in answers
   */
  public UndoPlanWriter(UndoPlanner planner, ClerkInstances instances, boolean peopleAreMasked) {
    this.planner = planner;
    this.instances = instances;
    this.peopleAreMasked = peopleAreMasked;
  }

  /**
   * The calls with their warnings, and what they do not bring back.
   *
   * @throws InvalidArgumentsException if the change was made on an instance that is not served here
   */
  ObjectNode plan(RecordedChange change) {
    if (!instances.names().contains(change.instance())) {
      throw InvalidArgumentsException.of(
          "change",
          "was made on the instance %s, which this server does not serve"
              .formatted(change.instance()));
    }
    UndoPlan plan = planner.of(change.change());
    ObjectNode answer = Json.object();
    ArrayNode calls = answer.putArray("calls");
    ArrayNode lost = Json.array();
    for (UndoPlan.Step step : plan.calls()) {
      if (peopleAreMasked && PiiRedactor.masks(step.arguments())) {
        // If a model sent the masked values back, they would overwrite the real ones.
        lost.add(
            "%s holds people's data, which is masked here; a person can make that call."
                .formatted(step.tool()));
        continue;
      }
      ObjectNode call = calls.addObject().put("tool", step.tool());
      call.set("arguments", located(step.arguments(), change.instance()));
      call.put("why", step.why());
    }
    plan.warnings().forEach(answer.putArray("warnings")::add);
    plan.lost().forEach(lost::add);
    answer.set("lost", lost);
    return answer;
  }

  /** Adds the instance that was changed, if there are several. */
  private ObjectNode located(ObjectNode arguments, String instance) {
    return instances.several()
        ? arguments.deepCopy().put(ClerkInstances.ARGUMENT, instance)
        : arguments;
  }
}
