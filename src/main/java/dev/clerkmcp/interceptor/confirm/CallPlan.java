package dev.clerkmcp.interceptor.confirm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.RequestPreview;
import dev.clerkmcp.interceptor.impact.RequestTarget;
import dev.clerkmcp.interceptor.impact.TargetCache;
import dev.clerkmcp.interceptor.redact.PrivateMetadataInterceptor;
import dev.clerkmcp.interceptor.redact.SecretRedactor;
import dev.clerkmcp.interceptor.risk.RiskAssessor;
import dev.clerkmcp.interceptor.undo.FieldChanges;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.OperationFacts.Risk;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.text.Fingerprint;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.registry.text.TextSanitizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The plan of a tool call: the requests that it would send, and what they affect, change and lose.
 */
final class CallPlan {
  private static final String PRIVATE = "private_metadata";
  private static final int MAX_LINES = 20;

  /** Changes while a user is active, so a confirmation does not cover it. */
  private static final String LAST_ACTIVE = "last_active_at";

  private final ToolCallContext context;
  private final List<PlannedRequest> requests;
  private final SortedSet<Risk> risks;

  private CallPlan(ToolCallContext context, List<PlannedRequest> requests, RiskAssessor risks) {
    this.context = context;
    this.requests = requests;
    this.risks = risks.of(requests.stream().map(PlannedRequest::request).toList());
  }

  /**
   * A request of the plan.
   *
   * @param target null if it could not be read
   * @param losses what else is lost with it, in sentences
   * @param problem why the target could not be read; null if it could
   */
  private record PlannedRequest(
      ClerkRequest request,
      @Nullable RequestTarget target,
      List<String> losses,
      @Nullable String problem) {
    PlannedRequest {
      losses = List.copyOf(losses);
    }

    /** The route that requests of one kind share: {@code DELETE /users/{user_id}}. */
    String route() {
      return request.endpoint().route();
    }

    boolean isMissing() {
      return target != null && target.missing();
    }
  }

  /**
   * Looks up what the requests affect.
   *
   * @throws ClerkException if it cannot be read
   */
  static CallPlan of(
      ToolCallContext context,
      List<ClerkRequest> requests,
      TargetCache targets,
      RiskAssessor risks) {
    List<PlannedRequest> planned = new ArrayList<>();
    requests.forEach(request -> planned.add(lookUp(request, targets)));
    return new CallPlan(context, planned, risks);
  }

  /** Looks up what the requests affect; a target that cannot be read becomes a warning. */
  static CallPlan asFarAsKnown(
      ToolCallContext context,
      List<ClerkRequest> requests,
      TargetCache targets,
      RiskAssessor risks) {
    List<PlannedRequest> planned = new ArrayList<>();
    for (ClerkRequest request : requests) {
      try {
        planned.add(lookUp(request, targets));
      } catch (ClerkException e) {
        planned.add(new PlannedRequest(request, null, List.of(), e.getMessage()));
      }
    }
    return new CallPlan(context, planned, risks);
  }

  private static PlannedRequest lookUp(ClerkRequest request, TargetCache targets) {
    RequestTarget target = targets.of(request);
    List<String> losses =
        request.effect().destructive() && !target.missing()
            ? targets.losses(request, target)
            : List.of();
    return new PlannedRequest(request, target, losses, null);
  }

  /** The plan for a model. */
  ObjectNode toJson() {
    ObjectNode json = Json.object().put("action", context.tool().title());
    json.put("instance", instance());
    ArrayNode rows = json.putArray("requests");
    forEach(request -> rows.add(toJson(request)), rest -> rows.add(rest.toJson()));
    if (!risks.isEmpty()) {
      risks.forEach(risk -> json.withArray("risks").add(risk.word()));
    }
    warnings().forEach(json.putArray("warnings")::add);
    return json;
  }

  /** The question for a person: a few lines that need no knowledge of Clerk's API. */
  String question() {
    StringBuilder text = new StringBuilder();
    text.append(context.tool().title()).append(" on ").append(instance()).append('?');
    Consumer<String> line = added -> text.append('\n').append(added);
    forEach(request -> lines(request).forEach(line), rest -> rest.lines().forEach(line));
    warnings().forEach(line);
    text.append("\nAsked for by ")
        .append(context.invocation().caller().name())
        .append(" through ")
        .append(context.tool().name())
        .append('.');
    return TextSanitizer.of(text.toString());
  }

  private List<String> lines(PlannedRequest request) {
    List<String> lines = new ArrayList<>();
    if (request.target() != null) {
      lines.add(request.target().description());
    }
    request.losses().forEach(loss -> lines.add("- " + loss));
    changeLines(request).forEach(line -> lines.add("- " + line));
    return lines;
  }

