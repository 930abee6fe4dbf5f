package dev.clerkmcp.transport.jsonrpc;

import dev.clerkmcp.transport.jsonrpc.JsonScanner.NotJson;
import org.jspecify.annotations.Nullable;

/** JSON as text, for what is said before data binding has loaded. */
public final class RawJson {
  private static final String HEXADECIMAL = "0123456789ABCDEF";

  private RawJson() {}

  /** The text as a JSON string. */
  public static String quote(String text) {
    char[] quoted = new char[2 * text.length() + 2];
    quoted[0] = '"';
    int end = 1;
    char[] characters = text.toCharArray(); // asking for each takes twice as long
    for (char c : characters) {
      if (c < ' ') {
        return quoteWithControls(text);
      }
      if (c == '"' || c == '\\') {
        quoted[end++] = '\\';
      }
      quoted[end++] = c;
    }
    quoted[end++] = '"';
    return new String(quoted, 0, end);
  }

  private static String quoteWithControls(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 64).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ') {
        quoted.append(escaped(c));
      } else if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  /** A control character, which JSON has no other way to write. */
  private static String escaped(char c) {
    return switch (c) {
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> (c < 0x10 ? "\\u000" : "\\u001") + HEXADECIMAL.charAt(c % 0x10);
    };
  }

  /** Whether a piece of JSON is an object. */
  public static boolean isObject(String json) {
    return json.startsWith("{");
  }

  /** The scalar property of that name of a JSON object, as JSON; null if it has none or null. */
  public static @Nullable String findScalar(@Nullable String object, String name) {
    String json = find(object, name);
    boolean given = json != null && !json.equals("null") && "{[".indexOf(json.charAt(0)) < 0;
    return given ? json : null;
  }

  /** The property of that name of a JSON object, if it is a string; else null. */
  public static @Nullable String findText(@Nullable String object, String name) {
    String json = find(object, name);
    if (json == null || !json.startsWith("\"")) {
      return null;
    }
    try {
      return new JsonScanner(json).string();
    } catch (NotJson e) {
      throw new IllegalArgumentException("Not JSON", e);
    }
  }

  /**
   * The property of that name of a JSON object, as JSON; null if it has none. However a string was
   * written, it comes as {@link #quote} writes it.
   */
  public static @Nullable String find(@Nullable String object, String name) {
    if (object == null || !isObject(object)) {
      return null;
    }
    try {
      JsonScanner scanner = new JsonScanner(object);
      scanner.open();
      for (boolean first = true; scanner.more(first, '}'); first = false) {
        if (!scanner.name().equals(name)) {
          scanner.value();
        } else {
          return scanner.next() == '"' ? quote(scanner.string()) : scanner.value();
        }
      }
      return null;
    } catch (NotJson e) {
      throw new IllegalArgumentException("Not a JSON object", e);
    }
  }
}
