package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint;

/** Reads from the instance that a call works on. */
@FunctionalInterface
public interface Reader {
  /**
   * Reads once.
   *
   * @throws dev.clerkmcp.clerk.ClerkException if Clerk refuses
   */
  JsonNode read(Endpoint endpoint, ObjectNode arguments);
}
