package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.RequestInterceptor;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells with a new entry of the blocklist, allowlist or waitlist that it has no effect while the
 * list is off. Clerk has no operation that reads whether a list is on, so this class remembers what
 * the answers to changes of the restrictions said, and tells of anything else that it is unknown.
 * It sends nothing itself.
 */
public final class SwitchedLists implements RequestInterceptor {
  private static final String RESTRICTIONS = "PATCH /instance/restrictions";

  private static final String BLOCKLIST =
      "An entry has an effect only while the blocklist is on%s To switch it on:"
          + " clerk_instance_restrictions_update blocklist=true, which puts all its entries into"
          + " effect, at sign-in too unless allowlist_blocklist_disabled_on_sign_in is true.";

  private static final String ALLOWLIST =
      "An entry has an effect only while the allowlist is on%s To switch it on:"
          + " clerk_instance_restrictions_update allowlist=true, which keeps everyone out who is not"
          + " on it, at sign-in too unless allowlist_blocklist_disabled_on_sign_in is true.";

  private static final String WAITLIST =
      "An entry keeps nobody from signing up unless the sign-up mode is Waitlist. That is set in"
          + " Clerk's Dashboard; no tool tells or changes it.";

  private static final String UNKNOWN =
      ". Whether it is on is not known; clerk_instance_restrictions_get may tell.";

  private final InstantSource clock;
  private final Map<String, Seen> seenByInstance = new ConcurrentHashMap<>();

  public SwitchedLists(InstantSource clock) {
    this.clock = clock;
  }

  /** The answer to the last change of an instance's restrictions. */
  private record Seen(JsonNode restrictions, Instant time) {}

  @Override
  public boolean concerns(ClerkRequest request) {
    return request.endpoint().route().equals(RESTRICTIONS) || findSentence(request) != null;
  }

  @Override
  public JsonNode intercept(Chain chain) {
    ClerkRequest request = chain.request();
    boolean planning = request.context().isPlanning();
    String sentence = findSentence(request);
    if (sentence != null && planning) {
      request.context().warn(sentence);
    }
    JsonNode answer = chain.proceed();
    if (sentence != null && !planning) {
      request.context().invocation().note(sentence);
    }
    if (request.endpoint().route().equals(RESTRICTIONS) && !planning) {
      seenByInstance.put(request.context().instance().name(), new Seen(answer, clock.instant()));
    }
    return answer;
  }

  private @Nullable String findSentence(ClerkRequest request) {
    return switch (request.endpoint().route()) {
      case "POST /blocklist_identifiers" -> BLOCKLIST.formatted(state(request, "blocklist"));
      case "POST /allowlist_identifiers" -> ALLOWLIST.formatted(state(request, "allowlist"));
      case "POST /waitlist_entries", "POST /waitlist_entries/bulk" -> WAITLIST;
      default -> null;
    };
  }

  private String state(ClerkRequest request, String list) {
    Seen seen = seenByInstance.get(request.context().instance().name());
    if (seen == null || !seen.restrictions.path(list).isBoolean()) {
      return UNKNOWN;
    }
    return ". It was %s when Clerk last answered the restrictions, at %s."
        .formatted(
            seen.restrictions.path(list).asBoolean() ? "on" : "off",
            seen.time.truncatedTo(ChronoUnit.SECONDS));
  }
}
