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

/** Checks which packages may use which. */
final class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.clerkmcp");

  /** The packages, from the top down: each may use those below it. */
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
              .because("protocol and interceptors must work for every tool alike"),
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
              .because("the client must not know whether Clerk or the sandbox answers"),
          classes()
              .that()
              .haveNameMatching("dev\\.clerkmcp\\.(AtExit|Lazy|PrivateFiles|Setting).*")
              .should()
              .onlyDependOnClassesThat(
                  resideOutsideOfPackage("dev.clerkmcp..")
                      .or(
                          nameMatching(
                              "(\\[L)?dev\\.clerkmcp\\.(AtExit|Lazy|PrivateFiles|Setting).*")))
              .because("every package may use these, so they use no other"),
          noClasses()
              .that()
              .resideOutsideOfPackage("dev.clerkmcp.transport..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage("io.modelcontextprotocol..", "reactor..")
              .because("the next version of the protocol must change only one package"),
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
                      "", "access", "limit", "confirm", "policy", "output", "undo", "audit", "risk",
                      "impact", "where", "redact"))
              .because(
                  "each interceptor must be readable by itself, and the order be defined in one place"),
          noClasses()
              .that()
              .resideOutsideOfPackages("dev.clerkmcp.clerk", "dev.clerkmcp.sandbox")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage("okhttp3..", "okio..")
              .because(
                  "only the client sends HTTP requests, and only the sandbox answers in its place"),
          noClasses()
              .should()
              .dependOnClassesThat(
                  resideInAnyPackage("..internal..", "sun..", "com.sun..", "jdk..", "kotlin..")
                      .and(resideOutsideOfPackages("com.sun.net.httpserver", "dev.clerkmcp..")))
              .orShould()
              .beAssignableTo("okio.Timeout")
              .because(
                  "internal classes of a library change without notice, and their users are not told"
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
                  "the SDK takes long to load and is needed only for questions of the legacy protocol"),
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
                  "a workflow handles Clerk's errors and cancellation, but calls Clerk only through"
                      + " tools"),
          classes()
              .that()
              .resideInAPackage("dev.clerkmcp.reference")
              .should()
              .onlyAccessClassesThat(
                  resideOutsideOfPackage("dev.clerkmcp.clerk")
                      .or(simpleName("ClerkException"))
                      .or(simpleName("Endpoint")))
              .because("references are resolved within the call that contains them"),
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
   * Allows each package to be used by those before it in the list and by the package that contains
   * them all. Every package below the root must be in the list, or no rule would apply to it.
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
