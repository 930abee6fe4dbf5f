package dev.clerkmcp.transport;

import dev.clerkmcp.transport.JsonScanner.NotJson;
import dev.clerkmcp.transport.Message.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a line into messages without a parser that would have to be loaded first: the answer to a
 * host's first request waits for it.
 */
final class MessageParser {
  /** What stands for bytes that are not UTF-8, and may also have been meant. */
  private static final char REPLACEMENT = '\ufffd';

  private final byte[] line;
  private final String text;
  private final JsonScanner scanner;
  private boolean batch;

  /** Takes a line, in UTF-8. */
  MessageParser(byte[] line) {
    this.line = line;
    this.text = new String(line, StandardCharsets.UTF_8);
    this.scanner = new JsonScanner(text);
  }

  /** Reads the line. Never fails: what cannot be read is a {@link Malformed}. */
  List<Message> messages() {
    if (text.indexOf(REPLACEMENT) >= 0 && !Utf8.isValid(line)) {
      return List.of(new Malformed(null, ErrorCode.PARSE_ERROR, "The line is not UTF-8"));
    }
    try {
      return read();
    } catch (NotJson e) {
      batch = false;
      return List.of(new Malformed(null, ErrorCode.PARSE_ERROR, "The line is not JSON"));
    }
  }

  /** Whether the messages are to be answered in one array. */
  boolean isBatch() {
    return batch;
  }

  private List<Message> read() throws NotJson {
    List<Message> messages = new ArrayList<>();
    boolean array = scanner.next() == '[';
    if (array) {
      scanner.open();
      for (boolean first = true; scanner.more(first, ']'); first = false) {
        messages.add(message());
      }
    } else {
      messages.add(message());
    }
    if (!scanner.atEnd()) {
      return List.of(
          new Malformed(null, ErrorCode.PARSE_ERROR, "The line holds more than one JSON value"));
    }
    if (messages.isEmpty()) {
      return List.of(new Malformed(null, ErrorCode.INVALID_REQUEST, "The batch is empty"));
    }
    batch = array;
    return messages;
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
