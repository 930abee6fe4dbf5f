package dev.clerkmcp;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The shape of the house: few rooms, arrows that only run down, one place for each concern. */
final class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.clerkmcp");

  static final List<ArchRule> RULES =
      List.of(
          Architectures.layeredArchitecture()
              .consideringOnlyDependenciesInLayers()
              .layer("main")
              .definedBy("dev.clerkmcp")
              .layer("cli")
              .definedBy("dev.clerkmcp.cli")
              .layer("transport")
              .definedBy("dev.clerkmcp.transport")
              .layer("workflows")
              .definedBy("dev.clerkmcp.workflows")
              .layer("tools")
              .definedBy("dev.clerkmcp.tools")
              .layer("registry")
              .definedBy("dev.clerkmcp.registry")
              .layer("clerk")
              .definedBy("dev.clerkmcp.clerk")
              .layer("json")
              .definedBy("dev.clerkmcp.json")
              .whereLayer("main")
              .mayNotBeAccessedByAnyLayer()
              .whereLayer("cli")
              .mayOnlyBeAccessedByLayers("main")
              .whereLayer("transport")
              .mayOnlyBeAccessedByLayers("main")
              .whereLayer("workflows")
              .mayOnlyBeAccessedByLayers("main")
              .whereLayer("tools")
              .mayOnlyBeAccessedByLayers("main", "workflows")
              .whereLayer("registry")
              .mayOnlyBeAccessedByLayers("main", "cli", "transport", "workflows", "tools")
              .whereLayer("clerk")
              .mayOnlyBeAccessedByLayers("main", "registry", "workflows")
              .because("a tool must be callable without a protocol, and a client without tools"),
          noClasses()
              .that()
              .resideOutsideOfPackage("dev.clerkmcp.transport")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage("io.modelcontextprotocol..", "reactor..")
              .because("the protocol's next era must be a change of one package"),
          noClasses()
              .that()
              .resideOutsideOfPackage("dev.clerkmcp.cli")
              .should()
              .dependOnClassesThat()
              .resideInAPackage("picocli..")
              .because("a host waits for the start, and loading the command line takes time"),
          noClasses()
              .that()
              .resideOutsideOfPackage("dev.clerkmcp.clerk")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage("okhttp3..", "okio..")
              .because("how requests are sent, signed and repeated is decided in one place"),
          noClasses()
              .that()
              .haveSimpleName("ToolCalls")
              .or()
              .haveSimpleName("Era")
              .or()
              .haveSimpleName("StdioServer")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage("io.modelcontextprotocol..", "reactor..")
              .because("what both eras share must not know the SDK, which speaks one of them"),
          classes()
              .that()
              .resideInAPackage("dev.clerkmcp.workflows")
              .should()
              .onlyAccessClassesThat(
                  resideOutsideOfPackage("dev.clerkmcp.clerk").or(simpleName("ClerkException")))
              .because("a workflow learns of Clerk's refusals but calls Clerk through tools alone"),
          classes()
              .that()
              .resideInAPackage("dev.clerkmcp.tools")
              .and()
              .haveSimpleNameEndingWith("Tools")
              .should()
              .beInterfaces()
              .because("a declaration has no code that would need a test of its own"),
          noClasses()
              .that()
              .doNotHaveFullyQualifiedName("dev.clerkmcp.Main")
              .should()
              .accessField(System.class, "out")
              .because("standard output carries the protocol, and one stray byte breaks it"));

  @ParameterizedTest
  @FieldSource("RULES")
  void ruleIsKept(ArchRule rule) {
    rule.check(MAIN);
  }
}
