package dev.clerkmcp.workflows.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import java.util.function.Supplier;

/**
 * Updates an object and its metadata: one change for the caller, two requests since Clerk's API
 * version 2026-05-12.
 */
public final class TwoPartUpdate {
  private static final String NOT = "the metadata was not";

  private TwoPartUpdate() {}

  /**
   * Sends the requests that have something to change, and returns the object after the last one.
   *
   * @throws PartialFailureException if the fields were changed and then the metadata was refused
   */
  public static JsonNode run(
      ObjectNode fields,
      Supplier<JsonNode> updateFields,
      ObjectNode metadata,
      Supplier<JsonNode> mergeMetadata) {
    if (fields.isEmpty() && metadata.isEmpty()) {
      throw InvalidArgumentsException.of(
          "arguments",
          "must hold at least one field to change; a null is none, clear empties a field");
    }
    if (metadata.isEmpty()) {
      return updateFields.get();
    }
    if (fields.isEmpty()) {
      return mergeMetadata.get();
    }
    JsonNode updated = updateFields.get();
    try {
      return mergeMetadata.get();
    } catch (ClerkException e) {
      String rest = e.outcomeUnknown() ? "it is unknown whether the metadata was" : NOT;
      throw new PartialFailureException("The fields were changed; %s.".formatted(rest), updated, e);
    } catch (RefusedException e) {
      throw new PartialFailureException("The fields were changed; %s.".formatted(NOT), updated, e);
    }
  }
}
