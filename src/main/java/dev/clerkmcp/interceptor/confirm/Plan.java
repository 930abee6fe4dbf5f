package dev.clerkmcp.interceptor.confirm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.RequestPreview;
import dev.clerkmcp.interceptor.impact.Target;
import dev.clerkmcp.interceptor.impact.TargetResolver;
import dev.clerkmcp.interceptor.redact.SecretRedactor;
import dev.clerkmcp.interceptor.undo.Changes;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.text.Fingerprint;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.registry.text.TextSanitizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a tool would do: its requests, what they touch and change, and what else is lost. */
final class Plan {
  private static final String PRIVATE = "private_metadata";
  private static final int MOST_LINES = 20;
  private static final String HIDDEN = "hidden; include_private: true shows it";

  /** Changes by itself while a person is at work, and says nothing of what is at stake. */
  private static final String LAST_ACTIVE = "last_active_at";

  private final ToolCallContext run;
  private final List<PlannedRequest> steps;

  private Plan(ToolCallContext run, List<PlannedRequest> steps) {
    this.run = run;
    this.steps = steps;
  }

  /**
   * Looks up everything that the requests touch.
   *
   * @throws ClerkException if it cannot be read
   */
  static Plan of(ToolCallContext run, List<ClerkRequest> operations, TargetResolver lookup) {
    List<PlannedRequest> steps = new ArrayList<>();
    for (ClerkRequest operation : operations) {
      Target target = lookup.of(operation);
      List<String> losses =
          operation.effect().destructive() && !target.missing()
              ? lookup.losses(operation, target)
              : List.of();
      steps.add(new PlannedRequest(operation, target, losses, null));
    }
    return new Plan(run, steps);
  }

  /** The same, but says of what cannot be read that it could not be. */
  static Plan asFarAsKnown(
      ToolCallContext run, List<ClerkRequest> operations, TargetResolver lookup) {
    List<PlannedRequest> steps = new ArrayList<>();
    for (ClerkRequest operation : operations) {
      try {
        steps.addAll(of(run, List.of(operation), lookup).steps);
      } catch (ClerkException e) {
        steps.add(new PlannedRequest(operation, null, List.of(), e.getMessage()));
      }
    }
    return new Plan(run, steps);
  }

  /** For a model, and for those who read along. */
  ObjectNode toJson() {
    ObjectNode json = Json.object().put("action", run.tool().title());
    json.put("instance", instance());
    ArrayNode requests = json.putArray("requests");
    PlanSummary.forEach(
        steps, step -> requests.add(request(step)), rest -> requests.add(rest.toJson()));
    warnings().forEach(json.putArray("warnings")::add);
    return json;
  }

  /**
   * For a person who is to agree: a few lines that can be understood without knowing Clerk's API.
   */
  String question() {
    StringBuilder text = new StringBuilder();
    text.append(run.tool().title()).append(" on ").append(instance()).append('?');
    PlanSummary.forEach(
        steps,
        step -> lines(step).forEach(line -> text.append('\n').append(line)),
        rest -> rest.lines().forEach(line -> text.append('\n').append(line)));
    warnings().forEach(warning -> text.append("\n").append(warning));
    text.append("\nAsked for by ")
        .append(run.invocation().caller().name())
        .append(" through ")
        .append(run.tool().name())
        .append('.');
    return TextSanitizer.of(text.toString());
  }

  private List<String> lines(PlannedRequest step) {
    List<String> lines = new ArrayList<>();
    if (step.target() != null) {
      lines.add(step.target().description());
    }
    step.losses().forEach(loss -> lines.add("- " + loss));
    news(step).forEach(line -> lines.add("- " + line));
    return lines;
  }

