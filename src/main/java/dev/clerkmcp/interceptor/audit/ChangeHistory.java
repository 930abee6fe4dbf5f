package dev.clerkmcp.interceptor.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.interceptor.impact.TargetReader;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.text.TextSanitizer;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the latest 200 changes of this process, and finds older ones in the audit log. */
public final class ChangeHistory {
  private static final Logger log = LoggerFactory.getLogger(ChangeHistory.class);
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

    /** The tool that was called. */
    public String tool() {
      return parts.get(0).change().tool();
    }

    /** What was changed, in words; of many objects, the first. */
    public String target() {
      Set<String> targets = new LinkedHashSet<>();
      parts.forEach(part -> targets.add(part.target()));
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
      return context.attribute(CallChange.class, CallChange::new);
    }

    String id() {
      return id;
    }

    /** The number of the next request; the first has 1. */
    synchronized int nextPart() {
      return ++parts;
    }
  }

  private final @Nullable AuditLog audit;
  private final Deque<RecordedChange> latest = new ArrayDeque<>();

  public ChangeHistory(@Nullable AuditLog audit) {
    this.audit = audit;
  }

  /** Whether the changes of other processes are known, because there is an audit log. */
  public boolean isKept() {
    return audit != null;
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
    if (audit != null && changes.size() < MAX_CHANGES) {
      Set<String> known = new HashSet<>();
      changes.forEach(change -> known.add(change.id()));
      AuditedChanges audited = new AuditedChanges(id -> !known.contains(id));
      audited.read(audit, MAX_CHANGES - changes.size());
      changes.addAll(audited.changes());
      changes.sort(Comparator.comparing(RecordedChange::time).reversed());
    }
    return changes;
  }

  private synchronized List<RecordedChange> inMemory() {
    return new ArrayList<>(latest);
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
    if (change != null || audit == null) {
      return change;
    }
    AuditedChanges audited = new AuditedChanges(id::equals);
    audited.read(audit, 1);
    audited.complete(audit);
    return find(id, audited.changes());
  }

  private static @Nullable RecordedChange find(String id, Iterable<RecordedChange> changes) {
    for (RecordedChange change : changes) {
      if (change.id().equals(id)) {
        return change;
      }
    }
    return null;
  }

  /** Reads changes from the audit log, backwards: an end comes before its begin. */
  private static final class AuditedChanges {
    private final Predicate<String> wanted;
    private final Map<String, ObjectNode> ends = new HashMap<>();
    private final Map<String, Deque<ObjectNode>> begins = new LinkedHashMap<>();
    private final Set<String> whole = new HashSet<>();

    AuditedChanges(Predicate<String> wanted) {
      this.wanted = wanted;
    }

    /** Reads up to so many changes, without what their records have in side files. */
    void read(AuditLog audit, int most) {
      try {
        ObjectNode last =
            audit.findLast(
                line -> {
                  add(line);
                  return whole.size() == most;
                });
        if (last != null) {
          begins.keySet().retainAll(whole); // of the others, earlier parts were not read
        }
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    private void add(ObjectNode line) {
      String id = line.path("change").asText();
      if (id.isEmpty() || !wanted.test(id)) {
        return;
      }
      // A log of an earlier version has an ID for each request, and no parts.
      int part = line.path("part").asInt(1);
      String key = id + " " + part;
      String event = line.path("event").asText();
      if (event.equals("end")) {
        ends.put(key, line);
      } else if (event.equals("begin")) {
        if (mayHaveBeenMade(ends.get(key))) {
          begins.computeIfAbsent(id, any -> new ArrayDeque<>()).addFirst(line);
        }
        if (part == 1 && begins.containsKey(id)) {
          whole.add(id);
        }
      }
    }

    /** Whether a request was made, or may have been; without an end its process was killed. */
    private static boolean mayHaveBeenMade(@Nullable ObjectNode end) {
      return end == null || List.of("done", "unknown").contains(end.path("outcome").asText());
    }

    /** Adds to the records what they have in side files. */
    void complete(AuditLog audit) {
      try {
        for (Deque<ObjectNode> lines : begins.values()) {
          List<ObjectNode> partial = List.copyOf(lines);
          lines.clear();
          for (ObjectNode line : partial) {
            lines.add(audit.whole(line));
          }
        }
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    List<RecordedChange> changes() {
      List<RecordedChange> changes = new ArrayList<>();
      begins.forEach(
          (id, lines) -> {
            ObjectNode first = lines.getFirst();
            List<Part> parts =
                lines.stream()
                    .map(line -> part(line, ends.get(id + " " + line.path("part").asInt(1))))
                    .toList();
            changes.add(
                new RecordedChange(
                    id,
                    Instant.parse(first.path("time").asText()),
                    first.path("instance").asText(),
                    parts));
          });
      return changes;
    }

    private static Part part(ObjectNode begin, @Nullable ObjectNode end) {
      Change change =
          new Change(
              begin.path("tool").asText(),
              Endpoint.parse(begin.path("route").asText()),
              begin.path("request") instanceof ObjectNode request ? request : Json.object(),
              begin.get("before"),
              end == null ? null : answer(end.path("ids")));
      String target =
          begin
              .path("target")
              .asText(
                  TargetReader.describeNew(change.endpoint(), change.arguments(), change.answer()));
      return new Part(target, change);
    }

    /** The log has only the IDs of created objects, not the whole answer. */
    private static JsonNode answer(JsonNode ids) {
      if (ids.size() == 1) {
        return Json.object().set("id", ids.get(0));
      }
      ArrayNode made = Json.array();
      ids.forEach(id -> made.addObject().set("id", id));
      return made;
    }
  }

  private static RefusedException unreadable(IOException e) {
    log.error("The audit log cannot be read: {}", TextSanitizer.of(String.valueOf(e.getMessage())));
    return new RefusedException(
        "audit_log_unreadable",
        "The audit log cannot be read, and changes of earlier runs are found only there.",
        "A person must see to the file that "
            + Setting.AUDIT_LOG
            + " names: it may have been deleted, replaced or closed to this server.");
  }
}
