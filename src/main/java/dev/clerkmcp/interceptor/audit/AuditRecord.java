package dev.clerkmcp.interceptor.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.impact.RequestTarget;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.text.Fingerprint;
import dev.clerkmcp.registry.OperationFacts.Risk;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Builds the records of the audit log. */
final class AuditRecord {
  private final InstantSource clock;

  AuditRecord(InstantSource clock) {
    this.clock = clock;
  }

  /** The record before a request is sent. */
  ObjectNode begin(
      String id,
      ClerkRequest request,
      Collection<Risk> risks,
      @Nullable RequestTarget target,
      @Nullable JsonNode before) {
    ObjectNode line = request("begin", request).put("change", id);
    risks.forEach(risk -> line.withArray("risks").add(risk.word()));
    String approval = request.context().approval();
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

  /** The record after a request, successful or not. */
  ObjectNode end(String id, ClerkRequest request, long start) {
    return Json.object()
        .put("time", clock.instant().toString())
        .put("event", "end")
        .put("change", id)
        .put("status", request.status())
        .put("trace_id", request.traceId())
        .put("duration_ms", millisSince(start));
  }

  /** A record about a request. */
  ObjectNode request(String event, ClerkRequest request) {
    ObjectNode line = of(event, request.context());
    line.put("effect", request.effect().word());
    line.put("route", request.endpoint().route());
    line.set("request", request.shownArguments());
    return line;
  }

  /** A record about a tool call. */
  ObjectNode of(String event, ToolCallContext context) {
    ObjectNode line =
        Json.object()
            .put("time", clock.instant().toString())
            .put("event", event)
            .put("tool", context.tool().name());
    if (!context.calledAs().equals(context.tool().name())) {
      line.put("called_as", context.calledAs());
    }
    line.put("instance", context.instance().name());
    line.put("client", context.invocation().caller().name());
    line.set("arguments", context.tool().isDiscovery() ? name(context) : context.shownArguments());
    return line;
  }

  /**
   * The arguments of a discovery tool to record: only the name, since the others may contain
   * secrets.
   */
  private static ObjectNode name(ToolCallContext context) {
    return Json.object().put("name", context.shownArguments().path("name").asText());
  }

  /** The IDs in an answer, so that created objects can be found again. */
  static JsonNode ids(JsonNode answer) {
    ArrayNode ids = Json.array();
    JsonNode items = ListPage.rowsOf(answer);
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
