package dev.clerkmcp.registry.argument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.text.Fingerprint;
import dev.clerkmcp.registry.text.NameSuggestions;
import dev.clerkmcp.registry.text.SnakeCase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The arguments of a tool, or the fields of an object among them. */
public final class ArgumentSchema {
  /** The option that names the arguments of which Clerk gets a null, so that it empties them. */
  public static final String CLEAR = "clear";

  private static final String LIMIT = "limit";

  private static final int MAX_SIMILAR = 3;

  /** Arguments that choose no rows, so that a list is no shorter without them. */
  private static final Set<String> NOT_FILTERS =
      Set.of(LIMIT, "offset", "order_by", "starting_after");

  private final Map<String, Argument> byName = new LinkedHashMap<>();

  public ArgumentSchema(List<Argument> arguments) {
    for (Argument argument : arguments) {
      if (byName.put(argument.name(), argument) != null) {
        throw new IllegalStateException("Two arguments are named " + argument.name());
      }
    }
  }

  public Collection<Argument> all() {
    return byName.values();
  }

  /** These arguments and further ones. */
  public ArgumentSchema with(List<Argument> further) {
    List<Argument> all = new ArrayList<>(byName.values());
    all.addAll(further);
    return new ArgumentSchema(all);
  }

  /** These arguments, each followed by those that change parts of its stored value. */
  public ArgumentSchema withParts() {
    List<Argument> all = new ArrayList<>();
    for (Argument argument : byName.values()) {
      all.add(argument);
      all.addAll(argument.parts());
    }
    return new ArgumentSchema(all);
  }

  public @Nullable Argument find(String name) {
    return byName.get(name);
  }

  /**
   * The JSON schema of the listed arguments. It has no unions and no references, and only
   * properties at its root, so that every host accepts it.
   */
  public ObjectNode schema() {
    return schema(false);
  }

  /** The same schema with the arguments that are rarely needed. */
  public ObjectNode fullSchema() {
    return schema(true);
  }

