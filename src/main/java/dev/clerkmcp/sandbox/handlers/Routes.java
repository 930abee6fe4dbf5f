package dev.clerkmcp.sandbox.handlers;

import dev.clerkmcp.sandbox.openapi.ApiContract;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which behaviour an operation has. */
final class Routes {
  private final ApiContract contract;
  private final Map<String, OperationHandler> byRoute = new HashMap<>();

  Routes(ApiContract contract) {
    this.contract = contract;
  }

  /**
   * Gives an operation its behaviour.
   *
   * @param route such as {@code GET /users/{user_id}}
   * @throws IllegalArgumentException if Clerk has no such operation, or it has a behaviour already
   */
  Routes on(String route, OperationHandler behaviour) {
    if (byRoute.put(contract.operation(route).route(), behaviour) != null) {
      throw new IllegalArgumentException("Two behaviours for " + route);
    }
    return this;
  }

  @Nullable OperationHandler find(String route) {
    return byRoute.get(route);
  }
}
