package dev.clerkmcp.interceptor.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.impact.Target;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.text.Fingerprint;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a line of the audit log holds. */
final class AuditRecord {
  private final InstantSource clock;

  AuditRecord(InstantSource clock) {
    this.clock = clock;
  }

  /** Before a request goes out. */
  ObjectNode begin(
      String id, ClerkRequest operation, @Nullable Target target, @Nullable JsonNode before) {
    ObjectNode line = request("begin", operation).put("change", id);
    String approval = operation.run().approval();
    line.put("decision", approval == null ? "allowed" : "confirmed by " + approval);
    if (target != null) {
      line.put("target", target.description());
    }
    if (before != null) {
      line.put("before_digest", Fingerprint.digest(before.toString()));
      line.set("before", before);
    }
    return line;
  }

  /** When it has ended, however it did. */
  ObjectNode end(String id, ClerkRequest operation, long start) {
    return Json.object()
        .put("time", clock.instant().toString())
        .put("event", "end")
        .put("change", id)
        .put("status", operation.status())
        .put("trace_id", operation.traceId())
        .put("duration_ms", millisSince(start));
  }

  /** About a request. */
  ObjectNode request(String event, ClerkRequest operation) {
    ObjectNode line = of(event, operation.run());
    line.put("effect", operation.effect().name().toLowerCase(Locale.ROOT));
    line.put("route", operation.endpoint().method() + " " + operation.endpoint().path());
    line.set("request", operation.shownArguments());
    return line;
  }

  /** About the run of a tool. */
  ObjectNode of(String event, ToolCallContext run) {
    ObjectNode line =
        Json.object()
            .put("time", clock.instant().toString())
            .put("event", event)
            .put("tool", run.tool().name());
    if (!run.calledAs().equals(run.tool().name())) {
      line.put("called_as", run.calledAs());
    }
    line.put("instance", run.instance().name());
    line.put("client", run.invocation().caller().name());
    line.set("arguments", run.tool().isDoor() ? named(run) : run.shownArguments());
    return line;
  }

  /** Of what a door is given only the tool's name: what is secret in the rest, that tool knows. */
  private static ObjectNode named(ToolCallContext run) {
    return Json.object().put("name", run.shownArguments().path("name").asText());
  }

  /** What was made, so that it can be found again. */
  static JsonNode ids(JsonNode answer) {
    ArrayNode ids = Json.array();
    JsonNode items = answer.isArray() ? answer : answer.path("data");
    for (JsonNode item : items.isArray() ? items : Json.array().add(answer)) {
      if (item.path("id").isTextual()) {
        ids.add(item.path("id"));
      }
    }
    return ids;
  }

  static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }
}
