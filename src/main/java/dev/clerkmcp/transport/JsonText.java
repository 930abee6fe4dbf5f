package dev.clerkmcp.transport;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** JSON as text, for what is said before data binding has loaded. */
final class JsonText {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonText() {}

  /** The text as a JSON string. */
  static String quote(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
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
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      return parser.getText();
    } catch (IOException e) {
      throw new IllegalArgumentException("Not JSON", e);
    }
  }

  /** The property of that name of a JSON object, as JSON; null if it has none. */
  static @Nullable String find(@Nullable String object, String name) {
    if (object == null) {
      return null;
    }
    try (JsonParser parser = JSON.createParser(object)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals(name);
        JsonToken value = parser.nextToken();
        if (wanted && value == JsonToken.VALUE_STRING) {
          return quote(parser.getText());
        }
        if (wanted && value.isScalarValue()) {
          return parser.getText();
        }
        int start = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        if (wanted) {
          return object.substring(start, (int) parser.currentLocation().getCharOffset());
        }
      }
      return null;
    } catch (IOException e) {
      throw new IllegalArgumentException("Not a JSON object", e);
    }
  }
}
