package dev.clerkmcp.interceptor.confirm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.interceptor.audit.ChangeHistory;
import dev.clerkmcp.interceptor.audit.ChangeHistory.Part;
import dev.clerkmcp.interceptor.audit.ChangeHistory.RecordedChange;
import dev.clerkmcp.registry.text.QuotedText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells which objects of a plan this process renamed in the last 24 hours: a model could rename an
 * object so that a person agrees to change it. It knows the latest 200 changes of the process and
 * does not search the audit log.
 */
public final class Renames {
  private static final Duration RECENT = Duration.ofHours(24);

  private final ChangeHistory changes;
  private final InstantSource clock;

  public Renames(ChangeHistory changes, InstantSource clock) {
    this.changes = changes;
    this.clock = clock;
  }

  /** A sentence for each renamed object. */
  Set<String> of(CallPlan plan) {
    Set<String> sentences = new LinkedHashSet<>();
    List<RecordedChange> recent =
        changes.inMemory().stream()
            .filter(change -> change.instance().equals(plan.context().instance().name()))
            .filter(change -> change.time().isAfter(clock.instant().minus(RECENT)))
            .toList();
    for (JsonNode object : plan.objects()) {
      String sentence = find(object, recent);
      if (sentence != null) {
        sentences.add(sentence);
      }
    }
    return sentences;
  }

  /**
   * The sentence about the last time that an object was renamed; null if it was not.
   *
   * @param recent the changes, newest first
   */
  private @Nullable String find(JsonNode object, List<RecordedChange> recent) {
    String name = name(object);
    for (RecordedChange change : recent) {
      for (Part part : change.parts()) {
        JsonNode before = before(part.change(), object.path("id"));
        String former = before == null ? name : name(before);
        if (!former.equals(name)) {
          return "%s %s was renamed %s ago; before: %s."
              .formatted(
                  QuotedText.name(name),
                  QuotedText.plain(object.path("id").asText()),
                  age(change.time()),
                  former.isEmpty() ? "no name" : QuotedText.name(former));
        }
      }
    }
    return null;
  }

  private static @Nullable JsonNode before(Change change, JsonNode id) {
    JsonNode before = change.findObjectBefore();
    return before != null && id.isTextual() && id.equals(before.get("id")) ? before : null;
  }

  private static String name(JsonNode object) {
    ClerkUser user = new ClerkUser(object);
    return user.name().isEmpty() ? object.path("name").asText("") : user.name();
  }

  private String age(Instant time) {
    long minutes = Duration.between(time, clock.instant()).toMinutes();
    return minutes < 1
        ? "less than a minute"
        : minutes < 120
            ? minutes + (minutes == 1 ? " minute" : " minutes")
            : minutes / 60 + " hours";
  }
}
