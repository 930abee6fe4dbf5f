package dev.clerkmcp.registry;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.function.Supplier;

/**
 * Creates an object with composed tools. It calls the only constructor with endpoints and other
 * parts, each found by its type.
 */
final class WorkflowFactory implements Supplier<Object> {
  private final Constructor<?> constructor;
  private final EndpointProxies endpoints;
  private final List<Object> parts;

  /**
   * Checks that the object can be created.
   *
   * @throws IllegalStateException if it cannot be created
   */
  WorkflowFactory(Class<?> type, EndpointProxies endpoints, List<Object> parts) {
    Constructor<?>[] constructors = type.getConstructors();
    if (constructors.length != 1 || !Modifier.isPublic(type.getModifiers())) {
      throw new IllegalStateException(type + " must be public, and its only constructor as well");
    }
    this.constructor = constructors[0];
    this.endpoints = endpoints;
    this.parts = parts;
    for (Class<?> parameter : constructor.getParameterTypes()) {
      if (!endpoints.has(parameter) && parts.stream().noneMatch(parameter::isInstance)) {
        throw new IllegalStateException(type + " needs " + parameter + ", which is not registered");
      }
    }
  }

  @Override
  public Object get() {
    Class<?>[] types = constructor.getParameterTypes();
    Object[] values = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      Class<?> type = types[i];
      values[i] =
          endpoints.has(type)
              ? endpoints.of(type)
              : parts.stream().filter(type::isInstance).findFirst().orElseThrow();
    }
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException | InstantiationException | IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
