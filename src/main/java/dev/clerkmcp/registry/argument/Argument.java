package dev.clerkmcp.registry.argument;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One named argument.
 *
 * @param description what the model is told about it; null where the name says it all
 * @param required whether it must be there
 * @param clearable whether a null is sent on
 * @param secret whether its value is shown to nobody
 * @param listed whether the model is told of it
 */
public record Argument(
    String name,
    ArgumentType type,
    @Nullable String description,
    boolean required,
    boolean clearable,
    boolean secret,
    boolean listed) {

  /** An argument that says how a call is to be made. */
  public static Argument option(String name, ArgumentType type, boolean listed) {
    return new Argument(name, type, null, false, false, false, listed);
  }

  /** Whether it says how a call is to be made, and nothing of what the tool does. */
  public boolean isOption() {
    return description == null;
  }

  ObjectNode schema() {
    ObjectNode schema = type.schema();
    return description == null
        ? schema
        : schema.put("description", clearable ? description + " or null" : description);
  }
}
