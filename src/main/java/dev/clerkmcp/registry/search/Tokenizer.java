package dev.clerkmcp.registry.search;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Splits text into terms: the stems of its words, and the concepts that its words and phrases stand
 * for. A concept begins with {@value #MARK}, so that it equals no word.
 */
final class Tokenizer {
  static final char MARK = '=';

  /** The most words between the parts of a phrase such as {@code throw this guy out}. */
  private static final int MAX_BETWEEN = 4;

  /** Words that are not terms, but can be part of a phrase. */
  private static final Set<String> STOP_WORDS =
      stems(
          """
          a an the of to for in on at by is are be been was were it its this that these those i we
          my our me us you your can could do does did how what which who whose where when why with
          from and or please want wants would like some there has have had their them they so s t
          up out off not any all as if but into than then too also just only will shall should must
          may might he she him his her hers now still over about am clerk im one here today moment no more yet again
          un una el la los las de del der die das den ein eine einen le les des du um uma
          get got give gives make made say says said thing use uses new right own every each other
          """);

  private static final Set<String> PARTICLES =
      Set.of("out", "off", "in", "on", "back", "up", "away", "down");

  private final Map<String, List<Phrase>> phrasesByFirst = new HashMap<>();

  private record Phrase(List<String> stems, String concept) {}

  /** Loads the concepts. */
  Tokenizer() {
    lines("concepts.txt", '=')
        .forEach(
            (concept, phrases) -> {
              for (String phrase : phrases.split(",", -1)) {
                List<String> stems = stemsOf(phrase);
                phrasesByFirst
                    .computeIfAbsent(stems.get(0), first -> new ArrayList<>())
                    .add(new Phrase(stems, concept(concept)));
              }
            });
  }

  /** The term of a concept. */
  static String concept(String name) {
    return MARK + name;
  }

  /** The terms of a text: words with their number, and concepts. */
  Map<String, Double> terms(String text) {
    List<String> stems = stemsOf(text);
    Map<String, Double> terms = new LinkedHashMap<>();
    for (String stem : stems) {
      if (!STOP_WORDS.contains(stem)) {
        terms.merge(stem, 1.0, Double::sum);
      }
    }
    for (String concept : concepts(stems)) {
      terms.put(concept, 1.0);
    }
    return terms;
  }

  private Set<String> concepts(List<String> stems) {
    Set<String> concepts = new LinkedHashSet<>();
    for (int at = 0; at < stems.size(); at++) {
      for (Phrase phrase : phrasesByFirst.getOrDefault(stems.get(at), List.of())) {
        if (stands(phrase.stems(), stems, at)) {
          concepts.add(phrase.concept());
        }
      }
    }
    return concepts;
  }

  private static boolean stands(List<String> phrase, List<String> stems, int at) {
    int last = phrase.size() - 1;
    for (int i = 0; i < last; i++) {
      if (at + i >= stems.size() || !stems.get(at + i).equals(phrase.get(i))) {
        return false;
      }
    }
    int between = last > 0 && PARTICLES.contains(phrase.get(last)) ? MAX_BETWEEN : 0;
    int from = Math.min(stems.size(), at + last);
    return stems
        .subList(from, Math.min(stems.size(), from + between + 1))
        .contains(phrase.get(last));
  }

  /** The stems of all words of a text, in order. */
  static List<String> stemsOf(String text) {
    List<String> stems = new ArrayList<>();
    String unaccented = Normalizer.normalize(text, Normalizer.Form.NFD).replaceAll("\\p{M}+", "");
    for (String word :
        unaccented.toLowerCase(Locale.ROOT).replaceAll("['’]", "").split("[^a-z0-9]+", -1)) {
      if (!word.isEmpty()) {
        stems.add(stem(word));
      }
    }
    return stems;
  }

  private static Set<String> stems(String words) {
    return Set.copyOf(stemsOf(words));
  }

  /** Removes the endings of plurals and verb forms. */
  private static String stem(String word) {
    String stem = word;
    if (stem.length() > 4 && stem.endsWith("ies")) {
      stem = stem.substring(0, stem.length() - 3) + "y";
    } else if (stem.length() > 3 && stem.endsWith("s") && !stem.endsWith("ss")) {
      stem = stem.substring(0, stem.length() - 1);
    }
    for (String ending : List.of("ation", "ing", "ion", "ed", "er")) {
      if (stem.length() > ending.length() + 3 && stem.endsWith(ending)) {
        stem = stem.substring(0, stem.length() - ending.length());
        break;
      }
    }
    boolean doubled =
        stem.length() > 3 && stem.charAt(stem.length() - 1) == stem.charAt(stem.length() - 2);
    if (doubled && !stem.endsWith("ss") && !stem.endsWith("ll")) {
      stem = stem.substring(0, stem.length() - 1);
    }
    if (stem.length() > 3 && (stem.endsWith("e") || stem.endsWith("y"))) {
      stem = stem.substring(0, stem.length() - 1);
    }
    return stem;
  }

  /**
   * Reads a resource with lines such as {@code name: text}; lines that start with # are comments.
   */
  static Map<String, String> lines(String resource, char separator) {
    Map<String, String> lines = new LinkedHashMap<>();
    try (InputStream file = Tokenizer.class.getResourceAsStream("/dev/clerkmcp/" + resource);
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(file), StandardCharsets.UTF_8))) {
      reader
          .lines()
          .filter(line -> !line.startsWith("#") && line.indexOf(separator) > 0)
          .forEach(
              line -> {
                int at = line.indexOf(separator);
                lines.put(line.substring(0, at).strip(), line.substring(at + 1).strip());
              });
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
