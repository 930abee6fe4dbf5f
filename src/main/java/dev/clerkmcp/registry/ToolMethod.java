package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.Endpoint.Payload;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.Argument;
import dev.clerkmcp.registry.argument.ArgumentType;
import dev.clerkmcp.registry.argument.Body;
import dev.clerkmcp.registry.argument.CommaSeparated;
import dev.clerkmcp.registry.argument.Image;
import dev.clerkmcp.registry.argument.MethodArguments;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses the annotations of one method. A mistake in them is an {@link IllegalStateException} that
 * names the method.
 *
 * @param tool null for an {@link InternalEndpoint}
 * @param endpoint null for a method with a body
 */
record ToolMethod(
    Method method,
    @Nullable Tool tool,
    Effect effect,
    MethodArguments arguments,
    @Nullable Endpoint endpoint) {

  /** Reads a method, or returns null for one that declares nothing. */
  static @Nullable ToolMethod find(Method method) {
    Tool tool = method.getAnnotation(Tool.class);
    InternalEndpoint internal = method.getAnnotation(InternalEndpoint.class);
    Route route = method.getAnnotation(Route.class);
    boolean isAbstract = Modifier.isAbstract(method.getModifiers());
    if (tool == null && internal == null && route == null && !isAbstract) {
      return null;
    }
    if (isAbstract != (route != null)) {
      throw new IllegalStateException(method + " must have either a @Route or a body");
    }
    if ((tool == null) == (internal == null)) {
      throw new IllegalStateException(method + " must be either a @Tool or an @InternalEndpoint");
    }
    if (internal != null && route == null) {
      throw new IllegalStateException(method + " is an @InternalEndpoint and needs a @Route");
    }
    if (method.getReturnType() != JsonNode.class && method.getReturnType() != ListPage.class) {
      throw new IllegalStateException(method + " must return JsonNode or ListPage");
    }
    Effect effect = tool != null ? tool.effect() : internal.value();
    if (route == null) {
      if (method.getDeclaringClass().isInterface()) {
        throw new IllegalStateException(method + " has a body and belongs in a class");
      }
      MethodArguments arguments = new MethodArguments(method, texts(method), effect.readOnly());
      return new ToolMethod(method, tool, effect, arguments, null);
    }
    Endpoint parsed = parse(method, route);
    MethodArguments arguments =
        new MethodArguments(
            method, new HashSet<>(parsed.variables()), parsed.payload() instanceof Payload.Query);
    checkPath(method, parsed, arguments);
    Endpoint endpoint =
        parsed.withPayload(payload(method, parsed, arguments)).withRepeatable(effect.idempotent());
    return new ToolMethod(method, tool, effect, arguments, endpoint);
  }

  /**
   * The facts of the operation.
   *
   * @throws IllegalStateException if the method has a body
   */
  OperationFacts facts() {
    if (endpoint == null) {
      throw new IllegalStateException(method + " has no @Route");
    }
    return OperationFacts.of(method, endpoint, effect);
  }

  boolean isListing() {
    return method.getReturnType() == ListPage.class;
  }

  /** The field with a number that Clerk's answer must have; empty for none. */
  String number() {
    Route route = method.getAnnotation(Route.class);
    return route == null ? "" : route.number();
  }

  /** Whether Clerk returns the list in pages. */
  boolean isPaged() {
    return arguments.schema().find("offset") != null;
  }

  private static Endpoint parse(Method method, Route route) {
    try {
      return Endpoint.parse(route.value());
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(method + ": " + e.getMessage(), e);
    }
  }

  /**
   * The text arguments of a method. A composed tool may put any of them into a path, so all are
   * checked as path segments.
   */
  private static Set<String> texts(Method method) {
    Set<String> names = new HashSet<>();
    for (Parameter parameter : method.getParameters()) {
      if (parameter.getType() == String.class) {
        names.add(MethodArguments.name(parameter));
      }
    }
    return names;
  }

  private static void checkPath(Method method, Endpoint endpoint, MethodArguments arguments) {
    if (new HashSet<>(endpoint.variables()).size() < endpoint.variables().size()) {
      throw new IllegalStateException("The @Route of " + method + " repeats a variable");
    }
    for (String name : endpoint.fixedQuery().keySet()) {
      if (arguments.schema().find(name) != null) {
        throw new IllegalStateException(
            "%s is both in the @Route and an argument of %s".formatted(name, method));
      }
    }
    for (String variable : endpoint.variables()) {
      Argument argument = arguments.schema().find(variable);
      if (argument == null || !(argument.required() || isInferred(method, variable))) {
        throw new IllegalStateException(
            "{%s} in the @Route of %s is neither required nor inferred"
                .formatted(variable, method));
      }
      if (!(argument.type() instanceof ArgumentType.Text)
          && !(argument.type() instanceof ArgumentType.Choice)) {
        throw new IllegalStateException(
            "{%s} in the @Route of %s is neither a String nor an enum".formatted(variable, method));
      }
    }
  }

  private static boolean isInferred(Method method, String variable) {
    for (Parameter parameter : method.getParameters()) {
      Arg arg = parameter.getAnnotation(Arg.class);
      if (arg != null && arg.inferred() && MethodArguments.name(parameter).equals(variable)) {
        return true;
      }
    }
    return false;
  }

  private static Payload payload(Method method, Endpoint endpoint, MethodArguments arguments) {
    Set<String> commaSeparated = new HashSet<>();
    int notInPath = arguments.schema().all().size() - endpoint.variables().size();
    for (Parameter parameter : method.getParameters()) {
      String name = MethodArguments.name(parameter);
      boolean body = parameter.isAnnotationPresent(Body.class);
      boolean image = parameter.isAnnotationPresent(Image.class);
      if (parameter.isAnnotationPresent(CommaSeparated.class)) {
        checkCommaSeparated(method, endpoint, parameter);
        commaSeparated.add(name);
      }
      if ((body || image) && endpoint.payload() instanceof Payload.Query) {
        throw new IllegalStateException(name + " of " + method + " needs a request with a body");
      }
      if (body && notInPath > 1) {
        throw new IllegalStateException(name + " of " + method + " is not alone in the body");
      }
      if (body) {
        return new Payload.JsonValue(name);
      }
      if (image) {
        return new Payload.Form(name);
      }
    }
    if (endpoint.payload() instanceof Payload.Query) {
      return new Payload.Query(commaSeparated);
    }
    boolean allInPath = notInPath == 0;
    return endpoint.payload() instanceof Payload.JsonObject && allInPath
        ? new Payload.Empty()
        : endpoint.payload();
  }

  private static void checkCommaSeparated(Method method, Endpoint endpoint, Parameter parameter) {
    if (parameter.getType() != List.class || !(endpoint.payload() instanceof Payload.Query)) {
      throw new IllegalStateException(
          "%s of %s is @CommaSeparated and must be a List in a query"
              .formatted(MethodArguments.name(parameter), method));
    }
  }
}
