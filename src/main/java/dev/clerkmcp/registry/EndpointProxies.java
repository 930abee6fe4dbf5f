package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The interfaces of endpoints, and what implements them for the composed tools that call them. */
final class EndpointProxies {
  private final Supplier<ToolRegistry> registry;
  private final Map<Class<?>, Map<Method, ToolMethod>> declared = new HashMap<>();
  private final Map<Class<?>, Object> made = new ConcurrentHashMap<>();

  /**
   * Prepares to implement.
   *
   * @param registry sends what is called; asked for when something is
   */
  EndpointProxies(Supplier<ToolRegistry> registry) {
    this.registry = registry;
  }

  /** Takes an interface in. */
  void add(Class<?> type, Map<Method, ToolMethod> declarations) {
    declared.put(type, declarations);
  }

  /** Whether an interface was taken in. */
  boolean has(Class<?> type) {
    return declared.containsKey(type);
  }

  /**
   * The implementation of an interface. Made when it is first asked for, since Java writes and
   * compiles a class for it.
   *
   * @throws IllegalStateException if the interface was not taken in
   */
  <T> T of(Class<T> type) {
    return type.cast(made.computeIfAbsent(type, this::implementation));
  }

  private Object implementation(Class<?> type) {
    Map<Method, ToolMethod> declarations = declared.get(type);
    if (declarations == null) {
      throw new IllegalStateException("There are no endpoints " + type);
    }
    return Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, new Calls(declarations));
  }

  /** Calls Clerk; the answer is JSON, or a {@link ListPage} where the method says so. */
  Object answer(ToolMethod declaration, ObjectNode arguments, ToolCallContext run) {
    Endpoint endpoint = declaration.endpoint();
    if (endpoint == null) {
      throw new IllegalStateException(declaration.method() + " has no @Route");
    }
    JsonNode answer = registry.get().send(new ClerkRequest(run, declaration, endpoint, arguments));
    return declaration.isListing() ? ListPage.of(answer, arguments, declaration.isPaged()) : answer;
  }

  private final class Calls implements InvocationHandler {
    private final Map<Method, ToolMethod> declarations;

    Calls(Map<Method, ToolMethod> declarations) {
      this.declarations = declarations;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] values) {
      ToolMethod declaration = declarations.get(method);
      if (declaration == null) {
        throw new UnsupportedOperationException(method + " is no endpoint");
      }
      Object[] arguments = values == null ? new Object[0] : values;
      ToolCallContext run = Invocation.current().run();
      if (run == null) {
        throw new IllegalStateException(method + " was called outside of a tool");
      }
      return answer(declaration, declaration.signature().toJson(arguments), run);
    }
  }
}
