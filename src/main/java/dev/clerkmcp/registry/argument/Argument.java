package dev.clerkmcp.registry.argument;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * An argument of a tool.
 *
 * @param description the description for the model; null for none, which only an option may have
 * @param clearable whether {@link ArgumentSchema#CLEAR} may name it, so that Clerk gets a null
 * @param secret whether its value is masked in answers and logs
 * @param listed whether it is in the schema that the model sees
 * @param isOption whether it is an option of the call, which is not an argument of the tool itself
 */
public record Argument(
    String name,
    ArgumentType type,
    @Nullable String description,
    boolean required,
    boolean clearable,
    boolean secret,
    boolean listed,
    boolean isOption) {
  /** Ends a description that is the prefix of IDs. */
  private static final String OF_PREFIX = "_...";

  /** An option that explains itself. */
  public static Argument option(String name, ArgumentType type, boolean listed) {
    return option(name, type, null, listed);
  }

  /** An option. */
  public static Argument option(
      String name, ArgumentType type, @Nullable String description, boolean listed) {
    return new Argument(name, type, description, false, false, false, listed, true);
  }

  /** The schema; a description that only repeats the name would cost tokens and say nothing. */
  ObjectNode schema() {
    ObjectNode schema = type.schema();
    return description == null || repeatsName(description)
        ? schema
        : schema.put("description", description);
  }

  /** As {@code First name} of first_name does, and {@code user_...}, an ID's prefix, of user_id. */
  private boolean repeatsName(String text) {
    return text.replace(' ', '_').equalsIgnoreCase(name)
        || (text.endsWith(OF_PREFIX)
            && name.startsWith(text.substring(0, text.length() - OF_PREFIX.length())));
  }
}
