package dev.clerkmcp.registry.argument;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An argument of a tool.
 *
 * @param description the description for the model; null for none, which only an option and a part
 *     of another argument may have
 * @param clearable whether {@link ArgumentSchema#CLEAR} may name it, so that Clerk gets a null
 * @param secret whether its value is masked in answers and logs
 * @param listed whether it is in the schema that the model sees
 * @param isOption whether it is an option of the call, which is not an argument of the tool itself
 * @param storedAt the route that reads the value that Clerk would replace; empty if none is needed
 * @param partOf the argument of which it adds or removes entries; empty for an argument of its own
 */
public record Argument(
    String name,
    ArgumentType type,
    @Nullable String description,
    boolean required,
    boolean clearable,
    boolean secret,
    boolean listed,
    boolean isOption,
    String storedAt,
    String partOf) {
  private static final String ADD = "add_";
  private static final String REMOVE = "remove_";
  private static final String SET = "set_";

  /** Ends a description that is the prefix of IDs. */
  private static final String OF_PREFIX = "_...";

  /** An option that explains itself. */
  public static Argument option(String name, ArgumentType type, boolean listed) {
    return option(name, type, null, listed);
  }

  /** An option. */
  public static Argument option(
      String name, ArgumentType type, @Nullable String description, boolean listed) {
    return new Argument(name, type, description, false, false, false, listed, true, "", "");
  }

  /** The name of the argument that adds entries to this one, or sets fields of this object. */
  public String adding() {
    return (type instanceof ArgumentType.FreeObject ? SET : ADD) + name;
  }

  /** The name of the argument that removes entries, or fields by name, of this one. */
  public String removing() {
    return REMOVE + name;
  }

  /** The arguments that change parts of this one, if it says where its value is stored. */
  List<Argument> parts() {
    if (storedAt.isEmpty()) {
      return List.of();
    }
    ArgumentType texts =
        new ArgumentType.Items(
            new ArgumentType.Text(false, Long.MIN_VALUE, Long.MAX_VALUE),
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            false);
    boolean isObject = type instanceof ArgumentType.FreeObject;
    return List.of(
        part(adding(), isObject ? type : texts, "Others stay"),
        part(removing(), texts, isObject ? "By name" : null));
  }

  private Argument part(String partName, ArgumentType partType, @Nullable String text) {
    return new Argument(partName, partType, text, false, false, secret, listed, false, "", name);
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
