package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The named arguments of a tool, or of an object within one. */
final class Properties {
  private final Map<String, Property> byName = new LinkedHashMap<>();

  Properties(List<Property> properties) {
    for (Property property : properties) {
      if (byName.put(property.name(), property) != null) {
        throw new IllegalStateException("Two arguments are named " + property.name());
      }
    }
  }

  Collection<Property> all() {
    return byName.values();
  }

  @Nullable Property find(String name) {
    return byName.get(name);
  }

  /**
   * An object schema that every host takes: no unions, no references, nothing at its root but
   * properties.
   */
  ObjectNode schema() {
    ObjectNode schema = Json.object().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = Json.array();
    for (Property property : byName.values()) {
      properties.set(property.name(), property.schema());
      if (property.required()) {
        required.add(property.name());
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema;
  }

  /** The arguments in their declared form; {@code prefix} is where they stand in the whole. */
  ObjectNode read(ObjectNode given, String prefix, Reading reading) {
    Map<String, JsonNode> named = named(given, prefix, reading);
    ObjectNode result = Json.object();
    for (Property property : byName.values()) {
      String path = prefix + property.name();
      JsonNode value = named.get(property.name());
      if (value == null || (value.isNull() && !property.clearable())) {
        if (property.required()) {
          reading.problem(path, "is required: " + property.description());
        }
      } else if (value.isNull()) {
        result.set(property.name(), value);
      } else {
        JsonNode read = property.type().read(value, path, reading);
        if (read != null) {
          result.set(property.name(), read);
        }
      }
    }
    return result;
  }

  private Map<String, JsonNode> named(ObjectNode given, String prefix, Reading reading) {
    Map<String, JsonNode> named = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> argument : given.properties()) {
      String name = known(argument.getKey());
      if (name == null) {
        reading.problem(prefix + argument.getKey(), unknown());
      } else if (named.put(name, argument.getValue()) != null) {
        reading.problem(prefix + name, "is given twice, as " + argument.getKey() + " too");
      } else if (!name.equals(argument.getKey())) {
        reading.note("%s was read as %s.".formatted(prefix + argument.getKey(), prefix + name));
      }
    }
    return named;
  }

  private @Nullable String known(String givenName) {
    if (byName.containsKey(givenName)) {
      return givenName;
    }
    String name = snakeCase(givenName);
    return byName.containsKey(name) ? name : null;
  }

  private String unknown() {
    return byName.isEmpty()
        ? "is not known; there are no arguments here"
        : "is not known; allowed are " + String.join(", ", byName.keySet());
  }

  static String snakeCase(String camelCase) {
    return camelCase.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
