package dev.clerkmcp.registry;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.registry.argument.Argument;
import dev.clerkmcp.registry.argument.ArgumentType;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds the operations that the tools' interfaces declare, and their facts. */
public final class DeclaredOperations {
  private static final List<ToolMethod> METHODS =
      new ClassFileImporter()
          .importPackages("dev.clerkmcp.tools").stream()
              .filter(type -> type.isInterface() && type.isAnnotatedWith(ToolGroup.class))
              .map(JavaClass::reflect)
              .flatMap(type -> Stream.of(type.getDeclaredMethods()))
              .map(ToolMethod::find)
              .flatMap(Stream::ofNullable)
              .sorted(
                  Comparator.comparing(method -> Objects.requireNonNull(method.endpoint()).route()))
              .toList();

  private static final Map<String, OperationFacts> ALL = read();

  private DeclaredOperations() {}

  /** The methods that declare the operations of tools, sorted by route. */
  public static List<ToolMethod> methods() {
    return METHODS;
  }

  /** The facts of all operations by route, those that only workflows call included. */
  public static Map<String, OperationFacts> all() {
    return ALL;
  }

  /** The facts of the operations that change something, sorted by route. */
  public static List<OperationFacts> changing() {
    return ALL.values().stream().filter(facts -> !facts.effect().readOnly()).toList();
  }

  public static OperationFacts of(String route) {
    return Objects.requireNonNull(ALL.get(route), route);
  }

  /** The names of the arguments of an operation; of entries in a list, {@code entries.name}. */
  static List<String> argumentNames(String route) {
    return methods().stream()
        .filter(method -> Objects.requireNonNull(method.endpoint()).route().equals(route))
        .flatMap(method -> method.arguments().schema().all().stream())
        .flatMap(DeclaredOperations::names)
        .toList();
  }

  private static Stream<String> names(Argument argument) {
    return argument.type() instanceof ArgumentType.Items items
            && items.item() instanceof ArgumentType.Fields fields
        ? fields.properties().all().stream().map(part -> argument.name() + "." + part.name())
        : Stream.of(argument.name());
  }

  public static Endpoint endpoint(String route) {
    return of(route).endpoint();
  }

  private static Map<String, OperationFacts> read() {
    Map<String, OperationFacts> byRoute = new TreeMap<>();
    for (JavaClass type : new ClassFileImporter().importPackages("dev.clerkmcp.tools")) {
      for (Method method : type.reflect().getDeclaredMethods()) {
        if (method.isAnnotationPresent(Route.class)) {
          OperationFacts facts = Objects.requireNonNull(ToolMethod.find(method)).facts();
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
