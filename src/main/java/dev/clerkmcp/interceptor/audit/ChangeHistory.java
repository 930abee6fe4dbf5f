package dev.clerkmcp.interceptor.audit;

import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.ToolCallContext;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps the latest 200 changes of this process, and finds older ones in the audit log. */
public final class ChangeHistory {
  private static final int MAX_CHANGES = 200;
  private static final int MAX_TARGETS = 5;

  /**
   * The change that one tool call made. Secrets in it are masked.
   *
   * @param id its ID in answers and in the audit log
   * @param parts its requests, in the order in which they were sent
   */
  public record RecordedChange(String id, Instant time, String instance, List<Part> parts) {
    public RecordedChange {
      parts = List.copyOf(parts);
    }

    /** The tool that was called, or the tools that were called together. */
    public String tools() {
      Set<String> tools = new LinkedHashSet<>();
      parts.forEach(part -> tools.add(part.change().tool()));
      return String.join(", ", tools);
    }

    /**
     * What was changed, in words; of many objects, the first.
     *
     * @param described the target of a part, in words
     */
    public String target(Function<Part, String> described) {
      Set<String> targets = new LinkedHashSet<>();
      parts.forEach(part -> targets.add(described.apply(part)));
      String first = String.join("; ", targets.stream().limit(MAX_TARGETS).toList());
      int more = targets.size() - MAX_TARGETS;
      return more <= 0 ? first : "%s; and %s more".formatted(first, more);
    }

    private RecordedChange with(Part part) {
      List<Part> all = new ArrayList<>(parts);
      all.add(part);
      return new RecordedChange(id, time, instance, all);
    }
  }

  /**
   * One request of a change.
   *
   * @param target what it changed, in words
   */
  public record Part(String target, Change change) {}

  /** The ID of a tool call's change, and the number of its requests so far. */
  static final class CallChange {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_BITS = 50;
    private static final int ID_BASE = 36;

    private final String id = "chg_" + new BigInteger(ID_BITS, RANDOM).toString(ID_BASE);
    private int parts;

    static CallChange of(ToolCallContext context) {
      return context.whole().attribute(CallChange.class, CallChange::new);
    }

    String id() {
      return id;
    }

    /** The number of the next request; the first has 1. */
    synchronized int nextPart() {
      return ++parts;
    }
  }

  private final @Nullable AuditedChanges audited;
  private final Deque<RecordedChange> latest = new ArrayDeque<>();

  public ChangeHistory(@Nullable AuditLog audit) {
    this.audited = audit == null ? null : new AuditedChanges(audit);
  }

  /** Whether the changes of other processes are known, because there is an audit log. */
  public boolean isKept() {
    return audited != null;
  }

  /**
   * Whether no change is known.
   *
   * @throws RefusedException if the audit log cannot be read
   */
  public boolean isEmpty() {
    return inMemory().isEmpty() && (audited == null || audited.latest(1, Set.of()).isEmpty());
  }

  /** Adds a request to the change of its call; the first request begins the change. */
  synchronized void add(String id, Instant time, String instance, Part part) {
    RecordedChange begun = find(id, latest);
    if (begun == null) {
      latest.addFirst(new RecordedChange(id, time, instance, List.of(part)));
    } else {
      latest.remove(begun);
      latest.addFirst(begun.with(part));
    }
    if (latest.size() > MAX_CHANGES) {
      latest.removeLast();
    }
  }

  /**
   * The latest 200 changes of this process and of the audit log, newest first.
   *
   * @throws RefusedException if the audit log cannot be read
   */
  public List<RecordedChange> list() {
    List<RecordedChange> changes = inMemory();
    if (audited != null && changes.size() < MAX_CHANGES) {
      Set<String> known = new HashSet<>();
      changes.forEach(change -> known.add(change.id()));
      changes.addAll(audited.latest(MAX_CHANGES - changes.size(), known));
      changes.sort(Comparator.comparing(RecordedChange::time).reversed());
    }
    return changes;
  }

  /** The latest 200 changes of this process, newest first. */
  public synchronized List<RecordedChange> inMemory() {
    return new ArrayList<>(latest);
  }

  /** The requests of a running call that have been recorded so far, in their order. */
  public List<Part> partsOf(ToolCallContext context) {
    RecordedChange change = findOf(context);
    return change == null ? List.of() : change.parts();
  }

  /** The change that a running call has made so far; null if it has changed nothing. */
  public @Nullable RecordedChange findOf(ToolCallContext context) {
    return find(CallChange.of(context).id(), inMemory());
  }

  /**
   * The change of that ID; null if it is neither in memory nor in the audit log.
   *
   * @throws RefusedException if the audit log cannot be read
   */
  public @Nullable RecordedChange find(String id) {
    RecordedChange change = find(id, inMemory());
    return change != null || audited == null ? change : audited.find(id);
  }

  /**
   * The change to which a call refers, as its undo plan showed it; null as for {@link #find}. All
   * calls of a plan refer to one change, which is searched once.
   *
   * @throws RefusedException if the audit log cannot be read
   */
  public @Nullable RecordedChange findShown(String id) {
    RecordedChange change = find(id, inMemory());
    return change != null || audited == null ? change : audited.findShown(id);
  }

  private static @Nullable RecordedChange find(String id, Iterable<RecordedChange> changes) {
    for (RecordedChange change : changes) {
      if (change.id().equals(id)) {
        return change;
      }
    }
    return null;
  }
}
