package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.Endpoint;

/** Decides what notes and refusals may tell of an object that a text may refer to. */
@FunctionalInterface
public interface Visibility {
  /**
   * Whether they may tell more of the object than its ID.
   *
   * @param object as Clerk returns it
   * @param read the endpoint that returned it
   */
  boolean shows(JsonNode object, Endpoint read);
}
