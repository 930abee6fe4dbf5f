package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Invocation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What somebody wrote for a user, and which identifiers that may be.
 *
 * @param text as Clerk has it: a phone number in E.164, an address without spaces around it
 * @param rounds the identifiers to look among; the later ones only if the earlier ones have nobody
 */
public record UserReference(String text, List<List<UserIdentifier>> rounds) {
  /** Longer than any identifier of Clerk's, and short enough for a URL. */
  private static final int LONGEST = 256;

  /** One identifier is nobody else's, but a list of more than one would tell a mistake. */
  private static final int MOST_EXACT = 10;

  /** How many who share a name are looked through for another one. */
  private static final int MOST_OF_A_NAME = 100;

  private static final Pattern BETWEEN_NAMES = Pattern.compile("[\\s,]+");
  private static final Pattern E164 = Pattern.compile("\\+[1-9]\\d{6,14}");
  private static final Pattern WRITTEN_BETWEEN_DIGITS =
      Pattern.compile("[\\s().\\u2010-\\u2015/-]");
  private static final Pattern WALLET =
      Pattern.compile("0x[0-9A-Fa-f]{40}|[1-9A-HJ-NP-Za-km-z]{32,44}");

  public UserReference {
    rounds = List.copyOf(rounds);
  }

  /** Reads what somebody wrote. */
  public static UserReference of(String written) {
    String text = written.strip();
    String number = WRITTEN_BETWEEN_DIGITS.matcher(text).replaceAll("");
    List<UserIdentifier> external = List.of(UserIdentifier.EXTERNAL_ID);
    List<UserIdentifier> names = List.of(UserIdentifier.USERNAME, UserIdentifier.EXTERNAL_ID);
    if (text.isEmpty() || text.codePointCount(0, text.length()) > LONGEST) {
      return new UserReference(text, List.of());
    }
    if (ReferenceKind.USER.isId(text)) {
      return new UserReference(text, List.of(List.of(UserIdentifier.ID)));
    }
    if (text.contains("@")) {
      return new UserReference(text, List.of(List.of(UserIdentifier.EMAIL_ADDRESS), external));
    }
    if (E164.matcher(number).matches()) {
      return new UserReference(number, List.of(List.of(UserIdentifier.PHONE_NUMBER), external));
    }
    if (WALLET.matcher(text).matches()) {
      return new UserReference(text, List.of(List.of(UserIdentifier.WEB3_WALLET), names));
    }
    return new UserReference(text, List.of(names));
  }

  /** Whether its form tells which identifier it is, so that who has it is meant. */
  public boolean isUnmistakable() {
    return rounds.isEmpty() || !rounds.get(0).contains(UserIdentifier.USERNAME);
  }

  /** Everybody of whom it is the identifier: nobody, one user, or more where it is ambiguous. */
  public List<Match> exact(UserSource users) {
    for (List<UserIdentifier> round : rounds) {
      List<Match> found = exact(round, users);
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  private List<Match> exact(List<UserIdentifier> round, UserSource users) {
    List<Supplier<List<Match>>> parts = new ArrayList<>();
    for (UserIdentifier identifier : round) {
      parts.add(Invocation.current().fork(() -> exact(identifier, users)));
    }
    Map<String, Match> byId = new LinkedHashMap<>();
    for (Supplier<List<Match>> part : parts) {
      part.get().forEach(match -> byId.putIfAbsent(match.user().path("id").asText(), match));
    }
    return List.copyOf(byId.values());
  }

  private List<Match> exact(UserIdentifier identifier, UserSource users) {
    List<Match> found = new ArrayList<>();
    for (JsonNode user : users.matching(identifier.filter(text), MOST_EXACT)) {
      if (identifier.is(user, text)) {
        found.add(new Match(user, identifier.word()));
      }
    }
    return found;
  }

  /** Who has it, or the first part of an address, somewhere in an identifier or a name. */
  public List<Match> similar(UserSource users, int limit) {
    String part = part();
    if (rounds.isEmpty() || part.isEmpty()) {
      return List.of();
    }
    List<Match> found = new ArrayList<>();
    for (JsonNode user : users.matching(similarity(), limit)) {
      found.add(new Match(user, "part of " + whereIn(user, part)));
    }
    return found.isEmpty() ? inAnyOrder(users, limit) : found;
  }

  /** Family names come first in many places, and in lists. */
  private List<Match> inAnyOrder(UserSource users, int limit) {
    List<String> words =
        BETWEEN_NAMES
            .splitAsStream(text.toLowerCase(Locale.ROOT))
            .filter(word -> !word.isEmpty())
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
    if (words.size() < 2 || text.contains("@")) {
      return List.of();
    }
    List<Match> found = new ArrayList<>();
    ObjectNode longest = Json.object().put("query", words.get(0));
    for (JsonNode user : users.matching(longest, MOST_OF_A_NAME)) {
      String name = Person.name(user).toLowerCase(Locale.ROOT);
      if (found.size() < limit && words.stream().allMatch(name::contains)) {
        found.add(new Match(user, "words of name"));
      }
    }
    return found;
  }

  /** The filter for such users. */
  public ObjectNode similarity() {
    return Json.object().put("query", part());
  }

  /** People mistake the domain of an address rather than what stands before it. */
  private String part() {
    return text.contains("@") ? text.substring(0, text.indexOf('@')).strip() : text;
  }

  private static String whereIn(JsonNode user, String part) {
    if (Person.name(user).toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT))) {
      return "name";
    }
    for (UserIdentifier identifier : UserIdentifier.values()) {
      if (identifier.contains(user, part)) {
        return identifier.word();
      }
    }
    return "name or identifier";
  }

  /**
   * A user who may be meant.
   *
   * @param user as Clerk answers one
   * @param matched which identifier it was
   */
  public record Match(JsonNode user, String matched) {}
}
