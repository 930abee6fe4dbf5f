package dev.clerkmcp.registry.text;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds the known names that are most similar to an unknown one. */
public final class NameSuggestions {
  private static final int MAX_LENGTH = 100;

  private NameSuggestions() {}

  /** The end of a sentence about an unknown name: {@code ; the nearest are a, b}; may be empty. */
  public static String hint(List<String> nearest) {
    if (nearest.isEmpty()) {
      return "";
    }
    String verb = nearest.size() == 1 ? "is" : "are";
    return "; the nearest " + verb + " " + String.join(", ", nearest);
  }

  /**
   * The known names most similar to an unknown one, best first: by shared words and by edit
   * distance. Empty if the unknown name has more than 100 characters, since comparing takes time.
   */
  public static List<String> of(String name, Collection<String> known, int most) {
    if (name.length() > MAX_LENGTH) {
      return List.of();
    }
    String wanted = SnakeCase.of(name);
    return known.stream()
        .sorted(
            Comparator.comparingDouble(
                    (String candidate) -> distance(wanted, candidate.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()))
        .limit(most)
        .toList();
  }

  /**
   * Like {@link #of}, but without names that only happen to be the closest: each has a word of the
   * unknown name, or most of its letters in the same order.
   */
  public static List<String> similar(String name, Collection<String> known, int most) {
    if (name.length() > MAX_LENGTH) {
      return List.of();
    }
    String wanted = SnakeCase.of(name);
    List<String> similar =
        known.stream().filter(candidate -> isSimilar(wanted, candidate)).toList();
    return of(name, similar, most);
  }

  private static boolean isSimilar(String wanted, String candidate) {
    Set<String> words = words(wanted);
    words.retainAll(words(candidate));
    int shorter = Math.min(wanted.length(), candidate.length());
    return !words.isEmpty() || edits(wanted, candidate) <= (shorter + 1) / 3;
  }

  private static double distance(String wanted, String candidate) {
    Set<String> words = words(wanted);
    Set<String> shared = words(candidate);
    int all = words.size() + shared.size();
    shared.retainAll(words);
    double unshared = 1 - 2.0 * shared.size() / all;
    double length = Math.max(wanted.length(), candidate.length());
    return unshared + edits(wanted, candidate) / length;
  }

  /** The words of a name, without the plural's s. */
  private static Set<String> words(String name) {
    Set<String> words = new HashSet<>();
    for (String word : name.split("[^a-z0-9]+", -1)) {
      words.add(word.endsWith("s") ? word.substring(0, word.length() - 1) : word);
    }
    return words;
  }

  /** Levenshtein's distance. */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
