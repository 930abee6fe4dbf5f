package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Sentences about losses, and the counts in them; one that cannot be read is said to be so. */
final class LossList {
  private final EndpointReader readings;
  private final List<String> sentences = new ArrayList<>();

  LossList(EndpointReader readings) {
    this.readings = readings;
  }

  List<String> sentences() {
    return List.copyOf(sentences);
  }

  void add(String sentence) {
    sentences.add(sentence);
  }

  /** Adds a number, empty if it could not be read, with what is lost; nothing if that is zero. */
  void add(OptionalLong count, String one, String many) {
    add(count, one, many, "");
  }

  /** Adds the same and which they are. */
  void add(OptionalLong count, String one, String many, String which) {
    if (count.isEmpty()) {
      sentences.add("How many " + many + " could not be read");
    } else if (count.getAsLong() > 0) {
      boolean single = count.getAsLong() == 1;
      sentences.add(count.getAsLong() + " " + (single ? one : many) + which);
    }
  }

  /** How many rows a list has over all pages; empty if Clerk does not say. */
  OptionalLong count(String path, ObjectNode query) {
    return total(find(path, query.put("limit", 1)));
  }

  /** How many rows the list of an answer has over all pages; empty if that is unknown. */
  static OptionalLong total(@Nullable JsonNode answer) {
    JsonNode total = answer == null ? null : answer.get("total_count");
    return total == null || !total.isIntegralNumber()
        ? OptionalLong.empty()
        : OptionalLong.of(total.asLong());
  }

  /** What Clerk answers; null if it refuses, for what is not known about a loss stops nothing. */
  @Nullable JsonNode find(String path, ObjectNode query) {
    try {
      return readings.can(path) ? readings.find(path, query) : null;
    } catch (ClerkException e) {
      return null;
    }
  }
}
