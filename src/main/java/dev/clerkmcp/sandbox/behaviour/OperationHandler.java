package dev.clerkmcp.sandbox.behaviour;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.contract.ApiRequest;

/** What an operation does. */
@FunctionalInterface
interface OperationHandler {
  /**
   * Carries a call out.
   *
   * @return the body of the answer; the operation's status goes with it
   * @throws dev.clerkmcp.sandbox.contract.ApiError if Clerk would not do it; the world is then as it
   *     was
   */
  JsonNode answer(ApiRequest call);
}
