package dev.clerkmcp.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks which operations the composed tools say that they send, by what their code calls. */
final class ComposedToolsTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.clerkmcp.tools", "dev.clerkmcp.workflows");

  static List<JavaMethod> composed() {
    return MAIN.stream()
        .flatMap(type -> type.getMethods().stream())
        .filter(method -> method.isAnnotatedWith(Tool.class))
        .filter(method -> !method.isAnnotatedWith(Route.class))
        .sorted(Comparator.comparing(JavaMethod::getFullName))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("composed")
  void toolDeclaresWhatItCanSend(JavaMethod method) {
    Tool tool = method.getAnnotationOfType(Tool.class);
    assertThat(tool.sends()).as(tool.name()).containsExactlyElementsOf(reachable(method));
  }

  /** The operations that change something and that a method may call, itself or through others. */
  private static SortedSet<String> reachable(JavaCodeUnit method) {
    SortedSet<String> routes = new TreeSet<>();
    Set<JavaCodeUnit> seen = new HashSet<>();
    Deque<JavaCodeUnit> open = new ArrayDeque<>(List.of(method));
    while (!open.isEmpty()) {
      JavaCodeUnit next = open.pop();
      if (!seen.add(next)) {
        continue;
      }
      if (next.isAnnotatedWith(Route.class)) {
        if (!effect(next).readOnly()) {
          routes.add(next.getAnnotationOfType(Route.class).value());
        }
        continue;
      }
      next.getOwner().getStaticInitializer().ifPresent(open::push);
      called(next).forEach(open::push);
    }
    return routes;
  }

  private static Effect effect(JavaCodeUnit operation) {
    return operation.isAnnotatedWith(Tool.class)
        ? operation.getAnnotationOfType(Tool.class).effect()
        : operation.getAnnotationOfType(InternalEndpoint.class).value();
  }

  private static Stream<JavaCodeUnit> called(JavaCodeUnit method) {
    return method.getAccessesFromSelf().stream()
        .map(JavaAccess::getTarget)
        .flatMap(target -> target.resolveMember().stream())
        .filter(JavaCodeUnit.class::isInstance)
        .map(JavaCodeUnit.class::cast);
  }
}
