package dev.clerkmcp.json;

import java.text.Normalizer;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names of keys that applications choose, such as those of metadata, which are recognized in any
 * spelling: {@code is_admin}, {@code isAdmin}, {@code IS-ADMIN} and {@code isadmin} are the same.
 */
public final class KeyNames {
  /** Words of letters, each of which may begin with capitals, and numbers. */
  private static final Pattern WORD =
      Pattern.compile("\\p{Lu}*[\\p{L}\\p{M}&&[^\\p{Lu}]]+|\\p{Lu}+|\\p{N}+");

  /** Words that keys add to a name without a separator: {@code ROLEID}, {@code userrole}. */
  private static final String ADDED =
      "access|account|app|can|company|current|customer|default|employee|flag|global|group|has|id"
          + "|is|key|level|list|member|my|name|new|org|organization|primary|site|staff|sub|super"
          + "|system|team|tenant|the|type|user";

  private final Set<String> names;
  private final Set<String> unseparated;
  private final Pattern joined;

  private KeyNames(Set<String> names) {
    this.names = Set.copyOf(names);
    this.unseparated =
        names.stream().map(name -> name.replace("_", "")).collect(Collectors.toUnmodifiableSet());
    String any = unseparated.stream().map(Pattern::quote).collect(Collectors.joining("|"));
    this.joined =
        Pattern.compile("(?:%2$s|%1$s){0,2}(?:%1$s)(?:%2$s|%1$s){0,2}".formatted(any, ADDED));
  }

  /** The names, each in any spelling. */
  public static KeyNames of(Collection<String> names) {
    Set<String> spelled = new HashSet<>();
    for (String name : names) {
      String words = String.join("_", words(name));
      if (!words.isEmpty()) {
        spelled.add(words);
      }
    }
    return new KeyNames(spelled);
  }

  /** Whether a key is one of the names. */
  public boolean has(String key) {
    return unseparated.contains(String.join("", words(key)));
  }

  /** Whether a key is one of the names or has one among its words, such as {@code userRole}. */
  public boolean occursIn(String key) {
    if (names.isEmpty()) {
      return false;
    }
    List<String> words = words(key);
    String separated = "_" + String.join("_", words) + "_";
    return names.stream().anyMatch(name -> separated.contains("_" + name + "_"))
        || words.stream().anyMatch(word -> joined.matcher(word).matches())
        || joined.matcher(String.join("", words)).matches();
  }

  /**
   * The words of a key in lower case: of {@code isAdmin2}, {@code is}, {@code admin}, {@code 2}.
   */
  private static List<String> words(String key) {
    return WORD.matcher(Normalizer.normalize(key, Normalizer.Form.NFKC))
        .results()
        .map(word -> word.group().toLowerCase(Locale.ROOT))
        .toList();
  }
}
