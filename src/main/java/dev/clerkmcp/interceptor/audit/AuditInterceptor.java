package dev.clerkmcp.interceptor.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.interceptor.audit.ChangeHistory.RecordedChange;
import dev.clerkmcp.interceptor.impact.RequestTarget;
import dev.clerkmcp.interceptor.impact.TargetCache;
import dev.clerkmcp.interceptor.redact.SecretRedactor;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.registry.text.TextSanitizer;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records every change: in memory so that it can be undone, and in the audit log if there is one.
 * The record is written before the request is sent, so that a crash cannot hide a change.
 */
public final class AuditInterceptor implements ToolInterceptor, RequestInterceptor {
  private static final Logger log = LoggerFactory.getLogger(AuditInterceptor.class);
  private static final int ID_BITS = 50;
  private static final int ID_BASE = 36;

  private final @Nullable AuditLog audit;
  private final boolean reads;
  private final TargetCache targets;
  private final ChangeHistory changes;
  private final InstantSource clock;
  private final AuditRecord records;
  private final SecureRandom random = new SecureRandom();

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
      ChangeHistory changes,
      InstantSource clock) {
    this.audit = audit;
    this.reads = reads;
    this.targets = targets;
    this.changes = changes;
    this.clock = clock;
    this.records = new AuditRecord(clock);
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
      if (answer.path("dry_run").asBoolean() && !context.tool().isDiscovery()) {
        tryWrite(records.of("dry_run", context).put("decision", "dry run"));
      }
      return answer;
    } catch (RefusedException e) {
      if (!e.isRecorded()) {
        tryWrite(records.of("refused", context).put("decision", "denied").put("code", e.code()));
        e.markRecorded();
      }
      throw e;
    }
  }

  /** Adds a note with the IDs of the changes that can be undone. */
  @Override
  public JsonNode intercept(ToolInterceptor.Chain chain) {
    ToolCallContext context = chain.context();
    try {
      return chain.proceed();
    } finally { // even if the call failed after some changes
      List<String> ids = List.copyOf(context.attribute(Undoable.class, Undoable::new).ids());
      if (!ids.isEmpty()) {
        context
            .invocation()
            .note("To undo: clerk_undo_plan with change %s.".formatted(QuotedText.first(ids)));
      }
    }
  }

  /** The IDs of the changes of a call that can be undone, in order. */
  private record Undoable(List<String> ids) {
    Undoable() {
      this(new CopyOnWriteArrayList<>());
    }
  }

  /** Records the request. */
  @Override
  public JsonNode intercept(RequestInterceptor.Chain chain) {
    ClerkRequest request = chain.request();
    if (request.effect().readOnly()) {
      return audit != null && reads ? recordRead(chain) : chain.proceed();
    }
    return request.context().isPlanning() ? chain.proceed() : recordChange(chain);
  }

  private JsonNode recordChange(RequestInterceptor.Chain chain) {
    ClerkRequest request = chain.request();
    String id = "chg_" + new BigInteger(ID_BITS, random).toString(ID_BASE);
    RequestTarget target = target(request);
    JsonNode before = target == null ? null : before(target);
    write(records.begin(id, request, target, before));
    long start = System.nanoTime();
    try {
      JsonNode answer = chain.proceed();
      writeEnd(
          request,
          records
              .end(id, request, start)
              .put("outcome", "done")
              .<ObjectNode>set("ids", AuditRecord.ids(answer)));
      remember(id, request, target, before, answer);
      return answer;
    } catch (ClerkException e) {
      ObjectNode end =
          records
              .end(id, request, start)
              .put("status", e.status())
              .put("trace_id", e.traceId())
              .put("outcome", e.outcomeUnknown() ? "unknown" : "refused")
              .put("code", e.code());
      writeEnd(request, end);
      if (e.outcomeUnknown()) {
        remember(id, request, target, before, null);
      }
      throw e;
    } catch (CancellationException e) {
      // The request may have reached Clerk before it was cancelled.
      writeEnd(
          request,
          records.end(id, request, start).put("outcome", "unknown").put("code", "cancelled"));
      remember(id, request, target, before, null);
      throw e;
    } catch (RuntimeException | Error e) {
      writeEnd(request, records.end(id, request, start).put("outcome", "stopped"));
      throw e;
    }
  }

  /** The target of the request; null if it creates something, or the target cannot be read. */
  private @Nullable RequestTarget target(ClerkRequest request) {
    if (request.effect() == Effect.CREATE) {
      return null;
    }
    try {
      return targets.of(request);
    } catch (ClerkException e) {
      request
          .context()
          .invocation()
          .note("The state before this change could not be read, so its undo cannot be planned.");
      return null;
    }
  }

  /**
   * The state of the object, with its owner if Clerk does not return one; without an object, the
   * affected users.
   */
  private static @Nullable JsonNode before(RequestTarget target) {
    List<JsonNode> users = target.users();
    if (target.state() == null) {
      return users.isEmpty() || target.missing() ? null : Json.array().addAll(users);
    }
    if (target.state() instanceof ObjectNode object && users.size() == 1) {
      boolean owned = !object.path("object").asText().equals("user") && !object.has("user_id");
      return owned ? object.deepCopy().set("user_id", users.get(0).path("id")) : object;
    }
    return target.state();
  }

  private void remember(
      String id,
      ClerkRequest request,
      @Nullable RequestTarget target,
      @Nullable JsonNode before,
      @Nullable JsonNode answer) {
    ToolCallContext context = request.context();
    changes.add(
        new RecordedChange(
            id,
            clock.instant(),
            context.instance().name(),
            target == null ? context.tool().title() : target.description(),
            new Change(
                context.tool().name(),
                request.endpoint(),
                request.shownArguments(),
                before,
                answer)));
    boolean findable = audit != null || context.invocation().caller().callsAgain();
    if (findable && request.effect() != Effect.CREATE && before != null) {
      context.attribute(Undoable.class, Undoable::new).ids().add(id);
    }
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
      log.error(
          "The audit log cannot be written: {}", TextSanitizer.of(String.valueOf(e.getMessage())));
      throw new RefusedException(
          "audit_log_unwritable",
          "The audit log cannot be written, and nothing may happen that is not recorded.",
          "A person must check the file in " + Setting.AUDIT_LOG + ": its disk may be full.");
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
