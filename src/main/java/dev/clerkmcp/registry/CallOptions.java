package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.argument.Argument;
import dev.clerkmcp.registry.argument.ArgumentSchema;
import dev.clerkmcp.registry.argument.ArgumentType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a call: arguments that every tool takes besides its own.
 *
 * @param dryRun whether to answer with a plan instead of making changes
 * @param confirmation the code that confirms a plan, or null
 * @param includePrivate whether the answer has private metadata
 * @param fields the fields to show; if empty, the default fields
 * @param all whether to read all pages of a list
 * @param export the name of the file to write the rows of a list to, or null
 * @param where the conditions that the rows of a list must meet, as the caller wrote them; or null
 * @param count whether to count the rows of a list instead of returning them
 * @param by what to count the rows of a list by; if empty, they are not counted in groups
 */
public record CallOptions(
    boolean dryRun,
    @Nullable String confirmation,
    boolean includePrivate,
    List<String> fields,
    boolean all,
    @Nullable String export,
    @Nullable JsonNode where,
    boolean count,
    List<String> by) {
  /** The name of the argument for the fields to show. */
  public static final String FIELDS = "fields";

  /** The name of the argument for all pages. */
  public static final String ALL = "all";

  /** The name of the argument for a file. */
  public static final String EXPORT = "export";

  /** The name of the argument for conditions. */
  public static final String WHERE = "where";

  /** The name of the argument for counts by group. */
  public static final String BY = "by";

  private static final String COUNT = "count";
  private static final String DRY_RUN = "dry_run";
  static final String CONFIRMATION = "confirmation";
  private static final String INCLUDE_PRIVATE = "include_private";

  private static final String GROUPS = "E.g. month(created_at)";

  /** At most 100 fields, the number that the largest of Clerk's objects has. */
  private static final ArgumentType WORDS =
      new ArgumentType.Items(new ArgumentType.Text(false, 1, 200), Long.MIN_VALUE, 100, true);

  public CallOptions {
    fields = List.copyOf(fields);
    by = List.copyOf(by);
  }

  /** Whether the call selects or counts rows of a list by what Clerk has no filter for. */
  public boolean selects() {
    return where != null || counts();
  }

  /** Whether the call reads page after page by itself, so that a page does not bound its rows. */
  boolean readsPages() {
    return all || export != null || selects();
  }

  /** Whether the call asks for numbers instead of rows. */
  public boolean counts() {
    return count || !by.isEmpty();
  }

  /**
   * Reads the options from parsed arguments, and removes them there.
   *
   * @param listing whether the tool returns a list; other tools may have their own export argument
   */
  static CallOptions take(ObjectNode arguments, boolean listing) {
    CallOptions options =
        new CallOptions(
            arguments.path(DRY_RUN).asBoolean(),
            arguments.path(CONFIRMATION).textValue(),
            arguments.path(INCLUDE_PRIVATE).asBoolean(),
            words(arguments.path(FIELDS)),
            arguments.path(ALL).asBoolean(),
            listing ? arguments.path(EXPORT).textValue() : null,
            listing ? arguments.get(WHERE) : null,
            listing && arguments.path(COUNT).asBoolean(),
            listing ? words(arguments.path(BY)) : List.of());
    arguments.remove(
        List.of(DRY_RUN, CONFIRMATION, INCLUDE_PRIVATE, FIELDS, ALL, ClerkInstances.ARGUMENT));
    if (listing) {
      arguments.remove(List.of(EXPORT, WHERE, COUNT, BY));
    }
    return options;
  }

  /**
   * Adds the options to the arguments of a tool that a discovery tool runs; options among those
   * arguments take precedence.
   */
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

  /** The options that concern the answer alone. */
  public CallOptions ofAnswer() {
    return new CallOptions(
        false, null, includePrivate, fields, false, null, null, false, List.of());
  }

  private static List<String> words(JsonNode list) {
    List<String> words = new ArrayList<>();
    list.forEach(word -> words.add(word.asText()));
    return words;
  }

  /**
   * The options that a tool takes. They have no descriptions, which would cost tokens for each
   * tool; the server's instructions explain them. Options that are rarely needed are not listed.
   * {@link ArgumentSchema} reads {@code clear} itself.
   *
   * @param where what to write in {@code where}, for a list that lists it
   * @param clearable the arguments of the tool that can be emptied
   */
  static List<Argument> of(
      Effect effect, boolean confirmable, boolean listing, String where, List<String> clearable) {
    ArgumentType text = new ArgumentType.Text(false, Long.MIN_VALUE, Long.MAX_VALUE);
    List<Argument> options = new ArrayList<>();
    if (!effect.readOnly()) {
      options.add(Argument.option(DRY_RUN, new ArgumentType.Flag(), true));
      options.add(Argument.option(CONFIRMATION, text, confirmable));
    }
    if (!clearable.isEmpty()) {
      ArgumentType names =
          new ArgumentType.Items(
              new ArgumentType.Choice(clearable), Long.MIN_VALUE, Long.MAX_VALUE, true);
      options.add(Argument.option(ArgumentSchema.CLEAR, names, true));
    }
    options.add(Argument.option(INCLUDE_PRIVATE, new ArgumentType.Flag(), false));
    options.add(Argument.option(FIELDS, WORDS, effect.readOnly()));
    if (listing) {
      options.add(Argument.option(ALL, new ArgumentType.Flag(), true));
      options.add(Argument.option(EXPORT, text, true));
      boolean listed = !where.isEmpty();
      ArgumentType conditions = new ArgumentType.Conditions();
      options.add(Argument.option(WHERE, conditions, listed ? where : null, listed));
      options.add(Argument.option(COUNT, new ArgumentType.Flag(), listed));
      options.add(Argument.option(BY, WORDS, listed ? GROUPS : null, listed));
    }
    options.add(Argument.option(ClerkInstances.ARGUMENT, text, false));
    return options;
  }
}
