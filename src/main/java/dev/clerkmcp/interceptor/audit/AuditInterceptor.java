package dev.clerkmcp.interceptor.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.interceptor.impact.Target;
import dev.clerkmcp.interceptor.impact.TargetResolver;
import dev.clerkmcp.interceptor.redact.SecretRedactor;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.RefusedException;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a record of every change: in memory to put it back, and in the audit log if there is one. A
 * change is on record before it is sent, so that a crash cannot hide it.
 */
public final class AuditInterceptor {
  private static final Logger log = LoggerFactory.getLogger(AuditInterceptor.class);
  private static final int ID_BITS = 50;
  private static final int ID_BASE = 36;

  private final @Nullable AuditLog audit;
  private final boolean reads;
  private final TargetResolver lookup;
  private final RecentChanges changes;
  private final InstantSource clock;
  private final AuditRecord lines;
  private final SecureRandom random = new SecureRandom();

  /**
   * Prepares to record.
   *
   * @param audit null if nobody asked for a file
   * @param reads whether reading is recorded in it as well
   */
  public AuditInterceptor(
      @Nullable AuditLog audit,
      boolean reads,
      TargetResolver lookup,
      RecentChanges changes,
      InstantSource clock) {
    this.audit = audit;
    this.reads = reads;
    this.lookup = lookup;
    this.changes = changes;
    this.clock = clock;
    this.lines = new AuditRecord(clock);
  }

  /** Records what other guards do not let pass, and dry runs; stands before them. */
  public ToolInterceptor refusals() {
    return new ToolInterceptor() {
      @Override
      public JsonNode tool(ToolCallContext run, Supplier<JsonNode> next) {
        if (audit == null || (run.tool().effect().readOnly() && !reads)) {
          return next.get();
        }
        try {
          JsonNode answer = next.get();
          if (answer.path("dry_run").asBoolean() && !run.tool().isDoor()) {
            note(lines.of("dry_run", run).put("decision", "dry run"));
          }
          return answer;
        } catch (RefusedException e) {
          if (!e.isRecorded()) {
            note(lines.of("refused", run).put("decision", "denied").put("code", e.code()));
            e.markRecorded();
          }
          throw e;
        }
      }
    };
  }

  /** Records requests; stands after the guards that may refuse them. */
  public ToolInterceptor requests() {
    return new ToolInterceptor() {
      @Override
      public JsonNode tool(ToolCallContext run, Supplier<JsonNode> next) {
        try {
          return next.get();
        } finally {
          tellWhatCanBePutBack(run);
        }
      }

      @Override
      public JsonNode operation(ClerkRequest operation, Supplier<JsonNode> next) {
        if (operation.effect().readOnly()) {
          return audit != null && reads ? recordRead(operation, next) : next.get();
        }
        return operation.run().isRehearsed() ? next.get() : recordChange(operation, next);
      }
    };
  }

  private JsonNode recordChange(ClerkRequest operation, Supplier<JsonNode> next) {
    String id = "chg_" + new BigInteger(ID_BITS, random).toString(ID_BASE);
    Target target = target(operation);
    JsonNode before = target == null ? null : before(target);
    write(lines.begin(id, operation, target, before));
    long start = System.nanoTime();
    try {
      JsonNode answer = next.get();
      end(
          operation,
          lines
              .end(id, operation, start)
              .put("outcome", "done")
              .<ObjectNode>set("ids", AuditRecord.ids(answer)));
      remember(id, operation, target, before, answer);
      return answer;
    } catch (ClerkException e) {
      ObjectNode end =
          lines
              .end(id, operation, start)
              .put("status", e.status())
              .put("trace_id", e.traceId())
              .put("outcome", e.outcomeUnknown() ? "unknown" : "refused")
              .put("code", e.code());
      end(operation, end);
      if (e.outcomeUnknown()) {
        remember(id, operation, target, before, null);
      }
      throw e;
    } catch (CancellationException e) {
      // It may have reached Clerk before anybody could stop it.
      end(
          operation,
          lines.end(id, operation, start).put("outcome", "unknown").put("code", "cancelled"));
      remember(id, operation, target, before, null);
      throw e;
    } catch (RuntimeException | Error e) {
      end(operation, lines.end(id, operation, start).put("outcome", "stopped"));
      throw e;
    }
  }

