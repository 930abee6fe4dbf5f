package dev.clerkmcp.registry.search;

import dev.clerkmcp.registry.ToolDefinition;
import java.util.List;
import java.util.Set;

/**
 * Derives the kind of action that a query asks for: read, list, remove, add, or act on many. It
 * only changes the order of tools with similar scores.
 */
record QueryIntent(boolean reads, boolean lists, boolean removes, boolean adds, boolean many) {
  private static final double READ_WANTED = 0.85;
  private static final double CHANGE_WANTED = 0.9;
  private static final double OPPOSITE_WANTED = 0.9;
  private static final double ONE_WANTED = 0.75;
  private static final double LIST_WANTED = 0.95;

  /** A query with one of these as its first or second word asks to read. */
  private static final Set<String> ASKS =
      Set.copyOf(
          Tokenizer.stemsOf(
              "which who whose what whats where when why how is are was were does do did has have"
                  + " had show list since see find look count tell all whom until"));

  /** A query with one of these as its first or second word asks for several objects. */
  private static final Set<String> LISTS =
      Set.copyOf(Tokenizer.stemsOf("which all list who whose whom"));

  private static final Set<String> REMOVES =
      Set.of("delete", "remove", "revoke", "reject", "cancel", "disable");
  private static final Set<String> ADDS = Set.of("create", "add", "upload");

  /** Derives the intent from a query and its terms. */
  static QueryIntent of(String query, Set<String> terms) {
    List<String> stems = Tokenizer.stemsOf(query);
    boolean asks = stems.stream().limit(2).anyMatch(ASKS::contains);
    boolean removes =
        terms.contains(Tokenizer.concept("remove")) || terms.contains(Tokenizer.concept("revoke"));
    boolean adds = terms.contains(Tokenizer.concept("create"));
    boolean lists = stems.stream().limit(2).anyMatch(LISTS::contains);
    return new QueryIntent(
        asks, lists, removes && !adds, adds && !removes, terms.contains(Tokenizer.concept("many")));
  }

  /** The factor for a tool's score: 1, or less if the tool does something else. */
  double fit(ToolDefinition tool) {
    String verb = tool.name().substring(tool.name().lastIndexOf('_') + 1);
    double fit = 1;
    if (reads != tool.effect().readOnly()) {
      fit *= reads ? READ_WANTED : CHANGE_WANTED;
    }
    if ((removes && ADDS.contains(verb)) || (adds && REMOVES.contains(verb))) {
      fit *= OPPOSITE_WANTED;
    }
    if (lists && verb.equals("get")) {
      fit *= LIST_WANTED;
    }
    if (verb.equals("bulk") && !many) {
      fit *= ONE_WANTED;
    }
    return fit;
  }
}
