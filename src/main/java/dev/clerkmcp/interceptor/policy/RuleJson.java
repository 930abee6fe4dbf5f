package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.interceptor.policy.Policy.InvalidPolicy;
import dev.clerkmcp.registry.text.NameSuggestions;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The JSON of a rule, in which all members are known ones.
 *
 * @param title its number, and its name if it has one
 */
record RuleJson(String title, JsonNode json) {
  private static final List<String> MEMBERS =
      List.of(
          "decision",
          "effects",
          "email_domains",
          "name",
          "organizations",
          "public_metadata",
          "risks",
          "tools");

  private static final int MAX_NAME_LENGTH = 100;

  /**
   * Checks the members of a rule.
   *
   * @param number the first rule is 1
   */
  static RuleJson of(int number, JsonNode json) throws InvalidPolicy {
    String plain = "rule " + number;
    if (!json.isObject()) {
      throw new InvalidPolicy(
          plain + " is not an object", "write {\"decision\": \"confirm\"} with conditions in it");
    }
    JsonNode name = json.path("name");
    String text = name.asText();
    if (!name.isMissingNode()
        && (!name.isTextual() || text.isBlank() || text.length() > MAX_NAME_LENGTH)) {
      throw new InvalidPolicy(
          plain + " has no usable name",
          "write a text of at most %s characters or leave name out".formatted(MAX_NAME_LENGTH));
    }
    RuleJson rule =
        new RuleJson(name.isMissingNode() ? plain : "%s (%s)".formatted(plain, text), json);
    rule.checkMembers();
    return rule;
  }

  private void checkMembers() throws InvalidPolicy {
    for (Iterator<String> members = json.fieldNames(); members.hasNext(); ) {
      String member = members.next();
      if (!MEMBERS.contains(member)) {
        throw unknown("has the unknown member ", member, NameSuggestions.of(member, MEMBERS, 1));
      }
    }
  }

  /** A member; a missing node if the rule does not have it. */
  JsonNode member(String name) {
    return json.path(name);
  }

  /** The texts in a list; empty if the rule does not have it. */
  List<String> texts(String name, String example) throws InvalidPolicy {
    List<String> texts = new ArrayList<>();
    JsonNode list = json.path(name);
    if (list.isMissingNode()) {
      return texts;
    }
    for (JsonNode text : list) {
      if (text.isTextual()) {
        texts.add(text.textValue());
      }
    }
    if (!list.isArray() || texts.size() < list.size()) {
      throw mistake(
          "has %s that are not a list of texts".formatted(name),
          "write \"%s\": [\"%s\"]".formatted(name, example));
    }
    if (texts.isEmpty()) {
      throw mistake(
          "has an empty list of " + name, "put something into it or leave %s out".formatted(name));
    }
    return texts;
  }

  InvalidPolicy unknown(String mistake, String name, List<String> nearest) {
    return new InvalidPolicy(
        title + " " + mistake + QuotedText.plain(name) + NameSuggestions.hint(nearest));
  }

  InvalidPolicy mistake(String mistake, String remedy) {
    return new InvalidPolicy(title + " " + mistake, remedy);
  }
}
