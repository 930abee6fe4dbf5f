package dev.clerkmcp.transport.jsonrpc;

/**
 * Reads JSON where it stands, from front to back, and binds nothing. A parser that can do more
 * takes as long to load as everything else that a host's first request waits for.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>
 */
final class JsonScanner {
  /** The limits of the parser that reads on where this one stops. */
  private static final int DEEPEST = 1000;

  private static final int LONGEST_NUMBER = 1000;
  private static final int LONGEST_NAME = 50_000;

  private static final char END = '\0';

  private final String json;
  private int at;
  private int depth;

  JsonScanner(String json) {
    this.json = json;
  }

  /** Says why a text is not JSON, or which limit it exceeds. */
  static final class NotJson extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean limit;

    NotJson(String message) {
      this(message, false);
    }

    private NotJson(String message, boolean limit) {
      super(message, null, false, false);
      this.limit = limit;
    }

    static NotJson beyond(String limit) {
      return new NotJson(limit, true);
    }

    /** Whether it may be JSON, but exceeds a limit. */
    boolean isBeyondLimit() {
      return limit;
    }
  }

  /** The character that the next value or bracket begins with; {@code \0} at the end. */
  char next() {
    while (at < json.length()) {
      char c = json.charAt(at);
      if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
        return c;
      }
      at++;
    }
    return END;
  }

  /** Whether nothing but white space is left. */
  boolean atEnd() {
    return next() == END && at == json.length();
  }

  /** Where the next value begins, or where the last one ended if none has been looked for since. */
  int position() {
    return at;
  }

  /** Goes into the object or array that comes next. */
  void open() {
    next();
    at++;
    depth++;
  }

  /**
   * Goes to the next member of what was opened.
   *
   * @param first whether none has been read yet
   * @return false if there is no other; that leaves what was opened
   */
  boolean more(boolean first, char close) throws NotJson {
    char c = next();
    if (c == close) {
      at++;
      depth--;
      return false;
    }
    if (!first) {
      take(',');
    }
    return true;
  }

  /** Reads the name of a member, and goes to its value. */
  String name() throws NotJson {
    String name = string();
    if (name.length() > LONGEST_NAME) {
      throw NotJson.beyond("A name may have " + LONGEST_NAME + " characters at most");
    }
    take(':');
    next();
    return name;
  }

  /** Reads a string. */
  String string() throws NotJson {
    take('"');
    int start = at;
    StringBuilder text = null;
    while (true) {
      char c = at < json.length() ? json.charAt(at) : END;
      if (c == '"') {
        String rest = json.substring(start, at++);
        return text == null ? rest : text.append(rest).toString();
      }
      if (c < ' ') {
        throw new NotJson("A string does not end, or has control characters");
      }
      at++;
      if (c == '\\') {
        text = text == null ? new StringBuilder() : text;
        text.append(json, start, at - 1).append(escaped());
        start = at;
      }
    }
  }

  /** Passes over a value of any kind, and returns it as it is written. */
  String value() throws NotJson {
    next();
    int start = at;
    pass();
    return json.substring(start, at);
  }

  private void passContainer(char bracket) throws NotJson {
    boolean object = bracket == '{';
    open();
    if (depth > DEEPEST) {
      throw NotJson.beyond("JSON may be nested " + DEEPEST + " levels deep at most");
    }
    for (boolean first = true; more(first, object ? '}' : ']'); first = false) {
      if (object) {
        name();
      }
      pass();
    }
  }

  private void pass() throws NotJson {
    char c = next();
    switch (c) {
      case '{', '[' -> passContainer(c);
      case '"' -> passString();
      case 't' -> pass("true");
      case 'f' -> pass("false");
      case 'n' -> pass("null");
      default -> passNumber();
    }
  }

  private void passString() throws NotJson {
    at++;
    for (; at < json.length(); at++) {
      char c = json.charAt(at);
      if (c == '"') {
        at++;
        return;
      }
      if (c < ' ') {
        break;
      }
      if (c == '\\') {
        at++;
        escaped();
        at--; // the loop goes on
      }
    }
    throw new NotJson("A string does not end, or has control characters");
  }

  private void pass(String word) throws NotJson {
    if (!json.startsWith(word, at)) {
      throw new NotJson("There is no value where one belongs");
    }
    at += word.length();
    endOfScalar();
  }

  private void passNumber() throws NotJson {
    int start = at;
    passIf('-');
    if (!passIf('0')) {
      passDigits();
    }
    if (passIf('.')) {
      passDigits();
    }
    if (passIf('e') || passIf('E')) {
      if (!passIf('+')) {
        passIf('-');
      }
      passDigits();
    }
    if (at - start > LONGEST_NUMBER) {
      throw NotJson.beyond("A number may have " + LONGEST_NUMBER + " characters at most");
    }
    endOfScalar();
  }

  private void passDigits() throws NotJson {
    int start = at;
    while (at < json.length() && json.charAt(at) >= '0' && json.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw new NotJson("There is no value where one belongs");
    }
  }

  /** What follows a number or a word at once would be part of it. */
  private void endOfScalar() throws NotJson {
    if (at < json.length() && " \t\r\n,]}".indexOf(json.charAt(at)) < 0) {
      throw new NotJson("A value has more to it than it may");
    }
  }

  private boolean passIf(char c) {
    boolean is = at < json.length() && json.charAt(at) == c;
    at += is ? 1 : 0;
    return is;
  }

  private void take(char c) throws NotJson {
    if (next() != c) {
      throw new NotJson("There is no " + c + " where one belongs");
    }
    at++;
  }

  /** Reads what follows a backslash. */
  private char escaped() throws NotJson {
    char c = at < json.length() ? json.charAt(at++) : END;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw new NotJson("A backslash is followed by what means nothing");
    };
  }

  private char unicode() throws NotJson {
    int code = 0;
    for (int end = at + 4; at < end; at++) {
      int digit = at < json.length() ? hexadecimal(json.charAt(at)) : -1;
      if (digit < 0) {
        throw new NotJson("\\u needs four hexadecimal digits");
      }
      code = code * 16 + digit;
    }
    return (char) code;
  }

  /** Character.digit would take the digits of other scripts too. */
  private static int hexadecimal(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }
}
