package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.Pages;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Finds the users that a text refers to: an ID, an email address, a phone number, or any other
 * identifier or name that a person wrote.
 *
 * @param text as Clerk spells it: a phone number in E.164, nothing with blanks around it
 * @param rounds the identifiers to search; a later round only runs if the earlier ones find no user
 *     that the text names
 */
public record UserReference(String text, List<List<Identifier>> rounds) {
  /** Longer than any identifier of Clerk's, and short enough for a URL. */
  private static final int MAX_LENGTH = 256;

  /** The most users with one word in their names that are searched for the other words. */
  private static final int MAX_SAME_NAME = 100;

  /** What matched if the text is the whole name. */
  private static final String NAME = "name";

  private static final Pattern BETWEEN_NAMES = Pattern.compile("[\\s,]+");
  private static final Pattern E164 = Pattern.compile("\\+[1-9]\\d{6,14}");
  private static final Pattern WRITTEN_BETWEEN_DIGITS =
      Pattern.compile("[\\s().\\u2010-\\u2015/-]");
  private static final Pattern WALLET =
      Pattern.compile("0x[0-9A-Fa-f]{40}|[1-9A-HJ-NP-Za-km-z]{32,44}");

  public UserReference {
    rounds = List.copyOf(rounds);
  }

  /** Reads users, as Clerk lists them. */
  @FunctionalInterface
  public interface Source {
    /** The first users, as an array, that Clerk lists for a filter of {@code GET /users}. */
    JsonNode matching(ObjectNode filter, int limit);
  }

  /**
   * A user that the text may refer to.
   *
   * @param matched the identifier that matched, or a phrase that says what did
   * @param unverified whether the identifier is not proven to be the user's, see {@link
   *     ClerkUser#isProven}
   */
  public record Match(ClerkUser user, String matched, boolean unverified) {
    /** Of two matches of the same user, the first that is not unverified. */
    private static Match better(Match one, Match other) {
      return one.unverified ? other : one;
    }

    /** Adds to a form of the user what matched. */
    public ObjectNode addTo(ObjectNode form) {
      form.put("matched", matched);
      return unverified ? form.put("unverified", true) : form;
    }
  }

  /** Reads what a person wrote. */
  public static UserReference of(String written) {
    String text = written.strip();
    String number = WRITTEN_BETWEEN_DIGITS.matcher(text).replaceAll("");
    List<Identifier> external = List.of(Identifier.EXTERNAL_ID);
    List<Identifier> names = List.of(Identifier.USERNAME, Identifier.EXTERNAL_ID);
    if (text.isEmpty() || text.codePointCount(0, text.length()) > MAX_LENGTH) {
      return new UserReference(text, List.of());
    }
    if (ReferenceKind.USER.needsNoLookup(text)) {
      return new UserReference(text, List.of(List.of(Identifier.ID)));
    }
    if (isWrittenLikeAddress(text)) {
      return new UserReference(text, List.of(List.of(Identifier.EMAIL_ADDRESS), external));
    }
    if (E164.matcher(number).matches()) {
      return new UserReference(number, List.of(List.of(Identifier.PHONE_NUMBER), external));
    }
    if (WALLET.matcher(text).matches()) {
      return new UserReference(text, List.of(List.of(Identifier.WEB3_WALLET), names));
    }
    return new UserReference(text, List.of(names));
  }

  /** Whether the text looks like an address, well written or not. No username has an at sign. */
  private static boolean isWrittenLikeAddress(String text) {
    return text.contains("@");
  }

  /** Whether the text is probably an email address, well written or not. */
  public boolean isAddress() {
    return isWrittenLikeAddress(text);
  }

  /**
   * Whether the form of the text identifies the kind of identifier, so that an exact match is the
   * user.
   */
  public boolean isUnmistakable() {
    return rounds.isEmpty() || !rounds.get(0).contains(Identifier.USERNAME);
  }

  /**
   * All users who have the text as an identifier, first those that it names: more than one of these
   * if it is ambiguous.
   */
  public List<Match> exact(Source users) {
    Map<String, Match> byId = new LinkedHashMap<>();
    for (List<Identifier> round : rounds) {
      if (!byId.isEmpty() && round.contains(Identifier.USERNAME)) {
        break; // users choose their usernames, which may look like another user's wallet
      }
      exact(round, users).forEach(match -> byId.merge(match.user().id(), match, Match::better));
      if (byId.values().stream().anyMatch(match -> !match.unverified())) {
        break;
      }
    }
    return byId.values().stream().sorted(Comparator.comparing(Match::unverified)).toList();
  }

