package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.ExampleArguments;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.argument.Argument;
import dev.clerkmcp.registry.argument.ArgumentType;
import java.util.function.Supplier;

/** Creates a value for every secret argument of a tool, also for nested ones. */
public final class SecretExamples {
  private SecretExamples() {}

  /** The arguments that are secret or hold a secret. */
  public static ObjectNode of(ToolDefinition tool, Supplier<String> secrets) {
    ObjectNode all = ExampleArguments.all(tool.arguments().schema());
    ObjectNode examples = Json.object();
    for (Argument property : tool.arguments().all()) {
      if (holdsSecret(property)) {
        examples.set(property.name(), value(property, all.path(property.name()), secrets));
      }
    }
    return examples;
  }

  private static boolean holdsSecret(Argument property) {
    return property.secret() || holdsSecret(property.type());
  }

  private static boolean holdsSecret(ArgumentType type) {
    if (type instanceof ArgumentType.Items items) {
      return holdsSecret(items.item());
    }
    return type instanceof ArgumentType.Fields fields
        && fields.properties().all().stream().anyMatch(SecretExamples::holdsSecret);
  }

  private static JsonNode value(Argument property, JsonNode example, Supplier<String> secrets) {
    return property.secret()
        ? secret(property.type(), secrets)
        : value(property.type(), example, secrets);
  }

  private static JsonNode value(ArgumentType type, JsonNode example, Supplier<String> secrets) {
    if (type instanceof ArgumentType.Items items) {
      ArrayNode list = Json.array();
      example.forEach(item -> list.add(value(items.item(), item, secrets)));
      return list;
    }
    if (type instanceof ArgumentType.Fields fields) {
      ObjectNode object = Json.object();
      for (Argument property : fields.properties().all()) {
        object.set(property.name(), value(property, example.path(property.name()), secrets));
      }
      return object;
    }
    return example;
  }

  private static JsonNode secret(ArgumentType type, Supplier<String> secrets) {
    if (type instanceof ArgumentType.Items) {
      return Json.array().add(secrets.get()).add(secrets.get());
    }
    if (type instanceof ArgumentType.FreeObject) {
      ObjectNode object = Json.object();
      object.putArray("cookie").add(secrets.get());
      return object;
    }
    return TextNode.valueOf(secrets.get());
  }
}