  /** A line for each changed field; for a new object, a line for each argument. */
  private List<String> changeLines(PlannedRequest request) {
    List<String> lines = new ArrayList<>();
    for (JsonNode change : changes(request)) {
      String field = QuotedText.plain(change.path("field").asText());
      String after = change.has("after") ? shown(change.get("after")) : "changed";
      lines.add(
          change.has("before")
              ? "%s: from %s to %s".formatted(field, shown(change.get("before")), after)
              : "%s: %s".formatted(field, after));
    }
    if (lines.isEmpty()) {
      ObjectNode arguments = shownArguments(request.request());
      arguments.remove(request.request().endpoint().variables());
      arguments.remove(PRIVATE);
      for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
        lines.add(QuotedText.plain(argument.getKey()) + ": " + shown(argument.getValue()));
      }
    }
    return lines.size() <= MAX_LINES
        ? lines
        : Stream.concat(
                lines.stream().limit(MAX_LINES),
                Stream.of("and %s more fields".formatted(lines.size() - MAX_LINES)))
            .toList();
  }

  private static String shown(JsonNode value) {
    return value.isTextual()
        ? QuotedText.name(value.textValue())
        : QuotedText.plain(value.toString());
  }

  /**
   * A hash that differs if anything in the plan differs, or in the state of the affected objects.
   */
  String digest() {
    StringBuilder all = new StringBuilder(context.tool().name()).append('\n');
    all.append(context.instance().name()).append('\n').append(context.arguments());
    for (PlannedRequest planned : requests) {
      ClerkRequest request = planned.request();
      RequestPreview preview = RequestPreview.of(request.endpoint(), request.arguments());
      all.append('\n').append(preview).append('\n').append(planned.losses());
      if (planned.target() != null) {
        all.append('\n').append(stable(planned.target().state()));
        planned.target().users().forEach(user -> all.append('\n').append(stable(user)));
        planned.target().organizations().forEach(all.append('\n')::append);
      }
    }
    return Fingerprint.digest(all.toString());
  }

  private static @Nullable JsonNode stable(@Nullable JsonNode state) {
    if (state instanceof ObjectNode object && object.has(LAST_ACTIVE)) {
      ObjectNode stable = object.deepCopy();
      stable.remove(LAST_ACTIVE);
      return stable;
    }
    return state;
  }

  private ObjectNode toJson(PlannedRequest planned) {
    ClerkRequest request = planned.request();
    RequestPreview preview = RequestPreview.of(request.endpoint(), shownArguments(request));
    ObjectNode json = Json.object().put("method", preview.method()).put("path", preview.path());
    if (!preview.query().isEmpty()) {
      json.set("query", preview.query());
    }
    if (!preview.body().isMissingNode()) {
      json.set("body", preview.body());
    }
    RequestTarget target = planned.target();
    if (target != null) {
      json.put("target", target.description());
      ArrayNode changes = changes(planned);
      if (!changes.isEmpty()) {
        json.set("changes", changes);
      }
    }
    if (!planned.losses().isEmpty()) {
      planned.losses().forEach(json.putArray("also_lost")::add);
    }
    return json;
  }

  private ArrayNode changes(PlannedRequest planned) {
    ClerkRequest request = planned.request();
    JsonNode state = planned.target() == null ? null : planned.target().state();
    return withoutPrivate(FieldChanges.of(request.facts(), shownArguments(request), state));
  }

  /**
   * A composed tool may send back what it read, so credentials are masked that no argument declares
   * as secret.
   */
  private static ObjectNode shownArguments(ClerkRequest request) {
    return (ObjectNode) SecretRedactor.ofAll(List.of()).mask(request.shownArguments());
  }

  /** Hides changes of private metadata, whose keys are private too. */
  private ArrayNode withoutPrivate(ArrayNode changes) {
    if (context.options().includePrivate()) {
      return changes;
    }
    ArrayNode shown = Json.array();
    int hidden = 0;
    for (JsonNode change : changes) {
      if (change.path("field").asText().startsWith(PRIVATE)) {
        hidden++;
      } else {
        shown.add(change);
      }
    }
    if (hidden > 0) {
      shown
          .addObject()
          .put("field", PRIVATE)
          .put("values", hidden)
          .set("before", PrivateMetadataInterceptor.HIDDEN);
    }
    return shown;
  }

  private Set<String> warnings() {
    Set<String> warnings = new LinkedHashSet<>(context.warnings());
    Set<String> missing = new LinkedHashSet<>();
    Set<String> problems = new LinkedHashSet<>();
    for (PlannedRequest request : requests) {
      if (request.target() != null && request.isMissing()) {
        missing.add(request.target().description());
      }
      if (request.problem() != null) {
        problems.add(request.problem());
      }
    }
    if (!missing.isEmpty()) {
      warnings.add(
          "Clerk does not know the object, so it will refuse: "
              + QuotedText.first(List.copyOf(missing)));
    }
    if (!problems.isEmpty()) {
      warnings.add(
          "The affected data could not be read: " + QuotedText.first(List.copyOf(problems)));
    }
    if (context.tool().openWorld()) {
      warnings.add("May send emails or text messages, or contact another service.");
    }
    if (requests.isEmpty()) {
      warnings.add("It would change nothing.");
    }
    return warnings;
  }

  private String instance() {
    return context.instance().name() + (context.instance().live() ? " (live)" : "");
  }

  /**
   * Visits the requests in order. Of many requests of one kind, the first are visited one by one;
   * the others are summarized in the place of the first of them.
   */
  private void forEach(Consumer<PlannedRequest> each, Consumer<Summary> rest) {
    Map<String, List<PlannedRequest>> byRoute = new HashMap<>();
    requests.forEach(
        request -> byRoute.computeIfAbsent(request.route(), r -> new ArrayList<>()).add(request));
    Map<String, Integer> visited = new HashMap<>();
    for (PlannedRequest request : requests) {
      String route = request.route();
      List<PlannedRequest> alike = byRoute.getOrDefault(route, List.of());
      int number = visited.merge(route, 1, Integer::sum);
      if (alike.size() <= Summary.MAX_IN_FULL || number <= Summary.SHOWN) {
        each.accept(request);
      } else if (number == Summary.SHOWN + 1) {
        rest.accept(new Summary(route, alike.subList(Summary.SHOWN, alike.size())));
      }
    }
  }

  /**
   * Summarizes the rest of many requests of one kind. It has what can make a person refuse: the
   * number of requests, the targets of destructive ones, and what is lost.
   */
  private record Summary(String route, List<PlannedRequest> requests) {
    /** The most requests of one kind that are listed one by one. */
    static final int MAX_IN_FULL = 20;

    static final int SHOWN = 5;
    private static final int MAX_TARGETS = 100;

    ObjectNode toJson() {
      ObjectNode json = Json.object().put("more", text()).put("route", route);
      List<String> targets = targets();
      if (!targets.isEmpty()) {
        targets.forEach(json.putArray("targets")::add);
      }
      List<String> losses = losses();
      if (!losses.isEmpty()) {
        losses.forEach(json.putArray("also_lost")::add);
      }
      return json;
    }

    List<String> lines() {
      List<String> lines = new ArrayList<>();
      lines.add(text());
      targets().forEach(target -> lines.add("- " + target));
      losses().forEach(loss -> lines.add("- " + loss));
      return lines;
    }

    /** As in {@code ...and 195 more like it, with 1950 entries}. */
    private String text() {
      String more = "...and %s more like it".formatted(requests.size());
      int entries = 0;
      for (PlannedRequest planned : requests) {
        ClerkRequest request = planned.request();
        JsonNode body = RequestPreview.of(request.endpoint(), request.arguments()).body();
        entries += body.isArray() ? body.size() : 0;
      }
      return entries == 0 ? more : more + ", with %s entries".formatted(entries);
    }

    /** The targets of destructive requests; the targets of other requests are not listed. */
    private List<String> targets() {
      List<String> targets =
          requests.stream()
              .filter(planned -> planned.request().effect().destructive())
              .map(PlannedRequest::target)
              .filter(target -> target != null)
              .map(target -> target.description())
              .distinct()
              .toList();
      return shortened(targets);
    }

    /** Each loss once, with the number of times. */
    private List<String> losses() {
      Map<String, Integer> times = new TreeMap<>();
      requests.forEach(
          request -> request.losses().forEach(loss -> times.merge(loss, 1, Integer::sum)));
      List<String> losses = new ArrayList<>();
      times.forEach(
          (loss, count) -> losses.add(count == 1 ? loss : loss + " (%s times)".formatted(count)));
      return shortened(losses);
    }

    private static List<String> shortened(List<String> texts) {
      if (texts.size() <= MAX_TARGETS) {
        return texts;
      }
      List<String> first = new ArrayList<>(texts.subList(0, MAX_TARGETS));
      first.add("and %s more".formatted(texts.size() - MAX_TARGETS));
      return first;
    }
  }
}
