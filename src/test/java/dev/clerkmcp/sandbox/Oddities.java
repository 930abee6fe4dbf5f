package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What no schema of Clerk's forbids and yet must not be in an answer of the sandbox. */
final class Oddities {
  /** 2017 to 2128; a time in seconds would be of 1970. */
  private static final long EARLIEST = 1_500_000_000_000L;

  private static final long LATEST = 5_000_000_000_000L;

  /** The times that Clerk gives in seconds, as its own example shows. */
  private static final Set<String> SECONDS = Set.of("POST /testing_tokens /expires_at");

  private static final String HOSTS =
      "https?://([^/]*\\.)?(sandbox\\.invalid|example|example\\.com|localhost)([:/?].*)?";

  private final Ask ask;
  private final List<String> found = new ArrayList<>();

  private Oddities(Ask ask) {
    this.ask = ask;
  }

  /** What is odd in an answer, by place. */
  static List<String> of(JsonNode answer, Ask ask) {
    Oddities oddities = new Oddities(ask);
    oddities.search("", answer);
    return oddities.found;
  }

  private void search(String place, JsonNode node) {
    node.properties()
        .forEach(field -> field(place + "/" + field.getKey(), field.getKey(), field.getValue()));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      search(place + "/" + i, node.path(i));
    }
    if (node.isTextual() && node.asText().matches("https?://.*")) {
      boolean given = ask.toString().contains(node.asText());
      if (!given && !node.asText().matches(HOSTS)) {
        found.add("%s leads out of the sandbox: %s".formatted(place, node));
      }
    }
  }

  private void field(String place, String name, JsonNode value) {
    if (name.startsWith("_")) {
      found.add("%s is the sandbox's own".formatted(place));
    }
    boolean time = name.endsWith("_at") && value.isIntegralNumber();
    boolean inSeconds = SECONDS.contains(ask.operation().route() + " " + place);
    if (time && !inSeconds && (value.asLong() < EARLIEST || value.asLong() > LATEST)) {
      found.add("%s is not in milliseconds: %s".formatted(place, value));
    }
    search(place, value);
  }
}
