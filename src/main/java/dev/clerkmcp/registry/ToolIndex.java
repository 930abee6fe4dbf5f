package dev.clerkmcp.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds tools by what a caller wants to do. A tool's rank is the sum of two measures: BM25 over the
 * terms of its name, title, description, group, arguments and everyday words, each kind with its
 * own weight; and how near the request is to the nearest single phrase that people would ask for it
 * by. The same request always has the same answer.
 *
 * @see <a href="https://doi.org/10.1561/1500000019">Robertson and Zaragoza, BM25 and beyond</a>
 */
final class ToolIndex {
  private static final double SATURATION = 1.2;
  private static final double LENGTH_SHARE = 0.3;

  private static final double NAME = 3;
  private static final double TITLE = 2;
  private static final double DESCRIPTION = 1;
  private static final double EVERYDAY = 2;
  private static final double ARGUMENT = 0.3;
  private static final double GROUP = 0.3;

  /** What a concept counts beside a word: more, as it is found whichever word is used for it. */
  private static final double CONCEPT = 1.2;

  /** What the nearest phrase counts; more than this rewards wordings that happen to be listed. */
  private static final double NEAREST_PHRASE = 0.3;

  private static final double SECOND_PHRASE = 0.09;

  private static final double DEPRECATED = 0.95;
  private static final String DEPRECATED_GROUP = "deprecated";

  private final Wording wording = new Wording();
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, Integer> toolsWithTerm = new HashMap<>();
  private final double meanLength;

  /** What is known of a tool. */
  private record Entry(
      ToolDefinition tool,
      Map<String, Double> weights,
      double length,
      List<Map<String, Double>> phrases) {}

  /** Indexes tools. */
  ToolIndex(Collection<ToolDefinition> tools, Map<String, String> groups) {
    Map<String, String> everyday = Wording.lines("everyday-words.txt", ':');
    double length = 0;
    for (ToolDefinition tool : tools) {
      List<Map<String, Double>> phrases = new ArrayList<>();
      phrases.add(wording.terms(tool.title()));
      phrases.add(wording.terms(tool.name()));
      for (String phrase : everyday.getOrDefault(tool.name(), tool.title()).split(",", -1)) {
        phrases.add(wording.terms(phrase));
      }
      Map<String, Double> weights = weights(tool, groups.getOrDefault(tool.group(), ""));
      phrases.forEach(
          phrase -> phrase.forEach((t, n) -> weights.merge(t, EVERYDAY * n, Double::sum)));
      Entry entry =
          new Entry(tool, weights, weights.values().stream().mapToDouble(x -> x).sum(), phrases);
      entries.put(tool.name(), entry);
      weights.keySet().forEach(term -> toolsWithTerm.merge(term, 1, Integer::sum));
      length += entry.length();
    }
    meanLength = Math.max(1, length / Math.max(1, tools.size()));
    entries.values().forEach(entry -> entry.phrases().forEach(this::normalise));
  }

  /** The names of the tools that have to do with a request, the best first. */
  List<String> search(String request) {
    Map<String, Double> wanted = wording.terms(corrected(request));
    Map<String, Double> direction = new LinkedHashMap<>(wanted);
    normalise(direction);
    double most = Math.max(1, wanted.keySet().stream().mapToDouble(this::worth).sum());
    Intent intent = Intent.of(request, wanted.keySet());
    Map<String, Double> scores = new HashMap<>();
    entries.forEach(
        (name, entry) -> {
          double score = score(wanted, entry) / most + nearness(direction, entry);
          if (score > 0) {
            scores.put(name, score * intent.fit(entry.tool()) * preference(entry.tool()));
          }
        });
    // Who asks by name wants no other.
    scores.computeIfPresent(request.strip().replace(' ', '_'), (name, score) -> Double.MAX_VALUE);
    return scores.entrySet().stream()
        .sorted(
            Comparator.comparingDouble((Map.Entry<String, Double> entry) -> -entry.getValue())
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static double preference(ToolDefinition tool) {
    return tool.group().equals(DEPRECATED_GROUP) ? DEPRECATED : 1;
  }

  /** The words of a request; one that is known nowhere gives way to a known one, if one is near. */
  private List<String> corrected(String request) {
    return Wording.stemsOf(request).stream()
        .map(stem -> wording.knows(stem) ? stem : Spelling.nearest(stem, toolsWithTerm.keySet()))
        .toList();
  }

  private double score(Map<String, Double> wanted, Entry entry) {
    double penalty = 1 - LENGTH_SHARE + LENGTH_SHARE * entry.length() / meanLength;
    double score = 0;
    for (String term : wanted.keySet()) {
      double weight = entry.weights().getOrDefault(term, 0.0) / penalty;
      score += worth(term) * weight / (SATURATION + weight);
    }
    return score;
  }

  /** The cosine to the nearest of a tool's phrases, and a part of that to the second. */
  private static double nearness(Map<String, Double> direction, Entry entry) {
    double first = 0;
    double second = 0;
    for (Map<String, Double> phrase : entry.phrases()) {
      double cosine = 0;
      for (Map.Entry<String, Double> term : direction.entrySet()) {
        cosine += term.getValue() * phrase.getOrDefault(term.getKey(), 0.0);
      }
      if (cosine > first) {
        second = first;
        first = cosine;
      } else if (cosine > second) {
        second = cosine;
      }
    }
    return NEAREST_PHRASE * first + SECOND_PHRASE * second;
  }

  /** Makes terms a vector of length 1, in which rare terms weigh more. */
  private void normalise(Map<String, Double> terms) {
    terms.replaceAll((term, n) -> worth(term));
    double length = Math.sqrt(terms.values().stream().mapToDouble(w -> w * w).sum());
    if (length > 0) {
      terms.replaceAll((term, weight) -> weight / length);
    }
  }

  /** What a term tells: the rarer it is among the tools, the more; a concept more than a word. */
  private double worth(String term) {
    int tools = toolsWithTerm.getOrDefault(term, 0);
    double rarity = Math.log(1 + (entries.size() - tools + 0.5) / (tools + 0.5));
    return term.charAt(0) == Wording.MARK ? CONCEPT * rarity : rarity;
  }

  private Map<String, Double> weights(ToolDefinition tool, String group) {
    Map<String, Double> weights = new HashMap<>();
    add(weights, tool.name(), NAME);
    add(weights, tool.title(), TITLE);
    add(weights, tool.description(), DESCRIPTION);
    tool.aliases().forEach(alias -> add(weights, alias, ARGUMENT));
    add(weights, group, GROUP);
    for (Property argument : tool.arguments().all()) {
      if (argument.description() != null) { // what every tool takes tells none from another
        add(weights, argument.name(), ARGUMENT);
        add(weights, argument.description(), ARGUMENT);
      }
    }
    return weights;
  }

  private void add(Map<String, Double> weights, String text, double weight) {
    wording.terms(text).forEach((term, n) -> weights.merge(term, n * weight, Double::sum));
  }
}
