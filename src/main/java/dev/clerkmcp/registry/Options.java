package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arguments that are not the tool's own: they say how a call is to be made.
 *
 * @param dryRun whether only to show what would be done
 * @param confirmation the code that a plan was answered with
 * @param includePrivate whether private metadata is wanted
 */
public record Options(boolean dryRun, @Nullable String confirmation, boolean includePrivate) {
  private static final String DRY_RUN = "dry_run";
  private static final String CONFIRMATION = "confirmation";
  private static final String INCLUDE_PRIVATE = "include_private";

  /** Reads them from checked arguments, and takes them out of these. */
  static Options take(ObjectNode arguments) {
    Options options =
        new Options(
            arguments.path(DRY_RUN).asBoolean(),
            arguments.path(CONFIRMATION).textValue(),
            arguments.path(INCLUDE_PRIVATE).asBoolean());
    arguments.remove(List.of(DRY_RUN, CONFIRMATION, INCLUDE_PRIVATE, Instances.ARGUMENT));
    return options;
  }

  /** Hands them on to the tool that another one runs, where that was told nothing else. */
  void addTo(ObjectNode arguments) {
    if (dryRun) {
      arguments.put(DRY_RUN, true);
    }
    if (confirmation != null && !arguments.has(CONFIRMATION)) {
      arguments.put(CONFIRMATION, confirmation);
    }
    if (includePrivate) {
      arguments.put(INCLUDE_PRIVATE, true);
    }
  }

  /**
   * Those that a tool takes. Their names say it all, and the server's instructions the rest, so
   * that a model does not pay for a description with each tool; what few need is not even listed.
   */
  static List<Property> of(Effect effect) {
    ArgumentType text = new ArgumentType.Text(false, Long.MIN_VALUE, Long.MAX_VALUE);
    List<Property> options = new ArrayList<>();
    if (!effect.readOnly()) {
      options.add(Property.option(DRY_RUN, new ArgumentType.Flag(), true));
      options.add(Property.option(CONFIRMATION, text, effect.destructive()));
    }
    options.add(Property.option(INCLUDE_PRIVATE, new ArgumentType.Flag(), false));
    options.add(Property.option(Instances.ARGUMENT, text, false));
    return options;
  }
}
