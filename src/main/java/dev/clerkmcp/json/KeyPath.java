package dev.clerkmcp.json;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the keys that lead to a value as one text, with dots between them: {@code plan.name}. A
 * key that could be taken for several, since it has a dot itself, is quoted: {@code
 * metadata["a.b"]}.
 */
public final class KeyPath {
  private static final Pattern PLAIN = Pattern.compile("[^.\\[\\]\"\\\\]+");
  private static final Pattern QUOTED = Pattern.compile("\\[\"((?:[^\"\\\\]|\\\\.)*+)\"]");

  private KeyPath() {}

  /** The text of some keys; different keys have different texts. */
  public static String of(List<String> keys) {
    StringBuilder path = new StringBuilder();
    for (String key : keys) {
      if (PLAIN.matcher(key).matches()) {
        path.append(path.isEmpty() ? "" : ".").append(key);
      } else {
        path.append("[\"").append(key.replace("\\", "\\\\").replace("\"", "\\\"")).append("\"]");
      }
    }
    return path.toString();
  }

  /** The text of a key below the value at a path, or of several keys. */
  public static String below(String path, String inner) {
    return path.isEmpty() || inner.isEmpty() || inner.startsWith("[\"")
        ? path + inner
        : path + "." + inner;
  }

  /** The keys of a text that {@link #of} wrote. */
  public static List<String> keys(String path) {
    List<String> keys = new ArrayList<>();
    Matcher quoted = QUOTED.matcher(path);
    int at = 0;
    while (at < path.length()) {
      if (quoted.region(at, path.length()).lookingAt()) {
        keys.add(quoted.group(1).replaceAll("\\\\(.)", "$1"));
        at = quoted.end();
      } else {
        int end = at + 1;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
          end++;
        }
        keys.add(path.substring(at, end));
        at = end;
      }
      if (at < path.length() && path.charAt(at) == '.') {
        at++;
      }
    }
    return keys;
  }
}
