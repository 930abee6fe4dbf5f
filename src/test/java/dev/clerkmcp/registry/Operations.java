package dev.clerkmcp.registry;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.registry.argument.Argument;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The facts of all declared operations, those that only composed tools call included. */
public final class Operations {
  private static final Map<String, List<String>> ARGUMENTS = new TreeMap<>();
  private static final Map<String, OperationFacts> ALL = read();

  private Operations() {}

  /** All, by route. */
  public static Map<String, OperationFacts> all() {
    return ALL;
  }

  /** Those that change something, sorted by route. */
  public static List<OperationFacts> changing() {
    return ALL.values().stream().filter(facts -> !facts.effect().readOnly()).toList();
  }

  public static OperationFacts of(String route) {
    return Objects.requireNonNull(ALL.get(route), route);
  }

  /** The names of the arguments of an operation. */
  static List<String> argumentNames(String route) {
    return Objects.requireNonNull(ARGUMENTS.get(route), route);
  }

  public static Endpoint endpoint(String route) {
    return of(route).endpoint();
  }

  private static Map<String, OperationFacts> read() {
    Map<String, OperationFacts> byRoute = new TreeMap<>();
    for (JavaClass type : new ClassFileImporter().importPackages("dev.clerkmcp.tools")) {
      for (Method method : type.reflect().getDeclaredMethods()) {
        if (method.isAnnotationPresent(Route.class)) {
          ToolMethod declared = Objects.requireNonNull(ToolMethod.find(method));
          OperationFacts facts = declared.facts();
          ARGUMENTS.put(
              facts.endpoint().route(),
              declared.arguments().schema().all().stream().map(Argument::name).toList());
          OperationFacts other = byRoute.put(facts.endpoint().route(), facts);
          if (other != null) {
            throw new AssertionError(other.endpoint().route() + " is declared twice");
          }
        }
      }
    }
    return Collections.unmodifiableMap(byRoute);
  }
}
