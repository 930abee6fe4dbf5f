package dev.clerkmcp.interceptor.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.text.TextSanitizer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the latest 200 changes of this process, and finds older ones in the audit log. */
public final class ChangeHistory {
  private static final Logger log = LoggerFactory.getLogger(ChangeHistory.class);
  private static final int MAX_CHANGES = 200;

  /**
   * A recorded change with the data that undo needs. Secrets in it are masked.
   *
   * @param id its ID in answers and in the audit log
   * @param target what was changed, in words
   */
  public record RecordedChange(
      String id, Instant time, String instance, String target, Change change) {}

  private final @Nullable AuditLog audit;
  private final Deque<RecordedChange> latest = new ArrayDeque<>();

  public ChangeHistory(@Nullable AuditLog audit) {
    this.audit = audit;
  }

  /** Whether the changes of other processes are known, because there is an audit log. */
  public boolean isKept() {
    return audit != null;
  }

  public synchronized void add(RecordedChange change) {
    latest.addFirst(change);
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
      addFromAudit(audit, changes);
      changes.sort(Comparator.comparing(RecordedChange::time).reversed());
    }
    return changes;
  }

  private synchronized List<RecordedChange> inMemory() {
    return new ArrayList<>(latest);
  }

  /** Adds the latest changes that other processes recorded, up to 200 in all. */
  private static void addFromAudit(AuditLog audit, List<RecordedChange> changes) {
    Set<String> known = new HashSet<>();
    changes.forEach(change -> known.add(change.id()));
    Map<String, ObjectNode> ends = new HashMap<>(); // read from the end, an end is before its begin
    try {
      audit.findLast(
          line -> {
            String id = line.path("change").asText();
            if (line.path("event").asText().equals("end")) {
              ends.put(id, line);
            } else if (is(line, "begin", id) && mayHaveBeenMade(ends.get(id)) && known.add(id)) {
              changes.add(read(line, ends.get(id)));
            }
            return changes.size() == MAX_CHANGES;
          });
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Whether a change was made, or may have been; without an end its process was killed. */
  private static boolean mayHaveBeenMade(@Nullable ObjectNode end) {
    return end == null || List.of("done", "unknown").contains(end.path("outcome").asText());
  }

  /**
   * The change of that ID; null if it is neither in memory nor in the audit log.
   *
   * @throws RefusedException if the audit log cannot be read
   */
  public @Nullable RecordedChange find(String id) {
    for (RecordedChange change : inMemory()) {
      if (change.id().equals(id)) {
        return change;
      }
    }
    return audit == null ? null : fromAudit(audit, id);
  }

  private static @Nullable RecordedChange fromAudit(AuditLog audit, String id) {
    try {
      ObjectNode begin = audit.findLast(line -> is(line, "begin", id));
      ObjectNode end = audit.findLast(line -> is(line, "end", id));
      return begin == null ? null : read(begin, end);
    } catch (IOException e) {
      throw unreadable(e);
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

  private static boolean is(ObjectNode line, String event, String id) {
    return line.path("event").asText().equals(event) && line.path("change").asText().equals(id);
  }

  private static RecordedChange read(ObjectNode begin, @Nullable ObjectNode end) {
    return new RecordedChange(
        begin.path("change").asText(),
        Instant.parse(begin.path("time").asText()),
        begin.path("instance").asText(),
        begin.path("target").asText(begin.path("tool").asText()),
        new Change(
            begin.path("tool").asText(),
            Endpoint.parse(begin.path("route").asText()),
            begin.path("request") instanceof ObjectNode request ? request : Json.object(),
            begin.get("before"),
            end == null ? null : answer(end.path("ids"))));
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
