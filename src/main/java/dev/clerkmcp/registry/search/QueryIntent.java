package dev.clerkmcp.registry.search;

import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.ToolDefinition;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Derives the kind of action that a query asks for: read, list, remove, add, or act on many. It
 * only changes the order of tools with similar scores.
 */
record QueryIntent(
    boolean reads,
    boolean lists,
    boolean acts,
    boolean removes,
    boolean loses,
    boolean adds,
    boolean many) {
  private static final double READ_WANTED = 0.85;
  private static final double CHANGE_WANTED = 0.9;
  private static final double OPPOSITE_WANTED = 0.9;
  private static final double ONE_WANTED = 0.75;
  private static final double LIST_WANTED = 0.95;

  /** For a tool that changes something, if the query names no action. */
  private static final double ACTION_UNASKED = 0.8;

  /** For a tool that is no list, if the query names things and no action. */
  private static final double NOUN_LISTS = 0.93;

  // Of tools with about the same score the safer one comes first.
  private static final double DESTROYS = 0.95;
  private static final double LOSES = 0.85;

  /** A query with one of these as its first or second word asks to read. */
  private static final Set<String> ASKS =
      Set.copyOf(
          Tokenizer.stemsOf(
              "which who whose what whats where when why how is are was were does do did has have"
                  + " had show list read check since see find look count tell all whom until listar liste lister auflisten mostrar anzeigen"));

  /** A query with one of these as its first or second word asks for several objects. */
  private static final Set<String> LISTS =
      Set.copyOf(
          Tokenizer.stemsOf(
              "which all list who whose whom listar liste lister auflisten mostrar anzeigen"));

  /** Concepts of words that ask for a change. */
  private static final Set<String> ACTIONS =
      concepts(
          "create remove revoke ban unban lock unlock logout change rename replace extend promote"
              + " switch leave rotate send upload forbid allow erase verify impersonate invite leak");

  /** Concepts of words that ask for a loss for good. */
  private static final Set<String> LOSSES = concepts("remove erase replace rotate");

  /** A query that begins with one of these asks for an export of what is there. */
  private static final Set<String> EXPORTS =
      Set.copyOf(Tokenizer.stemsOf("export csv download dump report overview status"));

  private static final Set<String> REMOVES =
      Set.of("delete", "remove", "revoke", "reject", "cancel", "disable");
  private static final Set<String> ADDS = Set.of("create", "add", "upload");

  /** Derives the intent from a query and its terms. */
  static QueryIntent of(String query, Set<String> terms) {
    List<String> stems = Tokenizer.stemsOf(query);
    boolean exports = stems.stream().anyMatch(EXPORTS::contains);
    boolean asks = exports || stems.stream().limit(2).anyMatch(ASKS::contains);
    boolean removes =
        terms.contains(Tokenizer.concept("remove")) || terms.contains(Tokenizer.concept("revoke"));
    boolean adds = terms.contains(Tokenizer.concept("create"));
    boolean lists = stems.stream().limit(2).anyMatch(LISTS::contains);
    return new QueryIntent(
        asks,
        lists,
        terms.stream().anyMatch(ACTIONS::contains),
        removes && !adds,
        !exports && terms.stream().anyMatch(LOSSES::contains),
        adds && !removes,
        terms.contains(Tokenizer.concept("many")));
  }

  private static Set<String> concepts(String names) {
    return Stream.of(names.split(" ", -1)).map(Tokenizer::concept).collect(Collectors.toSet());
  }

  /** The factor for a tool's score: 1, or less if the tool does something else. */
  double fit(ToolDefinition tool) {
    String verb = tool.name().substring(tool.name().lastIndexOf('_') + 1);
    double fit = 1;
    // Clerk answers some settings only to an empty change, which reads them.
    boolean toRead = tool.effect().readOnly() || verb.equals("get");
    if (reads && !toRead) {
      fit *= READ_WANTED;
    } else if (!reads && acts && toRead) {
      fit *= CHANGE_WANTED;
    } else if (!reads && !acts && !toRead) {
      fit *= ACTION_UNASKED;
    }
    if (tool.effect() == Effect.REVEAL) {
      fit *= DESTROYS;
    }
    if (tool.effect().irreversible() && !loses) {
      fit *= LOSES;
    } else if (tool.effect().destructive() && !removes) {
      fit *= DESTROYS;
    }
    if ((removes && ADDS.contains(verb)) || (adds && REMOVES.contains(verb))) {
      fit *= OPPOSITE_WANTED;
    }
    if (!reads && !acts && !verb.equals("list") && !tool.isComposed()) {
      fit *= NOUN_LISTS; // such as: email templates
    }
    if (lists && !verb.equals("list") && !verb.equals("report")) {
      fit *= LIST_WANTED;
    }
    if (verb.equals("bulk") && !many) {
      fit *= ONE_WANTED;
    }
    return fit;
  }
}
