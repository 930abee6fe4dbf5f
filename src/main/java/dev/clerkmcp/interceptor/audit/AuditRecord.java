package dev.clerkmcp.interceptor.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.impact.RequestTarget;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Risk;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolCallContext.Approval;
import dev.clerkmcp.registry.text.Fingerprint;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Builds the records of the audit log. */
final class AuditRecord {
  /** The most characters of JSON of a call's arguments. */
  private static final int MAX_ARGUMENTS = 4096;

  private final InstantSource clock;

  AuditRecord(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * The record before a request is sent.
   *
   * @param change the ID of the tool call's change
   * @param part the number of the request in the change
   */
  ObjectNode begin(
      String change,
      int part,
      ClerkRequest request,
      Collection<Risk> risks,
      @Nullable RequestTarget target,
      @Nullable JsonNode before) {
    ObjectNode line = request("begin", request).put("change", change).put("part", part);
    risks.forEach(risk -> line.withArray("risks").add(risk.word()));
    UploadDigest upload = UploadDigest.ofSent(request);
    if (upload != null) {
      line.set("upload", upload.toJson());
    }
    Approval approval = request.context().approval();
    line.put("decision", approval == null ? "allowed" : "confirmed by " + approval.words());
    if (target != null && request.effect() != Effect.CREATE) {
      line.put("target", target.description());
    }
    if (before != null) {
      line.put("before_digest", Fingerprint.digest(before.toString()));
      line.set("before", before);
    }
    return line;
  }

  /** The record after a request, successful or not. */
  ObjectNode end(String change, int part, ClerkRequest request, long start) {
    return Json.object()
        .put("time", clock.instant().toString())
        .put("event", "end")
        .put("change", change)
        .put("part", part)
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
    line.set(
        "arguments",
        context.tool().isDiscovery() ? calls(context) : digested(context.shownArguments()));
    return line;
  }

  /**
   * The arguments of a discovery tool to record. Of a single call only the name, since that call
   * has records of its own.
   */
  private static JsonNode calls(ToolCallContext context) {
    ObjectNode arguments = context.shownArguments();
    return arguments.has(ToolCallContext.CALLS)
        ? digested(Json.object().set(ToolCallContext.CALLS, context.shownCalls()))
        : Json.object().put("name", arguments.path("name").asText());
  }

  /**
   * Replaces the largest parts of a value by their digests, until it is no larger than {@link
   * #MAX_ARGUMENTS}. What was sent to Clerk is recorded whole, in the request.
   */
  static JsonNode digested(JsonNode value) {
    String json = value.toString();
    if (json.length() <= MAX_ARGUMENTS) {
      return value;
    }
    JsonNode smaller = value.deepCopy();
    if (smaller instanceof ObjectNode object) {
      object.properties().forEach(member -> member.setValue(digested(member.getValue())));
    } else if (smaller instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, digested(array.get(i)));
      }
    }
    return smaller.isContainerNode() && smaller.toString().length() <= MAX_ARGUMENTS
        ? smaller
        : Json.object().put("bytes", json.length()).put("sha256", Fingerprint.digest(json));
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
