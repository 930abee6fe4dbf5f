package dev.clerkmcp.interceptor.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.interceptor.audit.ChangeHistory.CallChange;
import dev.clerkmcp.interceptor.audit.ChangeHistory.Part;
import dev.clerkmcp.interceptor.impact.RequestTarget;
import dev.clerkmcp.interceptor.impact.TargetCache;
import dev.clerkmcp.interceptor.impact.TargetReader;
import dev.clerkmcp.interceptor.redact.SecretRedactor;
import dev.clerkmcp.interceptor.risk.RiskAssessor;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.text.TextSanitizer;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records every change: in memory so that it can be undone, and in the audit log if there is one.
 * The record is written before the request is sent, so that a crash cannot hide a change.
 */
public final class AuditInterceptor implements RequestInterceptor {
  private static final Logger log = LoggerFactory.getLogger(AuditInterceptor.class);

  private final @Nullable AuditLog audit;
  private final boolean reads;
  private final TargetCache targets;
  private final RiskAssessor risks;
  private final ChangeHistory changes;
  private final InstantSource clock;
  private final AuditRecord records;
  private final FormerState former;

  /**
   * Prepares to record.
   *
   * @param audit null if there is no audit log
   * @param reads whether the audit log also records read-only requests
   */
  public AuditInterceptor(
      @Nullable AuditLog audit,
      boolean reads,
      TargetCache targets,
      RiskAssessor risks,
      ChangeHistory changes,
      InstantSource clock) {
    this.audit = audit;
    this.reads = reads;
    this.targets = targets;
    this.risks = risks;
    this.changes = changes;
    this.clock = clock;
    this.records = new AuditRecord(clock);
    this.former = new FormerState(targets);
  }

  /** An interceptor that logs dry runs, and calls that an interceptor after it refuses. */
  public ToolInterceptor refusals() {
    return this::logRefusal;
  }

  private JsonNode logRefusal(ToolInterceptor.Chain chain) {
    ToolCallContext context = chain.context();
    if (audit == null || (context.tool().effect().readOnly() && !reads)) {
      return chain.proceed();
    }
    try {
      JsonNode answer = chain.proceed();
      if (answer.path("dry_run").asBoolean() && !context.delegates()) {
        tryWrite(records.of("dry_run", context).put("decision", "dry run"));
      }
      return answer;
    } catch (RefusedException e) {
      if (!e.isRecorded()) {
        ObjectNode line = records.of("refused", context);
        tryWrite(byRule(line.put("decision", "denied").put("code", e.code()), e.rule()));
        e.markRecorded();
      }
      throw e;
    }
  }

  /** Adds the rule of the policy that decided, if one did. */
  private static ObjectNode byRule(ObjectNode line, @Nullable String rule) {
    return rule == null ? line : line.put("rule", rule);
  }

  /**
   * Records that a person is asked to confirm a call.
   *
   * @param via how, such as {@code elicitation}
   * @param plan the digest of what is confirmed
   * @param rule the rule of the policy that demands it; null if none does
   * @throws RefusedException if that cannot be recorded
   */
  public void question(ToolCallContext context, String via, String plan, @Nullable String rule) {
    ObjectNode line = records.of("question", context);
    write(byRule(line.put("via", via).put("plan_digest", plan), rule));
  }

  /**
   * Records the answer to a question.
   *
   * @param answer the outcome, such as {@code accepted}
   * @param took the time since the question
   * @throws RefusedException if that cannot be recorded
   */
  public void answer(ToolCallContext context, String via, String answer, Duration took) {
    write(
        records
            .of("answer", context)
            .put("via", via)
            .put("answer", answer)
            .put("duration_ms", took.toMillis()));
  }

  /** Records the request. */
  @Override
  public JsonNode intercept(RequestInterceptor.Chain chain) {
    ClerkRequest request = chain.request();
    if (request.effect().readOnly()) {
      return audit != null && reads ? recordRead(chain) : chain.proceed();
    }
    if (request.context().isPlanning()) {
      risks.countPeople(request);
      return chain.proceed();
    }
    return recordChange(chain);
  }

