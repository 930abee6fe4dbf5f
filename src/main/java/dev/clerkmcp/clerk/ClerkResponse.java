package dev.clerkmcp.clerk;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Clerk's response to a request that succeeded.
 *
 * @param traceId identifies the request for Clerk's support; null if the response has none
 * @param body JSON null if the response has no body
 */
public record ClerkResponse(int status, @Nullable String traceId, JsonNode body) {}
