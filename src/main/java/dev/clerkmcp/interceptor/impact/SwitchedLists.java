package dev.clerkmcp.interceptor.impact;

import static java.time.temporal.ChronoUnit.SECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.text.QuotedText;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells what an entry of the blocklist, allowlist or waitlist is worth: it has no effect while the
 * list is off, and a list that is switched on puts all its entries into effect. Clerk has no
 * operation that reads whether a list is on, so this class remembers what the answers to changes of
 * the restrictions said, and tells of anything else that it is unknown.
 */
public final class SwitchedLists implements RequestInterceptor {
  private static final String RESTRICTIONS = "PATCH /instance/restrictions";

  private static final String WAITLIST =
      "An entry keeps nobody from signing up unless the sign-up mode is Waitlist. That is set in"
          + " Clerk's Dashboard; no tool tells or changes it.";

  private static final String AT_SIGN_IN =
      "at sign-in too unless allowlist_blocklist_disabled_on_sign_in is true";

  /** The most entries that a sentence names. */
  private static final int MAX_NAMED = 5;

  private final InstantSource clock;
  private final TargetCache targets;
  private final boolean namesEntries;
  private final Map<String, Seen> seenByInstance = new ConcurrentHashMap<>();

  /**
   * Prepares to tell.
   *
   * @param namesEntries whether sentences may name the entries of a list, rather than count them
   */
  public SwitchedLists(InstantSource clock, TargetCache targets, boolean namesEntries) {
    this.clock = clock;
    this.targets = targets;
    this.namesEntries = namesEntries;
  }

  /** The answer to the last change of an instance's restrictions. */
  private record Seen(JsonNode restrictions, Instant time) {}

  /** A list that can be switched on. */
  private enum SwitchedList {
    BLOCKLIST("keeps out whoever is on it"),
    ALLOWLIST("keeps everyone out who is not on it");

    private final String effect;

    SwitchedList(String effect) {
      this.effect = effect;
    }

    /** The name of the list, which is also its field in the restrictions. */
    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    private String path() {
      return "/%s_identifiers".formatted(word());
    }
  }

  @Override
  public boolean concerns(ClerkRequest request) {
    String route = request.endpoint().route();
    return route.equals(RESTRICTIONS)
        || listOfEntry(request) != null
        || route.startsWith("POST /waitlist_entries");
  }

  @Override
  public JsonNode intercept(Chain chain) {
    ClerkRequest request = chain.request();
    boolean planning = request.context().isPlanning();
    List<String> sentences = planning ? sentences(request) : List.of();
    sentences.forEach(request.context()::warn);
    JsonNode answer = chain.proceed();
    if (planning) {
      return answer;
    }
    if (request.endpoint().route().equals(RESTRICTIONS)) {
      seenByInstance.put(request.context().instance().name(), new Seen(answer, clock.instant()));
    }
    sentences(request).forEach(request.context().invocation()::note);
    return answer;
  }

  private List<String> sentences(ClerkRequest request) {
    List<String> sentences = new ArrayList<>();
    SwitchedList list = listOfEntry(request);
    if (list != null && !request.context().arguments().path("turn_on").asBoolean()) {
      sentences.add(entrySentence(request, list));
    }
    for (SwitchedList switched : SwitchedList.values()) {
      boolean isSwitchedOn =
          request.endpoint().route().equals(RESTRICTIONS)
              && request.arguments().path(switched.word()).asBoolean();
      if (isSwitchedOn) {
        sentences.add(
            "Once on, the %s %s, %s; %s"
                .formatted(
                    switched.word(), switched.effect, AT_SIGN_IN, others(request, switched)));
      }
    }
    if (request.endpoint().route().startsWith("POST /waitlist_entries")) {
      sentences.add(WAITLIST);
    }
    return sentences;
  }

  private static @Nullable SwitchedList listOfEntry(ClerkRequest request) {
    for (SwitchedList list : SwitchedList.values()) {
      if (request.endpoint().route().equals("POST " + list.path())) {
        return list;
      }
    }
    return null;
  }

  private String entrySentence(ClerkRequest request, SwitchedList list) {
    String counts = "An entry has an effect only while the %s is on".formatted(list.word());
    Seen seen = seenByInstance.get(request.context().instance().name());
    String state = ", which Clerk does not tell.";
    if (seen != null && seen.restrictions.path(list.word()).isBoolean()) {
      boolean on = seen.restrictions.path(list.word()).asBoolean();
      state = "; it was %s at %s.".formatted(on ? "on" : "off", seen.time.truncatedTo(SECONDS));
      if (on) {
        return counts + state;
      }
    }
    return "%s%s turn_on: true switches it on, and it %s, %s; %s"
        .formatted(counts, state, list.effect, AT_SIGN_IN, others(request, list));
  }

  /** Which entries the list has besides that of the request. */
  private String others(ClerkRequest request, SwitchedList list) {
    ObjectNode query = Json.object();
    if (list == SwitchedList.ALLOWLIST) {
      query.put("paginated", true).put("limit", Pages.LARGEST);
    }
    JsonNode answer = targets.findIfReadable(request, list.path(), query);
    if (answer == null) {
      return "which entries it has cannot be read now.";
    }
    // The entry of a call that also switches the list on may have been added already.
    String own = request.context().arguments().path("identifier").asText();
    List<String> names = new ArrayList<>();
    for (JsonNode row : ListPage.rowsOf(answer)) {
      if (!row.path("identifier").asText().equalsIgnoreCase(own)) {
        names.add(QuotedText.plain(row.path("identifier").asText()));
      }
    }
    if (names.isEmpty()) {
      return "it has no other entry.";
    }
    String count = names.size() == 1 ? "1 other entry" : names.size() + " other entries";
    List<String> named = names.subList(0, Math.min(MAX_NAMED, names.size()));
    String more = names.size() > MAX_NAMED ? " and more" : "";
    return namesEntries
        ? "it has %s: %s%s.".formatted(count, String.join(", ", named), more)
        : "it has %s.".formatted(count);
  }
}