  private ObjectNode schema(boolean full) {
    ObjectNode schema = Json.object().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = Json.array();
    for (Argument property : byName.values()) {
      if (property.listed() || (full && !property.isOption())) {
        properties.set(property.name(), property.schema());
      }
      if (property.required()) {
        required.add(property.name());
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema;
  }

  /**
   * Converts the caller's arguments to their declared types.
   *
   * @param prefix the path of the object around them, with a dot; empty for the tool itself
   */
  public ObjectNode read(ObjectNode values, String prefix, ArgumentParseContext parsing) {
    Map<String, JsonNode> named = byDeclaredName(values, prefix, parsing);
    Set<String> cleared = cleared(named.remove(CLEAR), parsing);
    ObjectNode result = Json.object();
    List<Argument> nulls = new ArrayList<>();
    List<Argument> ignored = new ArrayList<>();
    for (Argument property : byName.values()) {
      String path = prefix + property.name();
      JsonNode value = one(property.type(), named.get(property.name()));
      if (cleared.contains(property.name())) {
        if (value != null && !value.isNull()) {
          parsing.problem(path, "is given and in clear; it can only be one of them");
        }
        result.putNull(property.name());
      } else if (value != null && isIgnored(property, value, parsing)) {
        ignored.add(property);
      } else if (value == null || value.isNull()) {
        if (property.required()) {
          parsing.problem(path, "is required: " + property.description() + orClear(property));
        } else if (value != null && property.clearable()) {
          nulls.add(property);
        }
      } else {
        JsonNode read = read(property, value, path, parsing);
        if (read != null) {
          result.set(property.name(), read);
        }
      }
    }
    if (!nulls.isEmpty()) {
      parsing.note(
          "%s: null means not given. To empty: clear: %s."
              .formatted(String.join(", ", names(nulls)), list(nulls)));
    }
    checkIgnored(ignored, result, parsing);
    return result;
  }

  /** A value in a list of its own is that value, for an argument that takes one. */
  private static @Nullable JsonNode one(ArgumentType type, @Nullable JsonNode value) {
    if (type.takesContainer() || value == null || !value.isArray() || value.size() != 1) {
      return value;
    }
    JsonNode alone = value.path(0);
    return alone.isValueNode() && !alone.isNull() ? alone : value;
  }

  private static @Nullable JsonNode read(
      Argument property, JsonNode value, String path, ArgumentParseContext parsing) {
    String problem =
        value.isTextual() && property.clearable() && !hasChoice(property, value)
            ? ArgumentCoercion.placeholderProblem(value.asText())
            : null;
    if (problem != null) {
      parsing.problem(path, problem + orClear(property));
      return null;
    }
    return property.type().read(value, path, parsing);
  }

  private static String orClear(Argument property) {
    return property.clearable() ? "; to empty it: clear: " + list(List.of(property)) : "";
  }

  private Set<String> cleared(@Nullable JsonNode given, ArgumentParseContext parsing) {
    Argument clear = byName.get(CLEAR);
    Set<String> names = new LinkedHashSet<>();
    if (clear == null || given == null || given.isNull() || (given.isArray() && given.isEmpty())) {
      return names;
    }
    JsonNode read = clear.type().read(given, CLEAR, parsing);
    if (read != null) {
      read.forEach(name -> names.add(name.asText()));
    }
    return names;
  }

  /**
   * Whether an optional argument of a call that only reads has no value: some models fill in every
   * argument that a schema lists.
   */
  private static boolean isIgnored(
      Argument property, JsonNode value, ArgumentParseContext parsing) {
    boolean optional = !property.required() && (parsing.isReading() || property.isOption());
    boolean dryRun = property.type() instanceof ArgumentType.Flag && !parsing.isReading();
    return optional && !dryRun && !hasChoice(property, value) && isPlaceholder(property, value);
  }

  private static boolean isPlaceholder(Argument property, JsonNode value) {
    if (value.isTextual()) {
      return ArgumentCoercion.placeholderProblem(value.asText().strip()) != null;
    }
    if (value.isArray()) {
      return value.valueStream().allMatch(item -> isPlaceholder(property, item));
    }
    return property.name().equals(LIMIT) && value.isNumber() && value.asInt() == 0;
  }

  private static boolean hasChoice(Argument property, JsonNode value) {
    return property.type() instanceof ArgumentType.Choice choice
        && choice.words().contains(value.asText());
  }

  /**
   * Notes what was ignored. A filter must not be ignored if no other argument is left: the call
   * would select everything.
   */
  private static void checkIgnored(
      List<Argument> ignored, ObjectNode result, ArgumentParseContext parsing) {
    boolean selects = result.propertyStream().anyMatch(own -> !NOT_FILTERS.contains(own.getKey()));
    List<Argument> filters =
        ignored.stream()
            .filter(argument -> !argument.isOption() && !NOT_FILTERS.contains(argument.name()))
            .toList();
    if (!selects) {
      filters.forEach(filter -> parsing.problem(filter.name(), ArgumentType.NO_FILTER));
    }
    if (!ignored.isEmpty()) {
      parsing.note(
          "%s: ignored, since nothing is in it.".formatted(String.join(", ", names(ignored))));
    }
  }

  /**
   * The same arguments, in which a text such as {@code Null} is the word and not an attempt to give
   * no value: a person wrote them as JSON, which has a null of its own.
   */
  public static ObjectNode meantAsWritten(ObjectNode arguments) {
    ObjectNode meant = arguments.deepCopy();
    for (Map.Entry<String, JsonNode> argument : meant.properties()) {
      if (argument.getValue().isTextual()
          && ArgumentCoercion.isNullWord(argument.getValue().asText())) {
        argument.setValue(ArgumentCoercion.quoted(argument.getValue().asText()));
      }
    }
    return meant;
  }

  /** The names of the arguments that {@link #CLEAR} may name, in order. */
  public List<String> clearableNames() {
    return names(byName.values().stream().filter(Argument::clearable).toList());
  }

  private static List<String> names(List<Argument> arguments) {
    return arguments.stream().map(Argument::name).toList();
  }

  /** As in {@code ["first_name", "username"]}. */
  private static String list(List<Argument> arguments) {
    return "[\"" + String.join("\", \"", names(arguments)) + "\"]";
  }

  /** The same arguments, with secrets replaced by their fingerprints. */
  public ObjectNode masked(ObjectNode arguments) {
    ObjectNode masked = Json.object();
    for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
      Argument property = byName.get(argument.getKey());
      if (property != null) {
        masked.set(
            argument.getKey(),
            property.secret()
                ? Fingerprint.of(argument.getValue())
                : masked(property.type(), argument.getValue()));
      }
    }
    return masked;
  }

  private static JsonNode masked(ArgumentType type, JsonNode value) {
    if (type instanceof ArgumentType.Fields fields && value instanceof ObjectNode object) {
      return fields.properties().masked(object);
    }
    if (type instanceof ArgumentType.Items items && value instanceof ArrayNode list) {
      ArrayNode masked = Json.array();
      list.forEach(item -> masked.add(masked(items.item(), item)));
      return masked;
    }
    return value;
  }

  private Map<String, JsonNode> byDeclaredName(
      ObjectNode values, String prefix, ArgumentParseContext parsing) {
    Map<String, JsonNode> named = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> argument : values.properties()) {
      String name = known(argument.getKey(), values, parsing);
      if (name == null) {
        parsing.problem(
            prefix + argument.getKey(),
            SecretKeyArgument.is(argument.getKey(), argument.getValue())
                ? SecretKeyArgument.PROBLEM
                : unknown(argument.getKey()));
      } else if (named.put(name, argument.getValue()) != null) {
        parsing.problem(prefix + name, "is given twice, as " + argument.getKey() + " too");
      } else if (!name.equals(argument.getKey())) {
        parsing.note("%s was read as %s.".formatted(prefix + argument.getKey(), prefix + name));
      }
    }
    return named;
  }

