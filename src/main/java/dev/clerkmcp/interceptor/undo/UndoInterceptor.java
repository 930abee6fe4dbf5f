package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.interceptor.audit.ChangeHistory;
import dev.clerkmcp.interceptor.audit.ChangeHistory.RecordedChange;
import dev.clerkmcp.json.JsonDiff;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.argument.ArgumentParseContext;
import dev.clerkmcp.registry.argument.RecordReference;
import dev.clerkmcp.registry.text.SanitizedStackTrace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says after a change how to undo it, or what is lost for good. Before the call of an undo plan,
 * puts the recorded values in the place of the references to them.
 */
public final class UndoInterceptor implements ToolInterceptor {
  private static final Logger log = LoggerFactory.getLogger(UndoInterceptor.class);
  private static final int MAX_LOSSES = 5;

  private final ChangeHistory changes;
  private final Supplier<UndoPlanWriter> undo;
  private final boolean endsWithProcess;

  /**
   * Creates the interceptor.
   *
   * @param undo the plans; first used at the first change
   * @param endsWithProcess whether Clerk's data ends with this process, so that nothing can be
   *     undone later
   */
  public UndoInterceptor(
      ChangeHistory changes, Supplier<UndoPlanWriter> undo, boolean endsWithProcess) {
    this.changes = changes;
    this.undo = undo;
    this.endsWithProcess = endsWithProcess;
  }

  @Override
  public boolean concerns(ToolCallContext context) {
    return context.tool().effect().changes() && !context.delegates();
  }

  @Override
  public JsonNode intercept(Chain chain) {
    ToolCallContext context = chain.context();
    if (!context.tool().isDiscovery()) {
      putRecordedValues(context);
    }
    try {
      return chain.proceed();
    } finally { // even if the call failed after some changes
      if (!context.isPart()) {
        addNote(context);
      }
    }
  }

  private void putRecordedValues(ToolCallContext context) {
    RecordReference reference = RecordReference.findIn(context.arguments());
    if (reference == null) {
      return;
    }
    RecordedChange change = changes.findShown(reference.change());
    List<UndoPlan.Step> calls = change == null ? List.of() : undo.get().plan(change).calls();
    if (change == null
        || !change.instance().equals(context.instance().name())
        || reference.call() < 1
        || reference.call() > calls.size()
        || !isAsShown(calls.get(reference.call() - 1), reference, context)) {
      throw new RefusedException(
          "not_as_planned",
          "A reference to a recorded change is valid only in the call of its undo plan, with all"
              + " arguments as the plan shows them.",
          "Call clerk_undo_plan with the change, and make its calls unchanged; only confirmation"
              + " and dry_run may be added.");
    }
    recorded(context).used().set(true);
    asGiven(calls.get(reference.call() - 1).arguments(), context)
        .properties()
        .forEach(argument -> context.set(argument.getKey(), argument.getValue()));
  }

  /** Whether values of a call come from the record, so that its caller may not know them. */
  public static boolean hasRecordedValues(ToolCallContext context) {
    return recorded(context).used().get();
  }

  private static Recorded recorded(ToolCallContext context) {
    return context.attribute(Recorded.class, Recorded::new);
  }

  private record Recorded(AtomicBoolean used) {
    Recorded() {
      this(new AtomicBoolean());
    }
  }

  private boolean isAsShown(
      UndoPlan.Step step, RecordReference reference, ToolCallContext context) {
    return step.tool().equals(context.tool().name())
        && JsonDiff.same(asGiven(undo.get().shown(step, reference), context), context.arguments());
  }

  /**
   * The arguments of a plan as the tool reads them: it resolves {@code clear}, and the quotation
   * marks of a word such as {@code "Null"} that is meant as it is.
   */
  private static ObjectNode asGiven(ObjectNode planned, ToolCallContext context) {
    ArgumentParseContext parsing =
        new ArgumentParseContext(Instant.EPOCH, false); // a plan has no relative times
    return context.tool().arguments().read(planned, "", parsing);
  }

  private void addNote(ToolCallContext context) {
    RecordedChange change = changes.findOf(context);
    if (change == null) {
      return;
    }
    try {
      String note = note(change, context);
      if (!note.isEmpty()) {
        context.invocation().note(note);
      }
    } catch (RuntimeException e) { // it must not hide the outcome of the call
      log.error("The undo of {} cannot be planned: {}", change.id(), SanitizedStackTrace.of(e));
    }
  }

  /**
   * The note about a change: what is lost, and how to undo the rest. A call that only creates
   * something loses nothing.
   */
  private String note(RecordedChange change, ToolCallContext context) {
    UndoPlan plan = undo.get().plan(change);
    List<String> sentences = new ArrayList<>();
    boolean creates = undo.get().onlyCreated(change);
    if (!plan.lost().isEmpty() && !creates) {
      sentences.add("Lost: " + String.join(" ", plan.lost().stream().limit(MAX_LOSSES).toList()));
      int more = plan.lost().size() - MAX_LOSSES;
      if (more > 0) {
        sentences.add("And %s more.".formatted(more));
      }
    }
    if (plan.calls().isEmpty()) {
      return String.join(" ", sentences);
    }
    if (changes.isKept() || context.invocation().caller().callsAgain()) {
      String how =
          plan.isComplete()
              ? "To undo: clerk_undo_plan with change %s."
              : creates
                  ? "To take it back: clerk_undo_plan with change %s; something stays."
                  : "The rest can be restored: clerk_undo_plan with change %s.";
      sentences.add(how.formatted(change.id()));
      sentences.addAll(undo.get().switchedOff(change, plan));
    } else if (!endsWithProcess) { // else a later command finds nothing to undo
      sentences.add(
          "No record of this change is kept: set %s, so that later commands can undo changes."
              .formatted(Setting.AUDIT_LOG));
    }
    return String.join(" ", sentences);
  }
}
