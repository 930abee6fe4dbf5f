package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.interceptor.policy.Policy.InvalidPolicy;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.OperationFacts.Risk;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolFilter.ToolNames;
import dev.clerkmcp.registry.ToolIndexEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses the JSON of a policy into rules. Each mistake is an error, since a rule with a mistake
 * would silently not apply.
 */
final class RuleReader {
  private static final String RULES = "rules";

  private static final String EXAMPLE =
      "write {\"rules\": [{\"decision\": \"confirm\", \"effects\": [\"destroy\"]}]}";

  private static final Pattern WORD = Pattern.compile("\\S+");
  private static final Pattern PATH = Pattern.compile("[^.]+(\\.[^.]+)*");

  private final ToolNames names;
  private final Set<String> discovery = new HashSet<>();

  /** Prepares to read rules, whose tool names are checked against this catalogue. */
  RuleReader(Collection<ToolIndexEntry> catalog) {
    names = new ToolNames(catalog);
    for (ToolIndexEntry tool : catalog) {
      if (tool.group().equals(ToolFilter.DISCOVERY)) {
        discovery.add(tool.name());
      }
    }
  }

  List<Rule> rules(JsonNode policy) throws InvalidPolicy {
    if (!policy.isObject() || !policy.path(RULES).isArray()) {
      throw new InvalidPolicy("JSON is not an object with a list of rules", EXAMPLE);
    }
    for (Iterator<String> members = policy.fieldNames(); members.hasNext(); ) {
      String member = members.next();
      if (!member.equals(RULES)) {
        throw new InvalidPolicy("JSON has the unknown member " + member, "keep only rules");
      }
    }
    if (policy.path(RULES).isEmpty()) {
      throw new InvalidPolicy("list of rules is empty", EXAMPLE);
    }
    List<Rule> rules = new ArrayList<>();
    for (JsonNode rule : policy.path(RULES)) {
      rules.add(rule(rules.size() + 1, rule));
    }
    return rules;
  }

  private Rule rule(int number, JsonNode json) throws InvalidPolicy {
    RuleJson rule = RuleJson.of(number, json);
    Rule.Action action = action(rule);
    return new Rule(
        rule.title(),
        action,
        tools(rule),
        effects(rule, action),
        risks(rule, action),
        new TargetConditions(organizations(rule), emailDomains(rule), publicMetadata(rule)));
  }

  private static Rule.Action action(RuleJson rule) throws InvalidPolicy {
    JsonNode decision = rule.member("decision");
    for (Rule.Action known : Rule.Action.values()) {
      if (known.word().equals(decision.textValue())) {
        return known;
      }
    }
    String mistake =
        decision.isMissingNode()
            ? "has no decision"
            : decision.isTextual()
                ? "has the unknown decision " + decision.textValue()
                : "has a decision that is not a text";
    throw rule.mistake(mistake, "write allow, confirm, deny or proceed");
  }

  private Set<String> tools(RuleJson rule) throws InvalidPolicy {
    Set<String> tools = new TreeSet<>();
    for (String pattern : rule.texts("tools", "clerk_user_*")) {
      Set<String> matched = names.matching(pattern);
      if (matched.isEmpty()) {
        throw rule.unknown("names the unknown tool ", pattern, names.nearest(pattern));
      }
      matched.removeAll(discovery);
      if (matched.isEmpty()) {
        throw rule.mistake(
            "names %s, which only finds or runs other tools".formatted(pattern), "name those");
      }
      tools.addAll(matched);
    }
    return tools;
  }

  private static Set<Effect> effects(RuleJson rule, Rule.Action action) throws InvalidPolicy {
    Set<Effect> effects = EnumSet.noneOf(Effect.class);
    for (String name : rule.texts("effects", "destroy")) {
      Effect effect = find(name);
      if (effect == null) {
        throw rule.mistake(
            "has the unknown effect " + name,
            "write read, reveal, create, update, destroy, irreversible or irreversible_each_time");
      }
      boolean asked = !effect.readOnly() && !effect.irreversible();
      if (action == Rule.Action.PROCEED && !asked) {
        throw rule.mistake(
            "has the decision proceed for the effect " + name,
            "leave the effect out: no question about it can be lifted");
      }
      effects.add(effect);
      if (effect == Effect.IRREVERSIBLE) {
        effects.add(Effect.IRREVERSIBLE_EACH_TIME);
      }
      // Reading a credential is more than reading, so a rule against reading is one against it too.
      if (effect == Effect.READ && action != Rule.Action.ALLOW) {
        effects.add(Effect.REVEAL);
      }
    }
    return effects;
  }

