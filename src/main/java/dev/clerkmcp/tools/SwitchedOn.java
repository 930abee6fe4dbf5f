package dev.clerkmcp.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.RefusedException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Switches a list of identifiers on after an entry was added to it. */
final class SwitchedOn {
  private SwitchedOn() {}

  /**
   * Returns the new entry, after the list was switched on if that is wanted.
   *
   * @throws PartialFailureException if the entry was added and then the switch was refused
   */
  static JsonNode with(JsonNode entry, @Nullable Boolean turnOn, Supplier<JsonNode> switchOn) {
    if (!Boolean.TRUE.equals(turnOn)) {
      return entry;
    }
    try {
      JsonNode unused = switchOn.get(); // its answer is part of what the call changed
      return entry;
    } catch (ClerkException e) {
      String rest = e.outcomeUnknown() ? "it is unknown whether the list is on" : NOT_ON;
      throw new PartialFailureException("The entry was added; %s.".formatted(rest), entry, e);
    } catch (RefusedException e) {
      throw new PartialFailureException("The entry was added; %s.".formatted(NOT_ON), entry, e);
    }
  }

  private static final String NOT_ON = "the list was not switched on";
}
