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

  /** The scalar property of that name of a JSON object, as JSON; null if it has none or null. */
  static @Nullable String findScalar(@Nullable String object, String name) {
    if (object == null) {
      return null;
    }
    try (JsonParser parser = JSON.createParser(object)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals(name);
        JsonToken value = parser.nextToken();
        if (wanted) {
          boolean given = value.isScalarValue() && value != JsonToken.VALUE_NULL;
          boolean text = value == JsonToken.VALUE_STRING;
          return text ? quote(parser.getText()) : given ? parser.getText() : null;
        }
        parser.skipChildren();
      }
      return null;
    } catch (IOException e) {
      throw new IllegalArgumentException("Not a JSON object", e);
    }
  }
}
