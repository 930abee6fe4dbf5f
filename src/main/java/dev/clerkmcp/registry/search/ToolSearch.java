package dev.clerkmcp.registry.search;

import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.argument.Argument;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds tools by a query in plain words. Tools are ranked by BM25 over the terms of their name,
 * title, description, group, arguments and everyday words, each kind with its own weight. The same
 * query always has the same result.
 *
 * @see <a href="https://doi.org/10.1561/1500000019">Robertson and Zaragoza, BM25 and beyond</a>
 */
final class ToolSearch {
  private static final double SATURATION = 1.2;
  private static final double LENGTH_SHARE = 0.3;

  private static final double NAME = 5;
  private static final double TITLE = 4;
  private static final double DESCRIPTION = 0.5;
  private static final double EVERYDAY = 2;
  private static final double ARGUMENT = 0.3;
  private static final double GROUP = 0.6;

  /**
   * The weight of a concept relative to a word. A concept stands for many synonyms, so it occurs in
   * more tools and looks less rare; this weight makes up for that.
   */
  private static final double CONCEPT = 1.2;

  private static final double DEPRECATED = 0.95;
  private static final double COMPOSED = 1.05;

  /** How much of a score depends on the share of a name's words that the query has. */
  private static final double NAME_SHARE = 0.12;

  private final Tokenizer tokenizer = new Tokenizer();
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, Integer> toolsWithTerm = new HashMap<>();
  private final double meanLength;

  /** The indexed terms of a tool. */
  private record Entry(ToolDefinition tool, Map<String, Double> weights, double length) {}

  /** Indexes tools. */
  ToolSearch(Collection<ToolDefinition> tools, Map<String, String> groups) {
    Map<String, String> everyday = Tokenizer.lines("everyday-words.txt", ':');
    double length = 0;
    for (ToolDefinition tool : tools) {
      Map<String, Double> weights = weights(tool, groups.getOrDefault(tool.group(), ""));
      for (String phrase : everyday.getOrDefault(tool.name(), tool.title()).split(",", -1)) {
        add(weights, phrase, EVERYDAY);
      }
      Entry entry = new Entry(tool, weights, weights.values().stream().mapToDouble(x -> x).sum());
      entries.put(tool.name(), entry);
      weights.keySet().forEach(term -> toolsWithTerm.merge(term, 1, Integer::sum));
      length += entry.length();
    }
    meanLength = Math.max(1, length / Math.max(1, tools.size()));
  }

  /** The names of the tools that match a query, best first. */
  List<String> search(String query) {
    Map<String, Double> wanted = tokenizer.terms(query);
    QueryIntent intent = QueryIntent.of(query, wanted.keySet());
    Map<String, Double> scores = new HashMap<>();
    entries.forEach(
        (name, entry) -> {
          double score = score(wanted, entry);
          if (score > 0) {
            scores.put(
                name, score * intent.fit(entry.tool()) * preference(entry.tool(), wanted.keySet()));
          }
        });
    // A query that is a name finds that tool first.
    scores.computeIfPresent(query.strip().replace(' ', '_'), (name, score) -> Double.MAX_VALUE);
    return scores.entrySet().stream()
        .sorted(
            Comparator.comparingDouble((Map.Entry<String, Double> entry) -> -entry.getValue())
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Prefers tools that do a job in one call, and names without words that are not asked for. */
  private double preference(ToolDefinition tool, Set<String> wanted) {
    Set<String> words = tokenizer.terms(tool.name()).keySet();
    long asked = words.stream().filter(wanted::contains).count();
    double named = 1 - NAME_SHARE + NAME_SHARE * asked / Math.max(1, words.size());
    return named
        * (tool.isComposed() ? COMPOSED : 1)
        * (tool.group().equals(ToolFilter.DEPRECATED) ? DEPRECATED : 1);
  }

  private double score(Map<String, Double> wanted, Entry entry) {
    double penalty = 1 - LENGTH_SHARE + LENGTH_SHARE * entry.length() / meanLength;
    double score = 0;
    for (String term : wanted.keySet()) {
      double weight = entry.weights().getOrDefault(term, 0.0) / penalty;
      score += termWeight(term) * weight / (SATURATION + weight);
    }
    return score;
  }

  /** The weight of a term: the higher the rarer it is among the tools; a concept counts more. */
  private double termWeight(String term) {
    int tools = toolsWithTerm.getOrDefault(term, 0);
    double rarity = Math.log(1 + (entries.size() - tools + 0.5) / (tools + 0.5));
    return term.charAt(0) == Tokenizer.MARK ? CONCEPT * rarity : rarity;
  }

  private Map<String, Double> weights(ToolDefinition tool, String group) {
    Map<String, Double> weights = new HashMap<>();
    add(weights, tool.name(), NAME);
    add(weights, tool.title(), TITLE);
    add(weights, tool.description(), DESCRIPTION);
    tool.aliases().forEach(alias -> add(weights, alias, ARGUMENT));
    add(weights, group, GROUP);
    for (Argument argument : tool.arguments().all()) {
      if (argument.description() != null) { // an option, which every tool takes, distinguishes none
        add(weights, argument.name(), ARGUMENT);
        add(weights, argument.description(), ARGUMENT);
      }
    }
    return weights;
  }

  private void add(Map<String, Double> weights, String text, double weight) {
    tokenizer.terms(text).forEach((term, n) -> weights.merge(term, n * weight, Double::sum));
  }
}
