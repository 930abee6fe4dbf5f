package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.openapi.ApiRequest;

/** What an operation does. */
@FunctionalInterface
interface OperationHandler {
  /**
   * Carries a call out.
   *
   * @return the body of the answer; the operation's status goes with it
   * @throws dev.clerkmcp.sandbox.openapi.ApiError if Clerk would not do it; the world is then as it
   *     was
   */
  JsonNode answer(ApiRequest call);
}
