package dev.clerkmcp.transport;

import dev.clerkmcp.transport.JsonScanner.NotJson;
import dev.clerkmcp.transport.Message.Malformed;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a line into messages without a parser that would have to be loaded first: the answer to a
 * host's first request waits for it.
 */
final class MessageParser {
  private final String text;
  private final JsonScanner scanner;

  private MessageParser(String text) {
    this.text = text;
    this.scanner = new JsonScanner(text);
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
    } catch (CharacterCodingException e) {
      return Line.of(new Malformed(null, ErrorCode.PARSE_ERROR, "The line is not UTF-8"));
    }
    try {
      return new MessageParser(text).line();
    } catch (NotJson e) {
      return Line.of(new Malformed(null, ErrorCode.PARSE_ERROR, "The line is not JSON"));
    }
  }

  private Line line() throws NotJson {
    boolean batch = scanner.next() == '[';
    List<Message> messages = new ArrayList<>();
    if (batch) {
      scanner.open();
      for (boolean first = true; scanner.more(first, ']'); first = false) {
        messages.add(message());
      }
    } else {
      messages.add(message());
    }
    if (!scanner.atEnd()) {
      return Line.of(
          new Malformed(null, ErrorCode.PARSE_ERROR, "The line holds more than one JSON value"));
    }
    if (messages.isEmpty()) {
      return Line.of(new Malformed(null, ErrorCode.INVALID_REQUEST, "The batch is empty"));
    }
    return new Line(messages, batch);
  }

  /** Reads the value that comes next, to its end. */
  private Message message() throws NotJson {
    if (scanner.next() != '{') {
      scanner.value();
      return new Malformed(null, ErrorCode.INVALID_REQUEST, "A message must be a JSON object");
    }
    int start = scanner.position();
    Draft draft = new Draft();
    scanner.open();
    for (boolean first = true; scanner.more(first, '}'); first = false) {
      String name = scanner.name();
      boolean string = scanner.next() == '"';
      switch (name) {
        case "jsonrpc" -> draft.version = string ? scanner.string() : other();
        case "id" -> draft.id(string ? JsonText.quote(scanner.string()) : scanner.value());
        case "method" -> draft.method = string ? scanner.string() : other();
        case "params" -> draft.params(scanner.value());
        case "result", "error" -> {
          scanner.value();
          draft.answer = true;
        }
        default -> scanner.value();
      }
    }
    return draft.message(text.substring(start, scanner.position()));
  }

  /** Passes over what should have been a string; none that may stand there is empty. */
  private String other() throws NotJson {
    scanner.value();
    return "";
  }

  /** The parts of a message, in whatever order they come. */
  private static final class Draft {
    private String version = "";
    private @Nullable String id;
    private boolean idGiven;
    private @Nullable String method;
    private @Nullable String params;
    private boolean answer;

    /** Takes an id, as JSON; one that is no string and no integer cannot be answered under. */
    void id(String json) {
      idGiven = true;
      id = json.startsWith("\"") || isInteger(json) ? json : null;
    }

    /** Takes the parameters, as JSON; empty stands for what no method takes. */
    void params(String json) {
      params = json.equals("null") ? null : JsonText.isObject(json) ? json : "";
    }

    private static boolean isInteger(String json) {
      boolean number = json.charAt(0) == '-' || Character.isDigit(json.charAt(0));
      return number && json.indexOf('.') < 0 && json.indexOf('e') < 0 && json.indexOf('E') < 0;
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
