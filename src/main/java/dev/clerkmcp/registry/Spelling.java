package dev.clerkmcp.registry;

import java.util.Collection;

/** Puts small mistakes in the words of a request right. */
final class Spelling {
  /** Shorter words have too many neighbours. */
  private static final int SHORTEST = 6;

  private Spelling() {}

  /** The word itself, or if it is not known, a known one that differs in a single place. */
  static String nearest(String word, Collection<String> known) {
    if (word.length() < SHORTEST || known.contains(word)) {
      return word;
    }
    return known.stream()
        .filter(other -> other.length() >= SHORTEST - 1 && near(word, other))
        .min(String::compareTo)
        .orElse(word);
  }

  /**
   * Whether one letter is added or left out, or two neighbours have changed places. Another letter
   * makes too often another word: project, protect.
   */
  private static boolean near(String a, String b) {
    if (Math.abs(a.length() - b.length()) > 1 || a.charAt(0) != b.charAt(0)) {
      return false;
    }
    int start = 0;
    int least = Math.min(a.length(), b.length());
    while (start < least && a.charAt(start) == b.charAt(start)) {
      start++;
    }
    String restA = a.substring(start);
    String restB = b.substring(start);
    if (a.length() == b.length()) {
      return restA.length() > 1
          && restA.charAt(0) == restB.charAt(1)
          && restA.charAt(1) == restB.charAt(0)
          && restA.substring(2).equals(restB.substring(2));
    }
    return a.length() > b.length()
        ? restA.substring(1).equals(restB)
        : restB.substring(1).equals(restA);
  }
}
