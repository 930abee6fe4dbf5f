package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Where users are read from. */
public interface UserSource {
  /** The first users, as an array, that Clerk lists for a filter. */
  JsonNode matching(ObjectNode filter, int limit);
}
