package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Creates, at run time, the implementations of the interfaces that declare Clerk's endpoints (such
 * as {@code UserTools}), so that composed tools can call endpoints as Java methods.
 */
final class EndpointProxies {
  private final Supplier<ToolRegistry> registry;
  private final Map<Class<?>, Map<Method, ToolMethod>> declared = new HashMap<>();
  private final Map<Class<?>, Object> proxies = new ConcurrentHashMap<>();

  /**
   * Prepares to implement interfaces.
   *
   * @param registry supplies the interceptors of the requests; first used at the first call,
   *     because the registry does not exist before
   */
  EndpointProxies(Supplier<ToolRegistry> registry) {
    this.registry = registry;
  }

  /** Adds an interface with its endpoints. */
  void add(Class<?> type, Map<Method, ToolMethod> methods) {
    declared.put(type, methods);
  }

  boolean has(Class<?> type) {
    return declared.containsKey(type);
  }

  /**
   * The implementation of an interface. It is created at the first access, since Java generates and
   * compiles a class for it.
   *
   * @throws IllegalStateException if the interface was not added
   */
  <T> T of(Class<T> type) {
    return type.cast(proxies.computeIfAbsent(type, this::proxy));
  }

  private Object proxy(Class<?> type) {
    Map<Method, ToolMethod> methods = declared.get(type);
    if (methods == null) {
      throw new IllegalStateException("Not a registered interface of endpoints: " + type);
    }
    return Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, new Handler(methods));
  }

  private final class Handler implements InvocationHandler {
    private final Map<Method, ToolMethod> methods;

    Handler(Map<Method, ToolMethod> methods) {
      this.methods = methods;
    }

    @Override
    public Object invoke(Object proxy, Method called, Object @Nullable [] values) {
      ToolMethod method = methods.get(called);
      if (method == null) {
        throw new UnsupportedOperationException(called + " is not an endpoint");
      }
      ToolCallContext context = Invocation.current().context();
      if (context == null) {
        throw new IllegalStateException(called + " was called outside of a tool");
      }
      Object[] arguments = values == null ? new Object[0] : values;
      return call(method, method.arguments().toJson(arguments), context);
    }
  }

  private static void checkIds(Endpoint endpoint, ObjectNode arguments) {
    String forged = endpoint.findForgedId(arguments);
    if (forged != null) {
      throw InvalidArgumentsException.of(
          forged, "must not hold / \\ ? # % or control characters; give an ID as Clerk wrote it");
    }
  }

  /** Calls Clerk; the answer is JSON, or a {@link ListPage} if the method returns one. */
  Object call(ToolMethod method, ObjectNode arguments, ToolCallContext context) {
    Endpoint endpoint = method.endpoint();
    if (endpoint == null) {
      throw new IllegalStateException(method.method() + " has no @Route");
    }
    checkIds(endpoint, arguments);
    ClerkRequest request = new ClerkRequest(context, method, endpoint, arguments);
    JsonNode answer =
        new RequestInterceptor.Chain(registry.get().interceptors().requests(), request).proceed();
    return method.isListing() ? ListPage.of(answer, arguments, method.isPaged()) : answer;
  }
}
