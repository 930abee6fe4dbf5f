package dev.clerkmcp.config;

import dev.clerkmcp.Setting;
import dev.clerkmcp.interceptor.redact.CredentialText;
import dev.clerkmcp.registry.text.NameSuggestions;
import dev.clerkmcp.registry.text.QuotedText;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Converts settings to their types: a switch, a number, a path. A flag overrides the environment
 * variable; an empty value counts as unset, since hosts pass those for settings left blank.
 *
 * <p>A mistake does not stop the reading: it is collected, and the reader gets a harmless value in
 * its place, so that {@link #check} can report all mistakes at once. Do not use any value before
 * that.
 *
 * <p>The host waits for the start, and each class that is loaded adds to the wait, so reading a
 * correct value uses no lambda, regular expression or {@code formatted}.
 */
final class Environment {
  /** The argument of a command that gives a setting which has no flag: the file of a policy. */
  private static final String ARGUMENT = "FILE";

  private final Map<String, String> variables;
  private final boolean hasFlags;
  private final Map<Setting, Given> given = new EnumMap<>(Setting.class);
  private final Set<Setting> mistaken = EnumSet.noneOf(Setting.class);
  private final List<String> mistakes;

  /**
   * The text of a setting.
   *
   * @param origin where it was set, for messages: a variable, a flag or a place in a file
   */
  private record Given(String origin, String text) {}

  Environment(Map<String, String> variables) {
    this(variables, Map.of());
  }

  /**
   * Takes the process's environment variables and the flags of its command line.
   *
   * @param flags an empty one hides the variable; a setting without a flag is a command's argument
   */
  Environment(Map<String, String> variables, Map<Setting, String> flags) {
    this.variables = variables;
    this.hasFlags = !flags.isEmpty();
    this.mistakes = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      String flag = flags.get(setting);
      if (flag != null) {
        put(setting, setting.flag() == null ? ARGUMENT : setting.flag(), flag);
      } else if (!put(setting, setting.variable(), variables.get(setting.variable()))) {
        String lowerCase = setting.lowerCaseVariable();
        if (lowerCase != null) {
          put(setting, lowerCase, variables.get(lowerCase));
        }
      }
    }
  }

  /** Copies the settings; mistakes of the copy go into the same list. */
  private Environment(Environment all) {
    this.variables = all.variables;
    this.hasFlags = all.hasFlags;
    this.mistakes = all.mistakes;
    given.putAll(all.given);
    mistaken.addAll(all.mistaken);
  }

  /**
   * The same settings with one replaced. The mistakes of both are collected together.
   *
   * @param text not blank
   * @param origin where it is set, for messages
   */
  Environment with(Setting setting, String text, String origin) {
    Environment environment = new Environment(this);
    environment.mistaken.remove(setting);
    environment.put(setting, origin, text);
    return environment;
  }

  private boolean put(Setting setting, String origin, @Nullable String value) {
    String text = value == null ? "" : value.strip();
    if (text.isEmpty()) {
      return false;
    }
    given.put(setting, new Given(origin, text));
    // Other programs read a shared variable as well, so a bad value is ignored and reported.
    if (text.contains("${") && !setting.isShared()) {
      boolean key = setting == Setting.SECRET_KEY;
      reject(
          setting,
          "the host did not replace ${...}; write the value itself"
              + (key ? ", or name a file that holds it in " + Setting.SECRET_KEY_FILE : ""));
      given.remove(setting);
    }
    return true;
  }

  /** The environment variables as they are, for names that are not settings. */
  Map<String, String> variables() {
    return variables;
  }

  /** Whether neither a flag nor a variable of this server's own is set, as for most people. */
  boolean isAllDefaults() {
    if (hasFlags) {
      return false;
    }
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      if (Setting.isOwn(variable.getKey()) && !variable.getValue().isBlank()) {
        return false;
      }
    }
    return true;
  }

  /** Whether a value was set, valid or not. */
  boolean isSet(Setting setting) {
    return given.containsKey(setting) || mistaken.contains(setting);
  }

  /**
   * Whether an invalid value was set, so that the default is used until the mistake is reported.
   */
  boolean isMistaken(Setting setting) {
    return mistaken.contains(setting);
  }

  /** Where a setting was set, for messages: its flag, its variable, or a place in a file. */
  String origin(Setting setting) {
    Given value = given.get(setting);
    return value == null ? setting.variable() : value.origin();
  }

  /** The text that was set, without the white space around it; null if there is none. */
  @Nullable String find(Setting setting) {
    Given value = given.get(setting);
    return value == null ? null : value.text();
  }

  /** The text that was set, or the default. */
  String text(Setting setting) {
    String text = find(setting);
    return text == null ? setting.defaultValue() : text;
  }

  /** Whether a switch is on. */
  boolean isOn(Setting setting) {
    return switch (text(setting).toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default -> {
        reject(setting);
        yield setting.defaultValue().equals("true");
      }
    };
  }

  /** One of the setting's words, in lower case. */
  String word(Setting setting) {
    String word = text(setting).toLowerCase(Locale.ROOT);
    if (setting.allowed().words().contains(word)) {
      return word;
    }
    reject(setting);
    return setting.defaultValue();
  }

  /** Words separated by commas or white space. */
  List<String> words(Setting setting) {
    List<String> words = new ArrayList<>();
    StringTokenizer tokens = new StringTokenizer(text(setting), ", \t\r\n\f");
    while (tokens.hasMoreTokens()) {
      words.add(tokens.nextToken());
    }
    return words;
  }

  /** A whole number in the setting's range. */
  long number(Setting setting) {
    String text = text(setting);
    Setting.Allowed allowed = setting.allowed();
    if (isNumber(text)) {
      long number = Long.parseLong(text);
      if (number >= allowed.least() && number <= allowed.most()) {
        return number;
      }
    }
    reject(setting);
    return Long.parseLong(setting.defaultValue());
  }

  /** At most 18 ASCII digits, which always fit a long; Java would accept other digits too. */
  private static boolean isNumber(String text) {
    int digits = text.startsWith("-") ? 1 : 0;
    boolean number = text.length() > digits && text.length() - digits <= 18;
    for (int i = digits; number && i < text.length(); i++) {
      number = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    return number;
  }

  Duration seconds(Setting setting) {
    return Duration.ofSeconds(number(setting));
  }

  /** An absolute path; null if none is set. A relative path starts at the working directory. */
  @Nullable Path path(Setting setting) {
    String text = find(setting);
    if (text == null) {
      return null;
    }
    try {
      return path(text);
    } catch (InvalidPathException e) {
      reject(setting, e.getReason());
      return null;
    }
  }

  /**
   * Makes a path absolute. Hosts start the server without a shell, which would replace {@code ~}.
   *
   * @throws InvalidPathException if it is not a path; the reason says what to write
   */
  static Path path(String text) {
    boolean mayHoldKey = text.contains("sk_"); // seldom true, and the patterns take time to load
    if (mayHoldKey
        && (text.strip().startsWith("sk_") || !CredentialText.masked(text).equals(text))) {
      throw new InvalidPathException(
          text, "it holds a key, not a path; a key goes into " + Setting.SECRET_KEY);
    }
    if (text.startsWith("$") || text.startsWith("%")) {
      throw new InvalidPathException(text, "variables are not replaced in it; write the full path");
    }
    boolean inHome = text.equals("~") || text.startsWith("~/") || text.startsWith("~\\");
    if (text.startsWith("~") && !inHome) {
      throw new InvalidPathException(text, "only ~/ is replaced in it; write the full path");
    }
    String absolute = inHome ? System.getProperty("user.home") + text.substring(1) : text;
    try {
      return Path.of(absolute).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new InvalidPathException(text, "that is not a path");
    }
  }

  /** Whether there were mistakes so far, so that the server will not start. */
  boolean hasMistakes() {
    return !mistakes.isEmpty();
  }

  /** Collects the mistake that a value is not allowed by its setting. */
  void reject(Setting setting) {
    mistaken.add(setting);
    String value = quoted(setting);
    mistake(
        origin(setting)
            + " must be "
            + setting.allowed().expected()
            + (value == null ? "" : ", not " + value)
            + ".");
  }

  /**
   * Collects a mistake in a value.
   *
   * @param reason what is wrong and what to do, as a sentence without its full stop
   */
  void reject(Setting setting, String reason) {
    mistaken.add(setting);
    String value = quoted(setting);
    String what = value == null ? " cannot be used: " : " is " + value + ": ";
    mistake(origin(setting) + what + reason + ".");
  }

  /** Collects a mistake as a complete sentence. */
  void mistake(String sentence) {
    if (!mistakes.contains(sentence)) { // several instances may read one variable
      mistakes.add(sentence);
    }
  }

  /**
   * The value in quotation marks, shortened; null if it may contain a secret, such as a key in the
   * wrong setting or the login of a URL. Other credentials are replaced by their fingerprints.
   */
  private @Nullable String quoted(Setting setting) {
    String text = text(setting);
    boolean key = text.contains("sk_") || setting.allowed().kind() == Setting.Kind.SECRET;
    boolean login =
        setting.allowed().kind() == Setting.Kind.URL
            && (text.contains("@") || text.contains("?") || text.contains("#"));
    return key || login ? null : QuotedText.name(CredentialText.masked(text));
  }

  /** Reports unknown names: a misspelt setting has no effect, and some settings protect data. */
  void rejectUnknown() {
    for (Map.Entry<String, String> variable : new TreeMap<>(variables).entrySet()) {
      String name = variable.getKey();
      if (Setting.isOwn(name) && !isKnown(name) && !variable.getValue().isBlank()) {
        mistake(name + " is not a setting" + NameSuggestions.hint(nearest(name)) + ".");
      }
    }
  }

  private static boolean isKnown(String name) {
    for (Setting setting : Setting.values()) {
      if (setting.variable().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static List<String> nearest(String name) {
    List<String> own = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      if (Setting.isOwn(setting.variable())) {
        own.add(setting.variable());
      }
    }
    return NameSuggestions.of(name, own, 1);
  }

  /**
   * Ends the reading.
   *
   * @throws ConfigException if there were mistakes
   */
  void check() throws ConfigException {
    if (!mistakes.isEmpty()) {
      throw new ConfigException(mistakes);
    }
  }
}
