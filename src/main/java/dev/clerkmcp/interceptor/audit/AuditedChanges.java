package dev.clerkmcp.interceptor.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.interceptor.audit.ChangeHistory.Part;
import dev.clerkmcp.interceptor.audit.ChangeHistory.RecordedChange;
import dev.clerkmcp.interceptor.impact.TargetReader;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.text.TextSanitizer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds changes in the audit log, also those of other processes. A model may ask for any ID, and a
 * search can read 500 MB: so one call searches at a time, a cancelled call searches no further, and
 * an ID that was not found is not searched again.
 */
final class AuditedChanges {
  private static final Logger log = LoggerFactory.getLogger(AuditedChanges.class);

  /** The most bytes of the log that one search reads, the newest ones. */
  private static final long MAX_BYTES = 500_000_000;

  /** The form of the IDs that {@link ChangeHistory.CallChange} makes. */
  private static final Pattern ID = Pattern.compile("chg_[0-9a-z]{1,20}");

  private static final int MAX_UNKNOWN = 1_000;
  private static final long NAP_MILLIS = 250;

  /** Stands in each record that belongs to a change. */
  private static final String CHANGE = "change";

  private final AuditLog audit;
  private final ReentrantLock searching = new ReentrantLock();

  /** IDs that are not in the log. They stay so: a process makes up an ID and then records it. */
  private final Set<String> unknown = new LinkedHashSet<>();

  /** The change that was found last. */
  private @Nullable RecordedChange found;

  AuditedChanges(AuditLog audit) {
    this.audit = audit;
  }

  /**
   * The latest changes with another ID, without what their records have in side files.
   *
   * @throws RefusedException if the log cannot be read
   */
  List<RecordedChange> latest(int most, Set<String> others) {
    Reading reading = new Reading(id -> !others.contains(id));
    return alone(
        () -> {
          read(reading, quoted(CHANGE), most);
          return reading.changes();
        });
  }

  /**
   * The change of an ID as it is in the log now; null if it is not in the part that is searched.
   *
   * @throws RefusedException if the log cannot be read
   */
  @Nullable RecordedChange find(String id) {
    return ID.matcher(id).matches() ? alone(() -> searched(id)).orElse(null) : null;
  }

  /**
   * The change of an ID; if it was the last that was found, as it was then.
   *
   * @throws RefusedException if the log cannot be read
   */
  @Nullable RecordedChange findShown(String id) {
    return alone(
            () -> {
              Optional<RecordedChange> last = Optional.ofNullable(found);
              return last.filter(change -> change.id().equals(id))
                  .or(() -> Optional.ofNullable(find(id)));
            })
        .orElse(null);
  }

  private Optional<RecordedChange> searched(String id) throws IOException {
    if (unknown.contains(id)) {
      return Optional.empty();
    }
    Reading reading = new Reading(id::equals);
    read(reading, quoted(id), 1);
    reading.complete(audit);
    List<RecordedChange> changes = reading.changes();
    if (changes.isEmpty()) {
      if (unknown.size() == MAX_UNKNOWN) {
        unknown.remove(unknown.iterator().next());
      }
      unknown.add(id);
      return Optional.empty();
    }
    found = changes.get(0);
    return Optional.of(found);
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  /** Reads up to so many changes from the records that have a text. */
  private void read(Reading reading, String text, int most) throws IOException {
    Invocation call = Invocation.current();
    ObjectNode last =
        audit.findLast(
            new AuditLog.Search(text, MAX_BYTES, call::checkCancelled),
            line -> {
              reading.add(line);
              return reading.hasWhole(most);
            });
    if (last != null) {
      reading.dropPartial();
    }
  }

  /** Searches while no other call does. */
  private <T> T alone(Work<T> work) {
    try {
      while (!searching.tryLock(NAP_MILLIS, TimeUnit.MILLISECONDS)) {
        Invocation.current().checkCancelled();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("The call was interrupted");
    }
    try {
      return work.run();
    } catch (IOException e) {
      log.error(
          "The audit log cannot be read: {}", TextSanitizer.of(String.valueOf(e.getMessage())));
      throw new RefusedException(
          "audit_log_unreadable",
          "The audit log cannot be read, and changes of earlier runs are found only there.",
          "A person must see to the file that "
              + Setting.AUDIT_LOG
              + " names: it may have been deleted, replaced or closed to this server.");
    } finally {
      searching.unlock();
    }
  }

  /** Reads the log. */
  @FunctionalInterface
  private interface Work<T> {
    T run() throws IOException;
  }

  /** Collects changes from records, of which an end comes before its begin. */
  private static final class Reading {
    private final Predicate<String> wanted;
    private final Map<String, ObjectNode> ends = new HashMap<>();
    private final Map<String, Deque<ObjectNode>> begins = new LinkedHashMap<>();
    private final Set<String> whole = new HashSet<>();

    Reading(Predicate<String> wanted) {
      this.wanted = wanted;
    }

    void add(ObjectNode line) {
      String id = line.path(CHANGE).asText();
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

    boolean hasWhole(int changes) {
      return whole.size() == changes;
    }

    /** Drops changes of which the earlier parts were not read. */
    void dropPartial() {
      begins.keySet().retainAll(whole);
    }

    /** Adds to the records what they have in side files. */
    void complete(AuditLog audit) throws IOException {
      for (Deque<ObjectNode> lines : begins.values()) {
        List<ObjectNode> partial = List.copyOf(lines);
        lines.clear();
        for (ObjectNode line : partial) {
          lines.add(audit.whole(line));
        }
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
}