  private List<Match> exact(List<Identifier> round, Source users) {
    List<Supplier<List<Match>>> parts = new ArrayList<>();
    for (Identifier identifier : round) {
      parts.add(Invocation.current().fork(() -> exact(identifier, users)));
    }
    return parts.stream().flatMap(part -> part.get().stream()).toList();
  }

  /** Any number of users can have added an address that they have not verified. */
  private List<Match> exact(Identifier identifier, Source users) {
    List<Match> found = new ArrayList<>();
    for (JsonNode row : users.matching(filter(identifier), Pages.LARGEST)) {
      ClerkUser user = new ClerkUser(row);
      if (user.has(identifier, text)) { // the syntax of a filter may let others through
        found.add(new Match(user, identifier.field(), !user.isNamedBy(identifier, text)));
      }
    }
    return found;
  }

  /**
   * The filter for an identifier. In two filters, a leading minus would exclude the user, so a plus
   * is put before it.
   */
  private ObjectNode filter(Identifier identifier) {
    String name = identifier == Identifier.ID ? "user_id" : identifier.field();
    boolean signed = identifier == Identifier.ID || identifier == Identifier.EXTERNAL_ID;
    ObjectNode filter = Json.object();
    filter.putArray(name).add(signed ? "+" + text : text);
    return filter;
  }

  /**
   * The users who have the text, or the local part of an address, in an identifier or a name; first
   * those whose whole name it is.
   */
  public List<Match> similar(Source users, int limit) {
    String part = part();
    if (rounds.isEmpty() || part.isEmpty()) {
      return List.of();
    }
    List<Match> found = new ArrayList<>();
    for (JsonNode row : users.matching(similarity(), limit)) {
      ClerkUser user = new ClerkUser(row);
      found.add(
          isNameOf(user)
              ? new Match(user, NAME, false)
              : partial(user, part, isAddress() ? "part before @ in " : "part of "));
    }
    return wholeFirst(found.isEmpty() ? inAnyOrder(users) : found).stream().limit(limit).toList();
  }

  private static List<Match> wholeFirst(List<Match> matches) {
    return matches.stream()
        .sorted(Comparator.comparing(match -> !match.matched().equals(NAME)))
        .toList();
  }

  /**
   * The users whose names have all words in any order: in many countries, and in lists, the family
   * name comes first.
   */
  private List<Match> inAnyOrder(Source users) {
    List<String> words = words(text);
    if (words.size() < 2 || isAddress()) {
      return List.of();
    }
    List<Match> found = new ArrayList<>();
    ObjectNode longest = Json.object().put("query", words.get(0));
    for (JsonNode row : users.matching(longest, MAX_SAME_NAME)) {
      ClerkUser user = new ClerkUser(row);
      String name = user.name().toLowerCase(Locale.ROOT);
      if (words.stream().allMatch(name::contains)) {
        found.add(new Match(user, isNameOf(user) ? NAME : "words of name", false));
      }
    }
    return found;
  }

  /** Whether the text is the whole name of a user, in any order of its words. */
  private boolean isNameOf(ClerkUser user) {
    List<String> words = words(text);
    return !words.isEmpty() && words.equals(words(user.name()));
  }

  /** The words of a name in lower case, the longest first, and in order of the alphabet. */
  private static List<String> words(String name) {
    return BETWEEN_NAMES
        .splitAsStream(name.toLowerCase(Locale.ROOT))
        .filter(word -> !word.isEmpty())
        .sorted(Comparator.comparingInt(String::length).reversed().thenComparing(word -> word))
        .toList();
  }

  /** The filter for the users of {@link #similar}. */
  public ObjectNode similarity() {
    return Json.object().put("query", part());
  }

  /**
   * The part of the text to search. Of an address, that is the local part: people more often
   * mistake the domain.
   */
  private String part() {
    return isAddress() ? text.substring(0, text.indexOf('@')).strip() : text;
  }

  private static Match partial(ClerkUser user, String part, String matched) {
    if (hasPart(List.of(user.name()), part)) {
      return new Match(user, matched + NAME, false);
    }
    for (Identifier identifier : Identifier.values()) {
      if (hasPart(user.values(identifier), part)) {
        boolean unverified = !hasPart(user.provenValues(identifier), part);
        return new Match(user, matched + identifier.field(), unverified);
      }
    }
    return new Match(user, matched + "name or identifier", false);
  }

  /** Whether any of the values contains the part, ignoring case. */
  private static boolean hasPart(List<String> values, String part) {
    String wanted = part.toLowerCase(Locale.ROOT);
    return values.stream().anyMatch(value -> value.toLowerCase(Locale.ROOT).contains(wanted));
  }
}