  private JsonNode recordChange(RequestInterceptor.Chain chain) {
    ClerkRequest request = chain.request();
    CallChange change = CallChange.of(request.context());
    int part = change.nextPart();
    RequestTarget target = target(request);
    JsonNode before = target == null ? null : former.of(request, target);
    if (audit != null) { // assessing a role takes a request
      write(records.begin(change.id(), part, request, risks.inCall(request), target, before));
    }
    long start = System.nanoTime();
    try {
      JsonNode answer = chain.proceed();
      writeEnd(
          request,
          records
              .end(change.id(), part, request, start)
              .put("outcome", "done")
              .<ObjectNode>set("ids", AuditRecord.ids(answer)));
      remember(change, request, target, before, answer);
      return answer;
    } catch (ClerkException e) {
      ObjectNode end =
          records
              .end(change.id(), part, request, start)
              .put("status", e.status())
              .put("trace_id", e.traceId())
              .put("outcome", e.outcomeUnknown() ? "unknown" : "refused")
              .put("code", e.code());
      writeEnd(request, end);
      if (e.outcomeUnknown()) {
        remember(change, request, target, before, null);
      }
      throw e;
    } catch (RuntimeException | Error e) {
      // A request that was sent may have reached Clerk, whatever failed or was cancelled
      // afterwards.
      String outcome = request.isSent() ? "unknown" : "stopped";
      ObjectNode end = records.end(change.id(), part, request, start).put("outcome", outcome);
      writeEnd(request, e instanceof CancellationException ? end.put("code", "cancelled") : end);
      if (request.isSent()) {
        remember(change, request, target, before, null);
      }
      throw e;
    }
  }

  /** The target of the request; null if undo needs no state before it, or it cannot be read. */
  private @Nullable RequestTarget target(ClerkRequest request) {
    if (!FormerState.isNeeded(request)) {
      return null;
    }
    try {
      return targets.of(request);
    } catch (ClerkException e) {
      if (!request.effect().changes()) {
        return null;
      }
      request
          .context()
          .invocation()
          .note("The state before this change could not be read, so its undo cannot be planned.");
      return null;
    }
  }

  private void remember(
      CallChange change,
      ClerkRequest request,
      @Nullable RequestTarget target,
      @Nullable JsonNode before,
      @Nullable JsonNode answer) {
    if (!request.effect().changes()) {
      return;
    }
    ToolCallContext context = request.context();
    boolean creates = request.effect() == Effect.CREATE;
    String described =
        target == null || creates
            ? TargetReader.describeNew(request.endpoint(), request.arguments(), answer)
            : target.description();
    // A composed tool may send back credentials that it read, which no argument declares as secret.
    ObjectNode arguments =
        (ObjectNode) SecretRedactor.ofAll(List.of()).mask(request.shownArguments());
    changes.add(
        change.id(),
        clock.instant(),
        context.instance().name(),
        new Part(
            described,
            new Change(context.tool().name(), request.endpoint(), arguments, before, answer)));
  }

  private JsonNode recordRead(RequestInterceptor.Chain chain) {
    ClerkRequest request = chain.request();
    long start = System.nanoTime();
    ObjectNode line = records.request("read", request);
    try {
      JsonNode answer = chain.proceed();
      line.put("status", request.status());
      return answer;
    } catch (ClerkException e) {
      line.put("status", e.status()).put("code", e.code()).put("trace_id", e.traceId());
      throw e;
    } finally {
      write(line.put("duration_ms", AuditRecord.millisSince(start)));
    }
  }

  /**
   * Writes a record.
   *
   * @throws RefusedException if it cannot be written
   */
  private void write(ObjectNode line) {
    if (audit == null) {
      return;
    }
    try {
      // A composed tool may send back credentials that it read, which no argument declares as
      // secret.
      audit.append((ObjectNode) SecretRedactor.ofAll(List.of()).mask(line));
    } catch (IOException e) {
      String reason = TextSanitizer.of(String.valueOf(e.getMessage()));
      log.error("The audit log cannot be written: {}", reason);
      throw new RefusedException(
          "audit_log_unwritable",
          "Nothing was done, because it cannot be recorded: the audit log %s.".formatted(reason),
          audit.isDiskFull()
              ? "A person must free space: the disk of the file in %s is full."
                  .formatted(Setting.AUDIT_LOG)
              : "A person must check the file in %s.".formatted(Setting.AUDIT_LOG));
    }
  }

  /**
   * Writes the outcome of a request. If that fails, adds a note instead of throwing, since the
   * request was sent.
   */
  private void writeEnd(ClerkRequest request, ObjectNode line) {
    try {
      write(line);
    } catch (RefusedException e) {
      request
          .context()
          .invocation()
          .note("The request was made, but its outcome could not be written to the audit log.");
    }
  }

  /** Writes a record about a call that sends nothing; ignores a failure to write. */
  private void tryWrite(ObjectNode line) {
    try {
      write(line);
    } catch (RefusedException e) {
      log.error("A refusal is not in the audit log.");
    }
  }
}
