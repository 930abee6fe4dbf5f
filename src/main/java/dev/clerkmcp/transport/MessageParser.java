package dev.clerkmcp.transport;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.clerkmcp.transport.Message.Malformed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a line into messages with nothing but Jackson's streaming parser: the answer to a host's
 * first request must not wait for data binding to load.
 */
final class MessageParser {
  private static final JsonFactory JSON = new JsonFactory();

  private final String text;
  private final JsonParser parser;

  private MessageParser(String text, JsonParser parser) {
    this.text = text;
    this.parser = parser;
  }

  /** What a line held; {@code batch} if it was an array. */
  record Line(List<Message> messages, boolean batch) {
    private static Line of(Malformed malformed) {
      return new Line(List.of(malformed), false);
    }
  }

  /** Reads a line of UTF-8. Never fails: what cannot be read is a {@link Malformed}. */
  static Line parse(byte[] line) {
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(line))
              .toString();
    } catch (IOException e) {
      return Line.of(new Malformed(null, ErrorCode.PARSE_ERROR, "The line is not UTF-8"));
    }
    try (JsonParser parser = JSON.createParser(text)) {
      return new MessageParser(text, parser).line();
    } catch (IOException e) {
      return Line.of(new Malformed(null, ErrorCode.PARSE_ERROR, "The line is not JSON"));
    }
  }

  private Line line() throws IOException {
    JsonToken first = parser.nextToken();
    List<Message> messages = new ArrayList<>();
    if (first == JsonToken.START_ARRAY) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        messages.add(message());
      }
    } else {
      messages.add(message());
    }
    if (parser.nextToken() != null) {
      return Line.of(
          new Malformed(null, ErrorCode.PARSE_ERROR, "The line holds more than one JSON value"));
    }
    if (messages.isEmpty()) {
      return Line.of(new Malformed(null, ErrorCode.INVALID_REQUEST, "The batch is empty"));
    }
    return new Line(messages, first == JsonToken.START_ARRAY);
  }

  /** Reads the value that begins at the current token, to its end. */
  private Message message() throws IOException {
    int start = offset();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return new Malformed(null, ErrorCode.INVALID_REQUEST, "A message must be a JSON object");
    }
    Draft draft = new Draft();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (name) {
        case "jsonrpc" -> draft.version = value == JsonToken.VALUE_STRING ? parser.getText() : "";
        case "id" -> draft.id(value, value.isScalarValue() ? parser.getText() : "");
        case "method" -> draft.method = value == JsonToken.VALUE_STRING ? parser.getText() : "";
        case "params" -> draft.params = value == JsonToken.VALUE_NULL ? null : valueText(value);
        case "result", "error" -> draft.answer = true;
        default -> {}
      }
      parser.skipChildren();
    }
    return draft.message(text.substring(start, end()));
  }

  /** The text of an object; empty for anything else, which no method takes. */
  private String valueText(JsonToken value) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      return "";
    }
    int start = offset();
    parser.skipChildren();
    return text.substring(start, end());
  }

  private int offset() {
    return (int) parser.currentTokenLocation().getCharOffset();
  }

  private int end() {
    return (int) parser.currentLocation().getCharOffset();
  }

  /** The parts of a message, in whatever order they come. */
  private static final class Draft {
    private String version = "";
    private @Nullable String id;
    private boolean idGiven;
    private @Nullable String method;
    private @Nullable String params;
    private boolean answer;

    void id(JsonToken token, String value) {
      idGiven = true;
      if (token == JsonToken.VALUE_STRING) {
        id = JsonText.quote(value);
      } else if (token == JsonToken.VALUE_NUMBER_INT) {
        id = value;
      }
    }

    Message message(String whole) {
      if (!version.equals("2.0")) {
        return invalid("A message needs \"jsonrpc\": \"2.0\"");
      }
      if (idGiven && id == null) {
        return invalid("An id must be a string or an integer");
      }
      if (method == null) {
        return answer && id != null
            ? new Message.Response(id, whole)
            : invalid("A message needs a method, or an id with a result or an error");
      }
      if (method.isEmpty()) {
        return invalid("A method must be a string");
      }
      if (id == null) {
        return new Message.Notification(method, params);
      }
      if (params != null && params.isEmpty()) {
        return new Malformed(id, ErrorCode.INVALID_PARAMS, "params must be an object");
      }
      return new Message.Request(id, method, params);
    }

    private Malformed invalid(String reason) {
      return new Malformed(id, ErrorCode.INVALID_REQUEST, reason);
    }
  }
}