  private static Set<Risk> risks(RuleJson rule, Rule.Action action) throws InvalidPolicy {
    Set<Risk> risks = EnumSet.noneOf(Risk.class);
    for (String name : rule.texts("risks", "privilege")) {
      risks.add(
          Arrays.stream(Risk.values())
              .filter(risk -> risk.word().equals(name))
              .findFirst()
              .orElseThrow(
                  () -> rule.mistake("has the unknown risk " + name, "write " + allRisks())));
    }
    if (action == Rule.Action.PROCEED && risks.isEmpty()) {
      throw rule.mistake(
          "has the decision proceed without risks",
          "write \"risks\": [\"privilege\"], the risks about which no question is asked");
    }
    return risks;
  }

  /** The risks' words: {@code credential, ..., money or instance}. */
  private static String allRisks() {
    List<String> words = Arrays.stream(Risk.values()).map(Risk::word).toList();
    int last = words.size() - 1;
    return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }

  private static @Nullable Effect find(String name) {
    for (Effect effect : Effect.values()) {
      if (effect.word().equals(name)) {
        return effect;
      }
    }
    return null;
  }

  private static Set<String> organizations(RuleJson rule) throws InvalidPolicy {
    Set<String> organizations = new TreeSet<>();
    for (String organization : rule.texts("organizations", "org_123")) {
      if (!WORD.matcher(organization).matches()) {
        throw rule.mistake(
            "has an organization that is blank or has white space in it", "write its ID or slug");
      }
      organizations.add(organization);
    }
    return organizations;
  }

  private static List<EmailDomain> emailDomains(RuleJson rule) throws InvalidPolicy {
    List<EmailDomain> domains = new ArrayList<>();
    for (String text : rule.texts("email_domains", "example.com")) {
      EmailDomain domain = EmailDomain.find(text);
      if (domain == null) {
        throw rule.mistake(
            "has an invalid email domain: " + text,
            "write example.com, or *.example.com for its subdomains");
      }
      domains.add(domain);
    }
    return domains;
  }

  private static Map<String, JsonNode> publicMetadata(RuleJson rule) throws InvalidPolicy {
    Map<String, JsonNode> values = new TreeMap<>();
    JsonNode metadata = rule.member("public_metadata");
    if (metadata.isMissingNode()) {
      return values;
    }
    if (!metadata.isObject()) {
      throw rule.mistake(
          "has public_metadata that is not an object",
          "write \"public_metadata\": {\"role\": \"owner\"}");
    }
    addValues(rule, "", metadata, values);
    return values;
  }

  /** Adds the values in an object by their paths, each with a prefix. */
  private static void addValues(
      RuleJson rule, String prefix, JsonNode object, Map<String, JsonNode> values)
      throws InvalidPolicy {
    if (object.isEmpty()) {
      throw rule.mistake(
          "has an empty object in public_metadata", "name at least one value or leave it out");
    }
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      String path = prefix + member.getKey();
      JsonNode value = member.getValue();
      if (!PATH.matcher(member.getKey()).matches()) {
        throw rule.mistake(
            "has a name in public_metadata that is empty, or has a dot too many",
            "write a path such as billing.plan");
      }
      if (value.isObject()) {
        addValues(rule, path + ".", value, values);
      } else if (!value.isTextual() && !value.isNumber() && !value.isBoolean()) {
        throw rule.mistake(
            "has no usable value for %s in public_metadata".formatted(path),
            "write a text, a number, true or false");
      } else if (values.put(path, value) != null) {
        throw rule.mistake("has %s in public_metadata twice".formatted(path), "keep one");
      }
    }
  }
}
