package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.text.SnakeCase;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The instances that the process serves: a single one, or several from which a call chooses by
 * name.
 *
 * @param byDefault the instance of a call that names none; null if each call must name one
 */
public record ClerkInstances(List<ClerkInstance> all, @Nullable ClerkInstance byDefault) {
  /** The argument with the name of the instance. */
  public static final String ARGUMENT = "instance";

  public ClerkInstances {
    all = List.copyOf(all);
  }

  /** A single instance on which no tool is disabled. */
  public static ClerkInstances of(ClerkClient clerk) {
    return of(new ClerkInstance("default", clerk, false, ToolFilter.allowingAll()));
  }

  /** A single instance. */
  public static ClerkInstances of(ClerkInstance only) {
    return new ClerkInstances(List.of(only), only);
  }

  /** Whether calls and answers name the instance. */
  public boolean several() {
    return all.size() > 1;
  }

  /** The names, in order. */
  public List<String> names() {
    return all.stream().map(ClerkInstance::name).toList();
  }

  /** The name in a call's arguments, in any spelling of the argument that tools accept. */
  static @Nullable String named(JsonNode arguments) {
    if (arguments.has(ARGUMENT)) {
      return arguments.get(ARGUMENT).textValue();
    }
    for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
      if (SnakeCase.of(argument.getKey()).equals(ARGUMENT)) {
        return argument.getValue().textValue();
      }
    }
    return null;
  }

  /**
   * The instance of that name; the default one if the name is null.
   *
   * @throws InvalidArgumentsException if no instance has the name, or without a name there is no
   *     default
   */
  ClerkInstance choose(@Nullable String name) {
    for (ClerkInstance instance : all) {
      if (instance.name().equals(name)) {
        return instance;
      }
    }
    if (name == null && byDefault != null) {
      return byDefault;
    }
    throw InvalidArgumentsException.of(
        ARGUMENT,
        "%s; there are %s"
            .formatted(
                name == null ? "must be given" : "is not the name of one",
                String.join(", ", names())));
  }
}
