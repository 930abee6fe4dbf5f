package dev.clerkmcp.transport;

import dev.clerkmcp.transport.JsonScanner.NotJson;
import org.jspecify.annotations.Nullable;

/** JSON as text, for what is said before data binding has loaded. */
final class JsonText {
  private static final int LONGEST_ESCAPE = 6;
  private static final String HEXADECIMAL = "0123456789ABCDEF";

  private JsonText() {}

  /** The text as a JSON string. */
  static String quote(String text) {
    int special = 0;
    for (int i = 0; i < text.length(); i++) {
      special += isSpecial(text.charAt(i)) ? 1 : 0;
    }
    if (special == 0) {
      return '"' + text + '"';
    }
    char[] quoted = new char[2 + text.length() + LONGEST_ESCAPE * special];
    quoted[0] = '"';
    int end = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isSpecial(c)) {
        String escaped = escaped(c);
        escaped.getChars(0, escaped.length(), quoted, end);
        end += escaped.length();
      } else {
        quoted[end++] = c;
      }
    }
    quoted[end++] = '"';
    return new String(quoted, 0, end);
  }

  private static boolean isSpecial(char c) {
    return c < ' ' || c == '"' || c == '\\';
  }

  private static String escaped(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> (c < 0x10 ? "\\u000" : "\\u001") + HEXADECIMAL.charAt(c % 0x10);
    };
  }

  /** Whether a piece of JSON is an object. */
  static boolean isObject(String json) {
    return json.startsWith("{");
  }

  /** The scalar property of that name of a JSON object, as JSON; null if it has none or null. */
  static @Nullable String findScalar(@Nullable String object, String name) {
    String json = find(object, name);
    boolean given = json != null && !json.equals("null") && "{[".indexOf(json.charAt(0)) < 0;
    return given ? json : null;
  }

  /** The property of that name of a JSON object, if it is a string; else null. */
  static @Nullable String findText(@Nullable String object, String name) {
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
  static @Nullable String find(@Nullable String object, String name) {
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
