package dev.clerkmcp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Reads the arguments of a tool that a command line gives as {@code NAME=VALUE}.
 *
 * @param arguments what is given in another way, such as JSON
 */
record NamedValues(CommandSpec command, ObjectNode arguments) {
  /**
   * The arguments with those of the command line.
   *
   * @throws ParameterException if one is not of that form, or is given in both ways
   */
  ObjectNode with(List<String> pairs) {
    Set<String> named = new HashSet<>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw wrong("%s is not of the form NAME=VALUE.".formatted(QuotedText.name(pair)));
      }
      add(pair.substring(0, equals), pair.substring(equals + 1), named);
    }
    return arguments;
  }

  /** Adds a value as text: the registry converts it to the argument's type. */
  private void add(String name, String value, Set<String> named) {
    boolean first = named.add(name);
    JsonNode known = arguments.get(name);
    if (known == null) {
      arguments.put(name, value);
    } else if (first) {
      throw wrong("%s is given twice, in --json too.".formatted(name));
    } else {
      ArrayNode list = known instanceof ArrayNode array ? array : Json.array().add(known);
      arguments.set(name, list.add(TextNode.valueOf(value)));
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