  /** Adding something has no previous state, so nothing is read for it. */
  private @Nullable Target target(ClerkRequest operation) {
    if (operation.effect() == Effect.CREATE) {
      return null;
    }
    try {
      return lookup.of(operation);
    } catch (ClerkException e) {
      operation
          .run()
          .invocation()
          .note("The state before could not be read, so there is no help to put this back.");
      return null;
    }
  }

  /** The object; with its owner, where Clerk does not say who that is; else all users touched. */
  private static @Nullable JsonNode before(Target target) {
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
      ClerkRequest operation,
      @Nullable Target target,
      @Nullable JsonNode before,
      @Nullable JsonNode answer) {
    ToolCallContext run = operation.run();
    changes.add(
        new RecordedChange(
            id,
            clock.instant(),
            run.instance().name(),
            target == null ? run.tool().title() : target.description(),
            new Change(
                run.tool().name(),
                operation.endpoint(),
                operation.shownArguments(),
                before,
                answer)));
    boolean remembered = audit != null || run.invocation().caller().callsAgain();
    if (remembered && operation.effect() != Effect.CREATE && before != null) {
      run.finding(Restorable.class, Restorable::new).add(id);
    }
  }

  /** In one sentence, however many requests the tool made. */
  private static void tellWhatCanBePutBack(ToolCallContext run) {
    List<String> ids = run.finding(Restorable.class, Restorable::new).ids();
    if (!ids.isEmpty()) {
      run.invocation()
          .note(
              "What can be put back: clerk_undo_plan with change %s."
                  .formatted(QuotedText.first(ids)));
    }
  }

  /** The changes of a run that help can be given with, in order. */
  private static final class Restorable {
    private final List<String> ids = new CopyOnWriteArrayList<>();

    void add(String id) {
      ids.add(id);
    }

    List<String> ids() {
      return List.copyOf(ids);
    }
  }

  private JsonNode recordRead(ClerkRequest operation, Supplier<JsonNode> next) {
    long start = System.nanoTime();
    ObjectNode line = lines.request("read", operation);
    try {
      JsonNode answer = next.get();
      line.put("status", operation.status());
      return answer;
    } catch (ClerkException e) {
      line.put("status", e.status()).put("code", e.code()).put("trace_id", e.traceId());
      throw e;
    } finally {
      write(line.put("duration_ms", AuditRecord.millisSince(start)));
    }
  }

  /**
   * Writes a line that must be there.
   *
   * @throws RefusedException if it cannot be written
   */
  private void write(ObjectNode line) {
    if (audit == null) {
      return;
    }
    try {
      // A tool that sends back what it read holds that in the clear.
      audit.append((ObjectNode) SecretRedactor.ofAll(List.of()).mask(line));
    } catch (IOException e) {
      log.error(
          "The audit log cannot be written: {}", TextSanitizer.of(String.valueOf(e.getMessage())));
      throw new RefusedException(
          "audit_log_unwritable",
          "The audit log cannot be written, and nothing is done that is not on record.",
          "A person must see to the file that "
              + Setting.AUDIT_LOG
              + " names: its disk may be full.");
    }
  }

  /** What happened cannot be taken back because its end is not on record; it is said aloud. */
  private void end(ClerkRequest operation, ObjectNode line) {
    try {
      write(line);
    } catch (RefusedException e) {
      operation
          .run()
          .invocation()
          .note("The request was made, but how it ended could not be written to the audit log.");
    }
  }

  /** A refusal stands, whether it can be recorded or not. */
  private void note(ObjectNode line) {
    try {
      write(line);
    } catch (RefusedException e) {
      log.error("A refusal is not in the audit log.");
    }
  }
}
