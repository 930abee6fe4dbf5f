package dev.clerkmcp.interceptor.limit;

import dev.clerkmcp.Setting;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much may be done in an hour without a person's approval.
 *
 * @param most what is not in it has no limit
 */
public record Limits(Map<Kind, Integer> most) {
  private static final Limits NONE = new Limits(Map.of());
  private static final String NO_LIMIT = "none";

  public Limits {
    most = Map.copyOf(most);
  }

  /** What is counted. */
  public enum Kind {
    /** Emails and text messages to people, one for each person. */
    EMAILS("send", "email or text message", "emails or text messages"),
    /** Users and other objects that are created or changed in any way. */
    CHANGED("change", "user or other object", "users or other objects"),
    /** Users and other objects that are deleted, revoked or banned. */
    REMOVED("remove", "user or other object", "users or other objects"),
    /** Credentials, rights and other ways in that are given; a removal gives none. */
    GRANTED("grant", "credential, right or way in", "credentials, rights or ways in");

    private final String verb;
    private final String thing;
    private final String things;

    Kind(String verb, String thing, String things) {
      this.verb = verb;
      this.thing = thing;
      this.things = things;
    }

    /** Its word in the setting. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** What is done: {@code send 12 emails or text messages}. */
    String text(int count) {
      return verb + " " + count + " " + (count == 1 ? thing : things);
    }
  }

  /** No limits. */
  public static Limits none() {
    return NONE;
  }

  /** Whether nothing is limited. */
  public boolean isEmpty() {
    return most.isEmpty();
  }

  /**
   * Parses {@code emails=200,removed=none}; what it does not name has its default. {@code none}
   * lifts all limits.
   *
   * @return null if the text is not of that form
   */
  public static @Nullable Limits parse(String text) {
    if (text.equalsIgnoreCase(NO_LIMIT)) {
      return NONE;
    }
    Map<Kind, Integer> most = new EnumMap<>(Kind.class);
    boolean valid =
        read(Setting.LIMITS.defaultValue(), most) && read(text.toLowerCase(Locale.ROOT), most);
    return valid ? new Limits(most) : null;
  }

  /** The text of the setting with one limit raised and all others as they are. */
  String raised(Kind raised, int to) {
    List<String> pairs = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      Integer limit = kind == raised ? Integer.valueOf(to) : most.get(kind);
      pairs.add(kind.word() + "=" + (limit == null ? NO_LIMIT : limit));
    }
    return String.join(",", pairs);
  }

  /** Reads without a regular expression or lambda: the start of the server waits for it. */
  private static boolean read(String text, Map<Kind, Integer> most) {
    for (String pair : text.split(",", -1)) {
      String[] parts = pair.split("=", -1);
      Kind kind = kind(parts[0].strip());
      String value = parts.length == 2 ? parts[1].strip() : "";
      if (kind == null) {
        return false;
      }
      if (value.equals(NO_LIMIT)) {
        most.remove(kind);
      } else if (isNumber(value)) {
        most.put(kind, Integer.parseInt(value));
      } else {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Kind kind(String word) {
    for (Kind kind : Kind.values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    return null;
  }

  /** At most nine ASCII digits, which fit an int. */
  private static boolean isNumber(String text) {
    boolean number = !text.isEmpty() && text.length() <= 9;
    for (int i = 0; number && i < text.length(); i++) {
      number = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    return number;
  }
}
