package dev.clerkmcp.sandbox.handlers.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiContract;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps the operations of Clerk's API to their handlers. */
public final class Routes {
  private final ApiContract contract;
  private final Map<String, OperationHandler> byRoute = new HashMap<>();
  private final Map<ObjectKind, Resource> resources = new EnumMap<>(ObjectKind.class);

  /** Creates an empty map for the operations of a contract. */
  public Routes(ApiContract contract) {
    this.contract = contract;
  }

  /**
   * Sets the handler of an operation.
   *
   * @param route such as {@code GET /users/{user_id}}
   * @throws IllegalArgumentException if Clerk has no such operation, or it has a handler already
   */
  public Routes on(String route, OperationHandler handler) {
    if (byRoute.put(contract.operation(route).route(), handler) != null) {
      throw new IllegalArgumentException("Two handlers for " + route);
    }
    return this;
  }

  /** Sets the handlers of the operations at a resource's path, as far as Clerk has them. */
  Routes onResource(String path, Resource resource) {
    resources.putIfAbsent(resource.kind(), resource);
    for (ApiOperation operation : contract.operations()) {
      String template = operation.template();
      boolean one =
          template.startsWith(path + "/{") && template.indexOf('/', path.length() + 1) < 0;
      if (template.equals(path)) {
        on(operation.route(), operation.reads() ? resource::list : resource::create);
      } else if (one) {
        on(
            operation.route(),
            switch (operation.method()) {
              case "GET" -> resource::get;
              case "DELETE" -> resource::delete;
              default -> resource::update;
            });
      }
    }
    return this;
  }

  /** A row as Clerk shows it, if its kind has views. */
  public ObjectNode view(ObjectKind kind, ObjectNode row) {
    Resource resource = resources.get(kind);
    return resource == null ? row : resource.view(row);
  }

  /** The handler of a route, or null if the route has none. */
  public @Nullable OperationHandler find(String route) {
    return byRoute.get(route);
  }

  /** Carries out the requests for one operation. */
  @FunctionalInterface
  public interface OperationHandler {
    /**
     * Carries out a request.
     *
     * @return the body of the response; its status is the operation's
     * @throws dev.clerkmcp.sandbox.openapi.ApiError if Clerk would reject the request; every change
     *     is then undone
     */
    JsonNode answer(ApiRequest request);
  }
}
