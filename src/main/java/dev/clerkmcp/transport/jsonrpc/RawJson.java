package dev.clerkmcp.transport.jsonrpc;

import dev.clerkmcp.transport.jsonrpc.JsonScanner.MalformedJsonException;
import org.jspecify.annotations.Nullable;

/** Reads and writes JSON as text, for use before the JSON library is loaded. */
public final class RawJson {
  private static final String HEXADECIMAL = "0123456789ABCDEF";

  private RawJson() {}

  /** The text as a JSON string, in quotation marks. */
  public static String quote(String text) {
    char[] quoted = new char[2 * text.length() + 2];
    quoted[0] = '"';
    int end = 1;
    char[] characters = text.toCharArray(); // twice as fast as charAt
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

  /** The escape sequence of a control character. */
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

  /** Whether a JSON text is an object. */
  public static boolean isObject(String json) {
    return json.startsWith("{");
  }

  /** The property of that name of a JSON object, as JSON, if it is a scalar; else null. */
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
    } catch (MalformedJsonException e) {
      throw new IllegalArgumentException("Not JSON", e);
    }
  }

  /**
   * The property of that name of a JSON object, as JSON; null if it has none. A string is escaped
   * as {@link #quote} does it, whichever escapes the text uses.
   */
  public static @Nullable String find(@Nullable String object, String name) {
    if (object == null || !isObject(object)) {
      return null;
    }
    try {
      JsonScanner scanner = new JsonScanner(object);
      scanner.enter();
      for (boolean first = true; scanner.moveToNext(first, '}'); first = false) {
        if (!scanner.name().equals(name)) {
          scanner.value();
        } else {
          return scanner.peek() == '"' ? quote(scanner.string()) : scanner.value();
        }
      }
      return null;
    } catch (MalformedJsonException e) {
      throw new IllegalArgumentException("Not a JSON object", e);
    }
  }
}
