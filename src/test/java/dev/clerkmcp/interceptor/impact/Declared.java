package dev.clerkmcp.interceptor.impact;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.Endpoint.Payload;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.InternalEndpoint;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.argument.Body;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Every endpoint that is declared, those of composed tools' steps included. */
record Declared(Endpoint endpoint, Effect effect) {
  private static final List<Declared> ALL = read();

  static List<Endpoint> readings() {
    return ALL.stream()
        .map(Declared::endpoint)
        .filter(endpoint -> endpoint.method().equals("GET"))
        .toList();
  }

  static List<Declared> changing() {
    return ALL.stream().filter(declared -> !declared.effect().readOnly()).toList();
  }

  static Endpoint endpoint(String route) {
    return ALL.stream()
        .filter(declared -> declared.route().equals(route))
        .findFirst()
        .orElseThrow(() -> new AssertionError(route + " is not declared"))
        .endpoint();
  }

  String route() {
    return endpoint.method() + " " + endpoint.path();
  }

  @Override
  public String toString() {
    return route();
  }

  private static List<Declared> read() {
    List<Declared> all = new ArrayList<>();
    for (JavaClass type : new ClassFileImporter().importPackages("dev.clerkmcp.tools")) {
      for (Method method : type.reflect().getDeclaredMethods()) {
        Route route = method.getAnnotation(Route.class);
        if (route != null) {
          Tool tool = method.getAnnotation(Tool.class);
          Effect effect =
              tool == null ? method.getAnnotation(InternalEndpoint.class).value() : tool.effect();
          all.add(new Declared(endpoint(method, route), effect));
        }
      }
    }
    all.sort(Comparator.comparing(Declared::route));
    return all;
  }

  private static Endpoint endpoint(Method method, Route route) {
    Endpoint endpoint = Endpoint.parse(route.value());
    for (Parameter parameter : method.getParameters()) {
      if (parameter.isAnnotationPresent(Body.class)) {
        return endpoint.withPayload(new Payload.JsonValue(parameter.getName()));
      }
    }
    return endpoint;
  }
}
