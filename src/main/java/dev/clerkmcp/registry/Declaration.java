package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.Payload;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the annotations of one method say. Every mistake in them is an {@link IllegalStateException}
 * that names the method.
 *
 * @param tool null for a step of composed tools
 * @param endpoint null for a method with a body
 */
record Declaration(
    Method method,
    @Nullable Tool tool,
    Effect effect,
    Signature signature,
    @Nullable Endpoint endpoint) {

  /** Reads a method, or returns null for one that declares nothing. */
  static @Nullable Declaration find(Method method) {
    Tool tool = method.getAnnotation(Tool.class);
    Step step = method.getAnnotation(Step.class);
    Route route = method.getAnnotation(Route.class);
    boolean isAbstract = Modifier.isAbstract(method.getModifiers());
    if (tool == null && step == null && route == null && !isAbstract) {
      return null;
    }
    if (isAbstract != (route != null)) {
      throw new IllegalStateException(method + " must have either a @Route or a body");
    }
    if ((tool == null) == (step == null)) {
      throw new IllegalStateException(method + " must be either a @Tool or a @Step");
    }
    if (step != null && route == null) {
      throw new IllegalStateException(method + " is a @Step and needs a @Route");
    }
    if (method.getReturnType() != JsonNode.class && method.getReturnType() != Listing.class) {
      throw new IllegalStateException(method + " must return JsonNode or Listing");
    }
    Effect effect = tool != null ? tool.effect() : step.value();
    if (route == null) {
      return new Declaration(method, tool, effect, new Signature(method, Set.of(), false), null);
    }
    Endpoint parsed = parse(method, route);
    Signature signature =
        new Signature(
            method, new HashSet<>(parsed.variables()), parsed.payload() instanceof Payload.Query);
    checkPath(method, parsed, signature);
    Endpoint endpoint =
        parsed.withPayload(payload(method, parsed, signature)).withRepeatable(effect.idempotent());
    return new Declaration(method, tool, effect, signature, endpoint);
  }

  boolean isListing() {
    return method.getReturnType() == Listing.class;
  }

  /** Whether the list is asked for page by page. */
  boolean isPaged() {
    return signature.properties().find("offset") != null;
  }

  private static Endpoint parse(Method method, Route route) {
    try {
      return Endpoint.parse(route.value());
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(method + ": " + e.getMessage(), e);
    }
  }

  private static void checkPath(Method method, Endpoint endpoint, Signature signature) {
    for (String variable : endpoint.variables()) {
      Property property = signature.properties().find(variable);
      if (property == null || !property.required()) {
        throw new IllegalStateException(
            "{%s} in the @Route of %s is not a required argument".formatted(variable, method));
      }
    }
  }

  private static Payload payload(Method method, Endpoint endpoint, Signature signature) {
    for (Parameter parameter : method.getParameters()) {
      String name = Signature.name(parameter);
      if (parameter.isAnnotationPresent(Body.class)) {
        return new Payload.JsonValue(name);
      }
      if (parameter.isAnnotationPresent(Image.class)) {
        return new Payload.Form(name);
      }
    }
    boolean allInPath = signature.properties().all().size() == endpoint.variables().size();
    return endpoint.payload() instanceof Payload.JsonObject && allInPath
        ? new Payload.Empty()
        : endpoint.payload();
  }
}