  /** What will be different, a line for each field; of an object to come, what it is to hold. */
  private List<String> news(PlannedRequest step) {
    List<String> lines = new ArrayList<>();
    for (JsonNode change : changes(step)) {
      String field = QuotedText.plain(change.path("field").asText());
      String after = change.has("after") ? shown(change.get("after")) : "changed";
      lines.add(
          change.has("before")
              ? "%s: from %s to %s".formatted(field, shown(change.get("before")), after)
              : "%s: %s".formatted(field, after));
    }
    if (lines.isEmpty()) {
      ObjectNode arguments = shownArguments(step.operation());
      arguments.remove(step.operation().endpoint().variables());
      arguments.remove(PRIVATE);
      for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
        lines.add(QuotedText.plain(argument.getKey()) + ": " + shown(argument.getValue()));
      }
    }
    return lines.size() <= MOST_LINES
        ? lines
        : Stream.concat(
                lines.stream().limit(MOST_LINES),
                Stream.of("and %s more fields".formatted(lines.size() - MOST_LINES)))
            .toList();
  }

  private static String shown(JsonNode value) {
    return value.isTextual()
        ? QuotedText.name(value.textValue())
        : QuotedText.plain(value.toString());
  }

  /** Differs as soon as anything in the plan does, or in the state of what it touches. */
  String digest() {
    StringBuilder all = new StringBuilder(run.tool().name()).append('\n');
    all.append(run.instance().name()).append('\n').append(run.arguments());
    for (PlannedRequest step : steps) {
      ClerkRequest operation = step.operation();
      RequestPreview outgoing = RequestPreview.of(operation.endpoint(), operation.arguments());
      all.append('\n').append(outgoing).append('\n').append(step.losses());
      if (step.target() != null) {
        all.append('\n').append(stable(step.target().state()));
        step.target().users().forEach(user -> all.append('\n').append(stable(user)));
        step.target().organizations().forEach(all.append('\n')::append);
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

  private ObjectNode request(PlannedRequest step) {
    ClerkRequest operation = step.operation();
    RequestPreview outgoing = RequestPreview.of(operation.endpoint(), shownArguments(operation));
    ObjectNode json = Json.object().put("method", outgoing.method()).put("path", outgoing.path());
    if (!outgoing.query().isEmpty()) {
      json.set("query", outgoing.query());
    }
    if (!outgoing.body().isMissingNode()) {
      json.set("body", outgoing.body());
    }
    Target target = step.target();
    if (target != null) {
      json.put("target", target.description());
      ArrayNode changes = changes(step);
      if (!changes.isEmpty()) {
        json.set("changes", changes);
      }
    }
    if (!step.losses().isEmpty()) {
      step.losses().forEach(json.putArray("also_lost")::add);
    }
    return json;
  }

  private ArrayNode changes(PlannedRequest step) {
    ClerkRequest operation = step.operation();
    JsonNode state = step.target() == null ? null : step.target().state();
    return withoutPrivate(Changes.of(operation.facts(), shownArguments(operation), state));
  }

  /** A tool that sends back what it read holds credentials that no argument declares. */
  private static ObjectNode shownArguments(ClerkRequest operation) {
    return (ObjectNode) SecretRedactor.ofAll(List.of()).mask(operation.shownArguments());
  }

  /** What is private stays so, down to the names of its keys. */
  private ArrayNode withoutPrivate(ArrayNode changes) {
    if (run.options().includePrivate()) {
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
      shown.addObject().put("field", PRIVATE).put("values", hidden).put("before", HIDDEN);
    }
    return shown;
  }

  private Set<String> warnings() {
    Set<String> warnings = new LinkedHashSet<>(run.foreseen());
    if (steps.stream().anyMatch(PlannedRequest::isFinal)) {
      warnings.add("This cannot be undone.");
    }
    Set<String> missing = new LinkedHashSet<>();
    Set<String> unknown = new LinkedHashSet<>();
    for (PlannedRequest step : steps) {
      if (step.target() != null && step.isMissing()) {
        missing.add(step.target().description());
      }
      if (step.unknown() != null) {
        unknown.add(step.unknown());
      }
    }
    if (!missing.isEmpty()) {
      warnings.add(
          "Clerk knows no such object, so it will refuse: "
              + QuotedText.first(List.copyOf(missing)));
    }
    if (!unknown.isEmpty()) {
      warnings.add("What it touches could not be read: " + QuotedText.first(List.copyOf(unknown)));
    }
    if (run.tool().openWorld()) {
      warnings.add("It may reach beyond Clerk: write to people, or ask another service.");
    }
    if (steps.isEmpty()) {
      warnings.add("It would change nothing.");
    }
    return warnings;
  }

  private String instance() {
    return run.instance().name() + (run.instance().live() ? " (live)" : "");
  }
}
