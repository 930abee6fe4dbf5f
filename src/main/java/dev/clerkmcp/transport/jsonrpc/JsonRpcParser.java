package dev.clerkmcp.transport.jsonrpc;

import dev.clerkmcp.transport.jsonrpc.JsonRpcMessage.Malformed;
import dev.clerkmcp.transport.jsonrpc.JsonScanner.NotJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a line into messages without a parser that would have to be loaded first: the answer to a
 * host's first request waits for it.
 */
public final class JsonRpcParser {
  /** How many messages a batch may have; the limit is known before the work begins. */
  static final int MAX_BATCH = 100;

  /** What stands for bytes that are not UTF-8, and may also have been meant. */
  private static final char REPLACEMENT = '\ufffd';

  private final byte[] line;
  private final String text;
  private final JsonScanner scanner;
  private final boolean batches;
  private boolean batch;

  /**
   * Takes a line, in UTF-8.
   *
   * @param batches whether the protocol allows a batch
   */
  public JsonRpcParser(byte[] line, boolean batches) {
    this.line = line;
    this.batches = batches;
    this.text = new String(line, StandardCharsets.UTF_8);
    this.scanner = new JsonScanner(text);
  }

  /** Reads the line. Never fails: what cannot be read is a {@link Malformed}. */
  public List<JsonRpcMessage> messages() {
    if (text.indexOf(REPLACEMENT) >= 0 && !Utf8.isValid(line)) {
      return List.of(new Malformed(null, JsonRpcErrorCode.PARSE_ERROR, "The line is not UTF-8"));
    }
    try {
      return read();
    } catch (NotJson e) {
      batch = false;
      if (e.isBeyondLimit()) {
        return truncated(line, String.valueOf(e.getMessage()));
      }
      return List.of(new Malformed(null, JsonRpcErrorCode.PARSE_ERROR, "The line is not JSON"));
    }
  }

  /** Whether the messages are to be answered in one array. */
  public boolean isBatch() {
    return batch;
  }

  private List<JsonRpcMessage> read() throws NotJson {
    List<JsonRpcMessage> messages = new ArrayList<>();
    boolean array = scanner.next() == '[';
    if (array && !batches) {
      return invalid(
          "There are no batches since 2025-06-18; send each message on a line of its own");
    }
    if (array) {
      scanner.open();
      for (boolean first = true; scanner.more(first, ']'); first = false) {
        if (messages.size() == MAX_BATCH) {
          return invalid("A batch may have " + MAX_BATCH + " messages at most");
        }
        messages.add(message());
      }
    } else {
      messages.add(message());
    }
    if (!scanner.atEnd()) {
      return List.of(
          new Malformed(
              null, JsonRpcErrorCode.PARSE_ERROR, "The line holds more than one JSON value"));
    }
    if (messages.isEmpty()) {
      return invalid("The batch is empty");
    }
    batch = array;
    return messages;
  }

  private static List<JsonRpcMessage> invalid(String reason) {
    return List.of(new Malformed(null, JsonRpcErrorCode.INVALID_REQUEST, reason));
  }

  /**
   * Reads what can be read of a message that is cut or exceeds a limit: an error under its id if
   * that is in the beginning, nothing if it is an answer.
   *
   * @param beginning the first bytes of the line
   * @param reason what is wrong with it
   */
  public static List<JsonRpcMessage> truncated(byte[] beginning, String reason) {
    String text = new String(beginning, StandardCharsets.UTF_8);
    JsonScanner scanner = new JsonScanner(text);
    Draft draft = new Draft();
    try {
      if (scanner.next() == '{') {
        scanner.open();
        for (boolean first = true; scanner.more(first, '}'); first = false) {
          draft.read(scanner.name(), scanner);
          if (scanner.atEnd()) {
            draft.id = null; // which may be half a number
          }
        }
      }
    } catch (NotJson e) {
      // the end of what is there, or of what is within the limits
    }
    return draft.isAnswer() ? List.of() : List.of(draft.invalid(reason));
  }

  /** Reads the value that comes next, to its end. */
  private JsonRpcMessage message() throws NotJson {
    if (scanner.next() != '{') {
      scanner.value();
      return new Malformed(
          null, JsonRpcErrorCode.INVALID_REQUEST, "A message must be a JSON object");
    }
    int start = scanner.position();
    Draft draft = new Draft();
    scanner.open();
    for (boolean first = true; scanner.more(first, '}'); first = false) {
      draft.read(scanner.name(), scanner);
    }
    return draft.message(text.substring(start, scanner.position()));
  }

  /** The parts of a message, in whatever order they come. */
  private static final class Draft {
    private String version = "";
    private @Nullable String id;
    private boolean idGiven;
    private @Nullable String method;
    private @Nullable String params;
    private boolean answer;

    /** Reads the value of a member. */
    void read(String name, JsonScanner scanner) throws NotJson {
      boolean string = scanner.next() == '"';
      switch (name) {
        case "jsonrpc" -> version = string ? scanner.string() : other(scanner);
        case "id" -> id(string ? RawJson.quote(scanner.string()) : scanner.value());
        case "method" -> method = string ? scanner.string() : other(scanner);
        case "params" -> params(scanner.value());
        case "result", "error" -> {
          answer = true;
          scanner.value();
        }
        default -> scanner.value();
      }
    }

    /** Passes over what should have been a string; none that may stand there is empty. */
    private static String other(JsonScanner scanner) throws NotJson {
      scanner.value();
      return "";
    }

    /** Whether it answers a request of the server, well or badly. */
    boolean isAnswer() {
      return answer && method == null;
    }

    /** Takes an id, as JSON; one that is no string and no integer cannot be answered under. */
    void id(String json) {
      idGiven = true;
      id = json.startsWith("\"") || isInteger(json) ? json : null;
    }

    /** Takes the parameters, as JSON; empty stands for what no method takes. */
    void params(String json) {
      params = json.equals("null") ? null : RawJson.isObject(json) ? json : "";
    }

    private static boolean isInteger(String json) {
      boolean number = json.charAt(0) == '-' || Character.isDigit(json.charAt(0));
      return number && json.indexOf('.') < 0 && json.indexOf('e') < 0 && json.indexOf('E') < 0;
    }

    JsonRpcMessage message(String whole) {
      if (isAnswer()) {
        return new JsonRpcMessage.Response(id, whole); // whose own faults are never answered
      }
      if (!version.equals("2.0")) {
        return invalid("A message needs \"jsonrpc\": \"2.0\"");
      }
      if (idGiven && id == null) {
        return invalid("An id must be a string or an integer");
      }
      if (method == null) {
        return invalid("A message needs a method, or an id with a result or an error");
      }
      if (method.isEmpty()) {
        return invalid("A method must be a string");
      }
      if (id == null) {
        return new JsonRpcMessage.Notification(method, params);
      }
      if (params != null && params.isEmpty()) {
        return new Malformed(id, JsonRpcErrorCode.INVALID_PARAMS, "params must be an object");
      }
      return new JsonRpcMessage.Request(id, method, params);
    }

    Malformed invalid(String reason) {
      return new Malformed(id, JsonRpcErrorCode.INVALID_REQUEST, reason);
    }
  }
}
