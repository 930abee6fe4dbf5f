package dev.clerkmcp;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The shape of the house: few rooms, arrows that only run down, one place for each concern. */
final class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.clerkmcp");

  /** The packages of the house, from the roof down: each may use those below it. */
  private static final List<String> LAYERS =
      List.of(
          "server",
          "cli",
          "config",
          "transport.stdio",
          "transport.protocol",
          "transport.jsonrpc",
          "interceptor..",
          "workflows..",
          "tools",
          "reference",
          "export",
          "registry.search",
          "registry",
          "registry.argument",
          "registry.text",
          "sandbox..",
          "clerk",
          "clerk.model",
          "json");

  static final List<ArchRule> RULES =
      List.of(
          downwards("dev.clerkmcp", LAYERS)
              .because("a tool must be callable without a protocol, and a client without tools"),
          noClasses()
              .that()
              .resideInAnyPackage("dev.clerkmcp.interceptor..", "dev.clerkmcp.transport..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage("dev.clerkmcp.tools..", "dev.clerkmcp.workflows..")
              .because("neither the protocol nor a rail may know single tools"),
          noClasses()
              .that()
              .resideOutsideOfPackages(
                  "dev.clerkmcp.server",
                  "dev.clerkmcp.cli",
                  "dev.clerkmcp.config",
                  "dev.clerkmcp.sandbox..")
              .should()
              .dependOnClassesThat()
              .resideInAPackage("dev.clerkmcp.sandbox..")
              .because("the sandbox stands in for Clerk, and nothing on the way there may tell"),
          classes()
              .that()
              .haveNameMatching("dev\\.clerkmcp\\.(Lazy|Setting).*")
              .should()
              .onlyDependOnClassesThat(
                  resideOutsideOfPackage("dev.clerkmcp..")
                      .or(nameMatching("(\\[L)?dev\\.clerkmcp\\.(Lazy|Setting).*")))
              .because("what every package may use stands below them all"),
          noClasses()
              .that()
              .resideOutsideOfPackage("dev.clerkmcp.transport..")
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
          downwards(
                  "dev.clerkmcp.sandbox",
                  List.of(
                      "",
                      "seed",
                      "handlers",
                      "handlers.instance",
                      "handlers.machine",
                      "handlers.enterprise",
                      "handlers.billing",
                      "handlers.organization",
                      "handlers.user",
                      "handlers.support",
                      "store",
                      "openapi"))
              .because(
                  "handlers must not depend on how requests arrive, nor the store on handlers; users"
                      + " must be readable without organizations, and both without billing"),
          downwards(
                  "dev.clerkmcp.interceptor",
                  List.of(
                      "", "access", "confirm", "policy", "undo", "audit", "impact", "redact",
                      "output"))
              .because("each rail must be understood by itself, and be put up in one place"),
          noClasses()
              .that()
              .resideOutsideOfPackages("dev.clerkmcp.clerk", "dev.clerkmcp.sandbox")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage("okhttp3..", "okio..")
              .because("requests are sent in one place, and in one place answered instead"),
          noClasses()
              .should()
              .dependOnClassesThat(
                  resideInAnyPackage("..internal..", "sun..", "com.sun..", "jdk..", "kotlin..")
                      .and(resideOutsideOfPackages("com.sun.net.httpserver", "dev.clerkmcp..")))
              .orShould()
              .beAssignableTo("okio.Timeout")
              .because(
                  "what a library keeps to itself changes without notice, and its users are not told"
                      + " how to handle it"),
          noClasses()
              .that()
              .resideOutsideOfPackage("dev.clerkmcp.sandbox.openapi")
              .should()
              .dependOnClassesThat()
              .resideInAPackage("com.networknt..")
              .because("loading the validator takes time, and only the sandbox may take it"),
          noClasses()
              .that()
              .haveNameNotMatching(".*\\.ClientRequests\\$.+")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage("io.modelcontextprotocol..", "reactor..")
              .because(
                  "the SDK is loaded where a person is asked, and not by what every call needs"),
          classes()
              .that()
              .haveSimpleName("ClientRequests")
              .should()
              .onlyHaveDependentClassesThat(
                  simpleNameStartingWith("ClientRequests")
                      .or(simpleNameStartingWith("Sdk"))
                      .or(simpleNameStartingWith("Legacy")))
              .because("only the legacy protocol asks the user during a call"),
          noClasses()
              .that()
              .haveSimpleNameStartingWith("Modern")
              .or()
              .haveSimpleName("RequestMeta")
              .or()
              .haveSimpleName("LogNotifier")
              .or()
              .haveSimpleName("Subscriptions")
              .should()
              .dependOnClassesThat()
              .haveSimpleNameStartingWith("Legacy")
              .because(
                  "each protocol is served without the other, and can be removed without the other"),
          classes()
              .that()
              .haveSimpleNameStartingWith("Modern")
              .should()
              .onlyHaveDependentClassesThat(
                  simpleNameStartingWith("Modern")
                      .or(simpleName("StdioServer"))
                      .or(simpleName("Subscriptions")))
              .because("the SDK's server for this protocol may replace it one day"),
          classes()
              .that()
              .resideInAPackage("dev.clerkmcp.workflows..")
              .should()
              .onlyAccessClassesThat(
                  resideOutsideOfPackage("dev.clerkmcp.clerk")
                      .or(simpleName("ClerkException"))
                      .or(simpleName("Reason")))
              .because(
                  "a workflow learns of Clerk's refusals and of its own end, but calls Clerk through"
                      + " tools alone"),
          classes()
              .that()
              .resideInAPackage("dev.clerkmcp.reference")
              .should()
              .onlyAccessClassesThat(
                  resideOutsideOfPackage("dev.clerkmcp.clerk")
                      .or(simpleName("ClerkException"))
                      .or(simpleName("Endpoint")))
              .because("whom a caller means is looked up within the call that asks, and no other"),
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

  /**
   * Each package may be used by those before it in the list, and by the one that holds them all.
   * Every package below the root must be in the list, or no rule would hold for it.
   */
  private static Architectures.LayeredArchitecture downwards(String root, List<String> packages) {
    Architectures.LayeredArchitecture rule =
        Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .ensureAllClassesAreContainedInArchitectureIgnoring(
                resideOutsideOfPackage(root + "..")
                    .or(resideInAPackage(root))
                    .or(simpleName("package-info")));
    List<String> above = new ArrayList<>();
    for (String name : packages) {
      String layer = name.isEmpty() ? root : root + "." + name;
      rule = rule.layer(layer).definedBy(layer);
      rule =
          above.isEmpty()
              ? rule.whereLayer(layer).mayNotBeAccessedByAnyLayer()
              : rule.whereLayer(layer).mayOnlyBeAccessedByLayers(above.toArray(String[]::new));
      above.add(layer);
    }
    return rule;
  }

  @ParameterizedTest
  @FieldSource("RULES")
  void ruleIsKept(ArchRule rule) {
    rule.check(MAIN);
  }
}
