package dev.clerkmcp.transport.jsonrpc;

/**
 * Scans a JSON text from front to back without building a tree. The parser uses it instead of a
 * JSON library, since loading one would double the wait for the first answer.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>
 */
final class JsonScanner {
  // Jackson, which parses the parameters later, has the same limits.
  private static final int MAX_DEPTH = 1000;
  private static final int MAX_NUMBER_LENGTH = 1000;
  private static final int MAX_NAME_LENGTH = 50_000;

  private static final char END = '\0';

  private final String json;
  private int at;
  private int depth;

  JsonScanner(String json) {
    this.json = json;
  }

  /** Reports a text that is not JSON or exceeds a limit; the message says what is wrong. */
  static final class MalformedJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean limit;

    MalformedJsonException(String message) {
      this(message, false);
    }

    private MalformedJsonException(String message, boolean limit) {
      super(message, null, false, false);
      this.limit = limit;
    }

    static MalformedJsonException beyond(String limit) {
      return new MalformedJsonException(limit, true);
    }

    /** Whether the text may be JSON but exceeds a limit. */
    boolean isBeyondLimit() {
      return limit;
    }
  }

  /** Skips white space and returns the next character without reading it; {@code \0} at the end. */
  char peek() {
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
    return peek() == END && at == json.length();
  }

  /** The index of the character that is read next. */
  int position() {
    return at;
  }

  /** Reads the opening bracket of an object or array. */
  void enter() {
    peek();
    at++;
    depth++;
  }

  /**
   * Moves to the next member of the object or array that was entered.
   *
   * @param first whether no member has been read yet
   * @param close the closing bracket
   * @return false if there is no further member; the closing bracket is then read
   */
  boolean moveToNext(boolean first, char close) throws MalformedJsonException {
    char c = peek();
    if (c == close) {
      at++;
      depth--;
      return false;
    }
    if (!first) {
      expect(',');
    }
    return true;
  }

  /** Reads the name of a member and moves to its value. */
  String name() throws MalformedJsonException {
    String name = string();
    if (name.length() > MAX_NAME_LENGTH) {
      throw MalformedJsonException.beyond(
          "A name may have " + MAX_NAME_LENGTH + " characters at most");
    }
    expect(':');
    peek();
    return name;
  }

  /** Reads a string and returns it unescaped. */
  String string() throws MalformedJsonException {
    expect('"');
    int start = at;
    StringBuilder text = null;
    while (true) {
      char c = at < json.length() ? json.charAt(at) : END;
      if (c == '"') {
        String rest = json.substring(start, at++);
        return text == null ? rest : text.append(rest).toString();
      }
      if (c < ' ') {
        throw new MalformedJsonException("A string does not end, or has control characters");
      }
      at++;
      if (c == '\\') {
        text = text == null ? new StringBuilder() : text;
        text.append(json, start, at - 1).append(escape());
        start = at;
      }
    }
  }

  /** Reads past a value and returns its text, unparsed. */
  String value() throws MalformedJsonException {
    peek();
    int start = at;
    skip();
    return json.substring(start, at);
  }

  private void skipContainer(char bracket) throws MalformedJsonException {
    boolean object = bracket == '{';
    enter();
    if (depth > MAX_DEPTH) {
      throw MalformedJsonException.beyond(
          "JSON may be nested " + MAX_DEPTH + " levels deep at most");
    }
    for (boolean first = true; moveToNext(first, object ? '}' : ']'); first = false) {
      if (object) {
        name();
      }
      skip();
    }
  }

  private void skip() throws MalformedJsonException {
    char c = peek();
    switch (c) {
      case '{', '[' -> skipContainer(c);
      case '"' -> skipString();
      case 't' -> skipWord("true");
      case 'f' -> skipWord("false");
      case 'n' -> skipWord("null");
      default -> skipNumber();
    }
  }

  private void skipString() throws MalformedJsonException {
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
        escape();
        at--; // the loop moves past it
      }
    }
    throw new MalformedJsonException("A string does not end, or has control characters");
  }

  private void skipWord(String word) throws MalformedJsonException {
    if (!json.startsWith(word, at)) {
      throw new MalformedJsonException("A value is missing");
    }
    at += word.length();
    endOfScalar();
  }

  private void skipNumber() throws MalformedJsonException {
    int start = at;
    skipIf('-');
    if (!skipIf('0')) {
      skipDigits();
    }
    if (skipIf('.')) {
      skipDigits();
    }
    if (skipIf('e') || skipIf('E')) {
      if (!skipIf('+')) {
        skipIf('-');
      }
      skipDigits();
    }
    if (at - start > MAX_NUMBER_LENGTH) {
      throw MalformedJsonException.beyond(
          "A number may have " + MAX_NUMBER_LENGTH + " characters at most");
    }
    endOfScalar();
  }

  private void skipDigits() throws MalformedJsonException {
    int start = at;
    while (at < json.length() && json.charAt(at) >= '0' && json.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw new MalformedJsonException("A value is missing");
    }
  }

  /** Fails if a number or word is followed by a character that cannot follow it. */
  private void endOfScalar() throws MalformedJsonException {
    if (at < json.length() && " \t\r\n,]}".indexOf(json.charAt(at)) < 0) {
      throw new MalformedJsonException("A value is followed by unexpected text");
    }
  }

  private boolean skipIf(char c) {
    boolean is = at < json.length() && json.charAt(at) == c;
    at += is ? 1 : 0;
    return is;
  }

  private void expect(char c) throws MalformedJsonException {
    if (peek() != c) {
      throw new MalformedJsonException("Expected " + c);
    }
    at++;
  }

  /** Reads the part of an escape sequence after the backslash. */
  private char escape() throws MalformedJsonException {
    char c = at < json.length() ? json.charAt(at++) : END;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw new MalformedJsonException("A backslash is followed by what means nothing");
    };
  }

  private char unicode() throws MalformedJsonException {
    int code = 0;
    for (int end = at + 4; at < end; at++) {
      int digit = at < json.length() ? hexadecimal(json.charAt(at)) : -1;
      if (digit < 0) {
        throw new MalformedJsonException("\\u needs four hexadecimal digits");
      }
      code = code * 16 + digit;
    }
    return (char) code;
  }

  /** ASCII only: Character.digit also accepts the digits of other scripts. */
  private static int hexadecimal(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }
}
