package dev.clerkmcp.interceptor.confirm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.RequestPreview;
import dev.clerkmcp.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The rest of many requests of one kind, of which a plan shows the first in full. What could make
 * somebody say no is told of the rest as well: how many there are, whom they take something from,
 * and what is lost.
 */
final class PlanSummary {
  /** As many of one kind can be read one by one. */
  private static final int MOST = 20;

  private static final int SHOWN = 5;
  private static final int MOST_TARGETS = 100;

  private final String route;
  private final List<PlannedRequest> requests;

  private PlanSummary(String route, List<PlannedRequest> requests) {
    this.route = route;
    this.requests = requests;
  }

  /** Goes through a plan in order; the rest of many comes in the place of its first. */
  static void forEach(
      List<PlannedRequest> plan, Consumer<PlannedRequest> each, Consumer<PlanSummary> rest) {
    Map<String, List<PlannedRequest>> byRoute = new HashMap<>();
    plan.forEach(
        request -> byRoute.computeIfAbsent(request.route(), r -> new ArrayList<>()).add(request));
    Map<String, Integer> seen = new HashMap<>();
    for (PlannedRequest request : plan) {
      String route = request.route();
      List<PlannedRequest> alike = byRoute.getOrDefault(route, List.of());
      int number = seen.merge(route, 1, Integer::sum);
      if (alike.size() <= MOST || number <= SHOWN) {
        each.accept(request);
      } else if (number == SHOWN + 1) {
        rest.accept(new PlanSummary(route, alike.subList(SHOWN, alike.size())));
      }
    }
  }

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

  /** The same for a person. */
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
    for (PlannedRequest request : requests) {
      JsonNode body =
          RequestPreview.of(request.operation().endpoint(), request.operation().arguments()).body();
      entries += body.isArray() ? body.size() : 0;
    }
    return entries == 0 ? more : more + ", with %s entries".formatted(entries);
  }

  /** Whom or what they take something away from; of others, the first stand for all. */
  private List<String> targets() {
    List<String> targets =
        requests.stream()
            .filter(request -> request.operation().effect().destructive())
            .map(PlannedRequest::target)
            .filter(target -> target != null)
            .map(target -> target.description())
            .distinct()
            .toList();
    return shortened(targets);
  }

  /** Each once, with how often it is lost. */
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
    if (texts.size() <= MOST_TARGETS) {
      return texts;
    }
    List<String> first = new ArrayList<>(texts.subList(0, MOST_TARGETS));
    first.add("and %s more".formatted(texts.size() - MOST_TARGETS));
    return first;
  }
}
