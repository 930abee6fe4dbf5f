package dev.clerkmcp.registry.argument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.text.Fingerprint;
import dev.clerkmcp.registry.text.NameSuggestions;
import dev.clerkmcp.registry.text.SnakeCase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of a tool, or the fields of an object among them. */
public final class ArgumentSchema {
  private static final int MAX_SIMILAR = 3;

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

  public @Nullable Argument find(String name) {
    return byName.get(name);
  }

  /**
   * The JSON schema. It has no unions and no references, and only properties at its root, so that
   * every host accepts it.
   */
  public ObjectNode schema() {
    ObjectNode schema = Json.object().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = Json.array();
    for (Argument property : byName.values()) {
      if (property.listed()) {
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
    ObjectNode result = Json.object();
    for (Argument property : byName.values()) {
      String path = prefix + property.name();
      JsonNode value = named.get(property.name());
      if (value == null || (value.isNull() && !property.clearable())) {
        if (property.required()) {
          parsing.problem(path, "is required: " + property.description());
        }
      } else if (value.isNull()) {
        result.set(property.name(), value);
      } else {
        JsonNode read = property.type().read(value, path, parsing);
        if (read != null) {
          result.set(property.name(), read);
        }
      }
    }
    return result;
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
      String name = known(argument.getKey());
      if (name == null) {
        parsing.problem(prefix + argument.getKey(), unknown(argument.getKey()));
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
   * Converts a value to an argument. Undo passes values that Clerk returned, so fields that are not
   * declared are left out.
   *
   * @return null if the argument does not exist or cannot have such a value
   */
  public @Nullable JsonNode toArgument(String name, JsonNode value) {
    Argument property = byName.get(name);
    if (property == null || property.type() instanceof ArgumentType.ImagePath) {
      return null;
    }
    if (value.isNull()) {
      return property.clearable() ? value : null;
    }
    ArgumentParseContext parsing =
        new ArgumentParseContext(Instant.EPOCH); // a value from Clerk is never a span of time
    JsonNode read = property.type().read(declared(property.type(), value), name, parsing);
    return parsing.problems().isEmpty() ? read : null;
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

  private @Nullable String known(String callerName) {
    if (byName.containsKey(callerName)) {
      return callerName;
    }
    String name = SnakeCase.of(callerName);
    return byName.containsKey(name) ? name : null;
  }

  private String unknown(String name) {
    List<String> allowed = listedNames();
    if (allowed.isEmpty()) {
      return "is not known; no arguments are allowed here";
    }
    return "is not known%s; allowed are %s"
        .formatted(
            NameSuggestions.hint(NameSuggestions.similar(name, allowed, MAX_SIMILAR)),
            String.join(", ", allowed));
  }

  /** The names of the listed arguments, in order. */
  List<String> listedNames() {
    return byName.values().stream().filter(Argument::listed).map(Argument::name).toList();
  }
}
