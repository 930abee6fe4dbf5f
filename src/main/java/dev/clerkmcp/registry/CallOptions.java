package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.argument.Argument;
import dev.clerkmcp.registry.argument.ArgumentType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arguments that are not the tool's own: they say how a call is to be made.
 *
 * @param dryRun whether only to show what would be done
 * @param confirmation the code that a plan was answered with
 * @param includePrivate whether private metadata is wanted
 * @param fields the fields that are wanted instead of those that are shown unasked; empty for these
 * @param all whether all pages of a list are wanted
 * @param export the file that the rows of a list are to be written to, or null
 */
public record CallOptions(
    boolean dryRun,
    @Nullable String confirmation,
    boolean includePrivate,
    List<String> fields,
    boolean all,
    @Nullable String export) {
  /** The option that asks for all pages. */
  public static final String ALL = "all";

  /** The option that names a file. */
  public static final String EXPORT = "export";

  private static final String DRY_RUN = "dry_run";
  private static final String CONFIRMATION = "confirmation";
  private static final String INCLUDE_PRIVATE = "include_private";
  private static final String FIELDS = "fields";

  /** At most as many as the largest of Clerk's objects has. */
  private static final ArgumentType WORDS =
      new ArgumentType.Items(new ArgumentType.Text(false, 1, 200), Long.MIN_VALUE, 100, true);

  public CallOptions {
    fields = List.copyOf(fields);
  }

  /**
   * Reads them from checked arguments, and takes them out of these.
   *
   * @param listing whether the tool answers a list; any other may have an export of its own
   */
  static CallOptions take(ObjectNode arguments, boolean listing) {
    CallOptions options =
        new CallOptions(
            arguments.path(DRY_RUN).asBoolean(),
            arguments.path(CONFIRMATION).textValue(),
            arguments.path(INCLUDE_PRIVATE).asBoolean(),
            words(arguments.path(FIELDS)),
            arguments.path(ALL).asBoolean(),
            listing ? arguments.path(EXPORT).textValue() : null);
    arguments.remove(
        List.of(DRY_RUN, CONFIRMATION, INCLUDE_PRIVATE, FIELDS, ALL, ClerkInstances.ARGUMENT));
    if (listing) {
      arguments.remove(EXPORT);
    }
    return options;
  }

  /** Hands them on to the tool that another one runs, where that was told nothing else. */
  public void addTo(ObjectNode arguments) {
    if (dryRun) {
      arguments.put(DRY_RUN, true);
    }
    if (confirmation != null && !arguments.has(CONFIRMATION)) {
      arguments.put(CONFIRMATION, confirmation);
    }
    if (includePrivate) {
      arguments.put(INCLUDE_PRIVATE, true);
    }
    if (!fields.isEmpty() && !arguments.has(FIELDS)) {
      fields.forEach(arguments.putArray(FIELDS)::add);
    }
  }

  private static List<String> words(JsonNode list) {
    List<String> words = new ArrayList<>();
    list.forEach(word -> words.add(word.asText()));
    return words;
  }

  /**
   * Those that a tool takes. Their names say it all, and the server's instructions the rest, so
   * that a model does not pay for a description with each tool; what few need is not even listed.
   */
  static List<Argument> of(Effect effect, boolean listing) {
    ArgumentType text = new ArgumentType.Text(false, Long.MIN_VALUE, Long.MAX_VALUE);
    List<Argument> options = new ArrayList<>();
    if (!effect.readOnly()) {
      options.add(Argument.option(DRY_RUN, new ArgumentType.Flag(), true));
      options.add(Argument.option(CONFIRMATION, text, effect.destructive()));
    }
    options.add(Argument.option(INCLUDE_PRIVATE, new ArgumentType.Flag(), false));
    options.add(Argument.option(FIELDS, WORDS, effect.readOnly()));
    if (listing) {
      options.add(Argument.option(ALL, new ArgumentType.Flag(), true));
      options.add(Argument.option(EXPORT, text, true));
    }
    options.add(Argument.option(ClerkInstances.ARGUMENT, text, false));
    return options;
  }
}
