package dev.clerkmcp.transport.jsonrpc;

import dev.clerkmcp.transport.jsonrpc.JsonRpcMessage.Malformed;
import dev.clerkmcp.transport.jsonrpc.JsonScanner.MalformedJsonException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses one line into JSON-RPC messages. It uses {@link JsonScanner} instead of a JSON library,
 * which would have to be loaded before the first request can be answered.
 */
public final class JsonRpcParser {
  /** The most messages in a batch. */
  static final int MAX_BATCH = 100;

  /**
   * Unicode's replacement character, which Java decodes invalid UTF-8 to; valid text may contain it
   * too.
   */
  private static final char REPLACEMENT = '\ufffd';

  private final byte[] line;
  private final String text;
  private final JsonScanner scanner;
  private final boolean batches;
  private boolean batch;

  /**
   * Creates a parser for one line, in UTF-8.
   *
   * @param batches whether the line may be a batch
   */
  public JsonRpcParser(byte[] line, boolean batches) {
    this.line = line;
    this.batches = batches;
    this.text = new String(line, StandardCharsets.UTF_8);
    this.scanner = new JsonScanner(text);
  }

  /** Parses the line. Never fails: text that is not a message becomes a {@link Malformed}. */
  public List<JsonRpcMessage> messages() {
    if (text.indexOf(REPLACEMENT) >= 0 && !Utf8.isValid(line)) {
      return List.of(new Malformed(null, JsonRpcError.PARSE_ERROR, "The line is not UTF-8"));
    }
    try {
      return read();
    } catch (MalformedJsonException e) {
      batch = false;
      if (e.isBeyondLimit()) {
        return truncated(line, String.valueOf(e.getMessage()));
      }
      return List.of(new Malformed(null, JsonRpcError.PARSE_ERROR, "The line is not JSON"));
    }
  }

  /** Whether the line was a batch, whose responses are sent as one array. */
  public boolean isBatch() {
    return batch;
  }

  /**
   * Checks UTF-8 strictly. It is a separate class, since it is rarely needed and so rarely loaded.
   */
  private static final class Utf8 {
    static boolean isValid(byte[] bytes) {
      try {
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .decode(ByteBuffer.wrap(bytes));
        return true;
      } catch (CharacterCodingException e) {
        return false;
      }
    }
  }

  private List<JsonRpcMessage> read() throws MalformedJsonException {
    List<JsonRpcMessage> messages = new ArrayList<>();
    boolean array = scanner.peek() == '[';
    if (array && !batches) {
      return invalid(
          "Batches were removed in MCP 2025-06-18; send each message on a line of its own");
    }
    if (array) {
      scanner.enter();
      for (boolean first = true; scanner.moveToNext(first, ']'); first = false) {
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
          new Malformed(null, JsonRpcError.PARSE_ERROR, "The line holds more than one JSON value"));
    }
    if (messages.isEmpty()) {
      return invalid("The batch is empty");
    }
    batch = array;
    return messages;
  }

  private static List<JsonRpcMessage> invalid(String reason) {
    return List.of(new Malformed(null, JsonRpcError.INVALID_REQUEST, reason));
  }

  /**
   * Parses the beginning of a message that is truncated or exceeds a limit. Returns an error with
   * the message's id, if that is in the beginning; nothing if the message is a response.
   *
   * @param beginning the first bytes of the line
   * @param reason the message of the error
   */
  public static List<JsonRpcMessage> truncated(byte[] beginning, String reason) {
    String text = new String(beginning, StandardCharsets.UTF_8);
    JsonScanner scanner = new JsonScanner(text);
    Draft draft = new Draft();
    try {
      if (scanner.peek() == '{') {
        scanner.enter();
        for (boolean first = true; scanner.moveToNext(first, '}'); first = false) {
          draft.read(scanner.name(), scanner);
          if (scanner.atEnd()) {
            draft.id = null; // the id may be the first half of a number
          }
        }
      }
    } catch (MalformedJsonException e) {
      // the beginning has ended, or a limit is exceeded
    }
    return draft.isResponse() ? List.of() : List.of(draft.invalid(reason));
  }

  /** Parses the next value, to its end. */
  private JsonRpcMessage message() throws MalformedJsonException {
    if (scanner.peek() != '{') {
      scanner.value();
      return new Malformed(null, JsonRpcError.INVALID_REQUEST, "A message must be a JSON object");
    }
    int start = scanner.position();
    Draft draft = new Draft();
    scanner.enter();
    for (boolean first = true; scanner.moveToNext(first, '}'); first = false) {
      draft.read(scanner.name(), scanner);
    }
    return draft.message(text.substring(start, scanner.position()));
  }

  /** The members of a message, collected in any order. */
  private static final class Draft {
    private String version = "";
    private @Nullable String id;
    private boolean idGiven;
    private @Nullable String method;
    private @Nullable String params;
    private boolean hasOutcome;
    private final List<String> names = new ArrayList<>();
    private @Nullable String twice;

    /** Reads the value of the member with that name. */
    void read(String name, JsonScanner scanner) throws MalformedJsonException {
      if (names.contains(name)) {
        twice = name;
      }
      boolean string = scanner.peek() == '"';
      switch (name) {
        case "jsonrpc" -> version = string ? scanner.string() : skipped(scanner);
        case "id" -> id(string ? RawJson.quote(scanner.string()) : scanner.value());
        case "method" -> method = string ? scanner.string() : skipped(scanner);
        case "params" -> params(scanner.value());
        case "result", "error" -> {
          hasOutcome = true;
          scanner.value();
        }
        default -> {
          scanner.value();
          return;
        }
      }
      names.add(name);
    }

    /** Skips a value that should be a string. Returns an empty string, which is never valid. */
    private static String skipped(JsonScanner scanner) throws MalformedJsonException {
      scanner.value();
      return "";
    }

    /** Whether the message is a response to a request of the server, valid or not. */
    boolean isResponse() {
      return hasOutcome && method == null;
    }

    /** Keeps an id, given as JSON: a string or an integer; an id of another type becomes null. */
    void id(String json) {
      idGiven = true;
      id = json.startsWith("\"") || isInteger(json) ? json : null;
    }

    /** Keeps the parameters, given as JSON; anything but an object becomes the empty string. */
    void params(String json) {
      params = json.equals("null") ? null : RawJson.isObject(json) ? json : "";
    }

    private static boolean isInteger(String json) {
      boolean number = json.charAt(0) == '-' || Character.isDigit(json.charAt(0));
      return number && json.indexOf('.') < 0 && json.indexOf('e') < 0 && json.indexOf('E') < 0;
    }

    JsonRpcMessage message(String whole) {
      if (isResponse()) { // even if invalid: responses get no response
        return new JsonRpcMessage.Response(twice == null ? id : null, whole);
      }
      if (twice != null) { // a host may read the other of the two values
        return new Malformed(
            twice.equals("id") ? null : id,
            JsonRpcError.INVALID_REQUEST,
            "A message must not have \"%s\" twice".formatted(twice));
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
        return new Malformed(id, JsonRpcError.INVALID_PARAMS, "params must be an object");
      }
      return new JsonRpcMessage.Request(id, method, params);
    }

    Malformed invalid(String reason) {
      return new Malformed(id, JsonRpcError.INVALID_REQUEST, reason);
    }
  }
}