  /** The names of the required arguments, in order. */
  public List<String> requiredNames() {
    return byName.values().stream().filter(Argument::required).map(Argument::name).toList();
  }

  /**
   * Converts a value to an argument; JSON null if {@link #CLEAR} has to name the argument. Undo
   * passes values that Clerk returned, so fields that are not declared are left out.
   *
   * @return null if the argument does not exist or cannot have such a value
   */
  public @Nullable JsonNode toArgument(String name, JsonNode value) {
    Argument property = byName.get(name);
    if (property == null || property.type() instanceof ArgumentType.ImagePath) {
      return null;
    }
    if (isEmpty(value) && !hasChoice(property, value)) {
      return property.clearable() ? NullNode.getInstance() : null;
    }
    if (property.type() instanceof ArgumentType.Text
        && ArgumentCoercion.isNullWord(value.asText())) {
      return ArgumentCoercion.quoted(value.asText());
    }
    ArgumentParseContext parsing =
        new ArgumentParseContext(Instant.EPOCH, true); // Clerk returns no spans of time
    JsonNode read = property.type().read(declared(property.type(), value), name, parsing);
    return parsing.problems().isEmpty() ? read : null;
  }

  /** Whether nothing is in a value: JSON null or an empty text. */
  public static boolean isEmpty(JsonNode value) {
    return value.isNull() || (value.isTextual() && value.asText().isEmpty());
  }

  private static JsonNode declared(ArgumentType type, JsonNode value) {
    if (type instanceof ArgumentType.Fields fields && value instanceof ObjectNode object) {
      ObjectNode declared = Json.object();
      for (Argument property : fields.properties().all()) {
        JsonNode part = object.get(property.name());
        if (part != null && !part.isNull()) {
          declared.set(property.name(), declared(property.type(), part));
        }
      }
      return declared;
    }
    if (type instanceof ArgumentType.Items items && value instanceof ArrayNode list) {
      ArrayNode declared = Json.array();
      list.forEach(item -> declared.add(declared(items.item(), item)));
      return declared;
    }
    return value;
  }

  private @Nullable String known(
      String callerName, ObjectNode values, ArgumentParseContext parsing) {
    if (byName.containsKey(callerName)) {
      return callerName;
    }
    String name = SnakeCase.of(callerName);
    if (byName.containsKey(name)) {
      return name;
    }
    String meant = ArgumentWords.find(callerName, this, parsing.isReading());
    return meant == null || values.has(meant) ? null : meant;
  }

  private String unknown(String name) {
    List<String> allowed = listedNames();
    if (allowed.isEmpty()) {
      return "is not known; no arguments are allowed here";
    }
    String nearest = NameSuggestions.hint(NameSuggestions.similar(name, allowed, MAX_SIMILAR));
    return "is not known"
        + (nearest.isEmpty() ? "; allowed are " + String.join(", ", allowed) : nearest);
  }

  /** The names of the listed arguments, in order. */
  List<String> listedNames() {
    return byName.values().stream().filter(Argument::listed).map(Argument::name).toList();
  }
}
