package dev.clerkmcp.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.OperationFacts.Dependent;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Notifies;
import dev.clerkmcp.registry.OperationFacts.Risk;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.Sets;
import dev.clerkmcp.registry.OperationFacts.UndoMethod;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that every changing operation declares its losses and how it is undone. */
final class OperationFactsTest {
  private static final List<Class<? extends Annotation>> ANNOTATIONS =
      List.of(
          Sets.class, Loses.class, UndoneBy.class, NotUndone.class, Risky.class, Notifies.class);

  static Collection<OperationFacts> all() {
    return DeclaredOperations.all().values();
  }

  static List<OperationFacts> changing() {
    return DeclaredOperations.changing();
  }

  static List<ToolMethod> internalReads() {
    return DeclaredOperations.methods().stream()
        .filter(method -> method.tool() == null && method.effect().readOnly())
        .toList();
  }

  static List<OperationFacts> undone() {
    return changing().stream().filter(facts -> facts.undoneBy() != null).toList();
  }

  @ParameterizedTest
  @MethodSource("all")
  void onlyChangeHasFactsAndIsUndoneOrSaysWhyNot(OperationFacts facts) {
    boolean changes = !facts.effect().readOnly();
    assertThat(facts.undoneBy() != null ^ facts.notUndone() != null).isEqualTo(changes);
    if (!changes) {
      assertThat(facts.sets()).isEmpty();
      assertThat(facts.loses()).isNull();
      assertThat(facts.risks()).isEmpty();
      assertThat(facts.notifies()).isNull();
    }
    if (facts.notUndone() != null) {
      assertThat(facts.notUndone().value()).matches("[A-Z].*[.]");
    }
  }

  /** A rule of the policy about the tool would otherwise not be asked about the endpoint. */
  @ParameterizedTest
  @MethodSource("internalReads")
  void internalReadNamesTheToolThatAnswersWithIt(ToolMethod read) {
    String tool = read.method().getAnnotation(InternalEndpoint.class).readBy();
    assertThat(ToolIndexReader.entries())
        .anyMatch(entry -> entry.name().equals(tool) && entry.effect().readOnly());
  }

  /** A plan shows the previous value of a changed field, so a loss is not needed. */
  @ParameterizedTest
  @MethodSource("changing")
  void destructionSaysWhatIsLost(OperationFacts facts) {
    boolean showsPreviousValues =
        facts.undoneBy() != null && facts.undoneBy().how() == UndoMethod.PREVIOUS_VALUES;
    if (facts.effect().destructive() && !showsPreviousValues) {
      assertThat(facts.loses()).isNotNull();
    }
    if (facts.loses() != null) {
      assertThat(facts.loses().value()).matches("|[A-Z].*[^.]");
      assertThat(facts.loses().value().isEmpty() && facts.loses().also().length == 0).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("undone")
  void inverseIsDeclaredAndFits(OperationFacts facts) {
    UndoneBy undoneBy = Objects.requireNonNull(facts.undoneBy());
    UndoMethod how = undoneBy.how();
    OperationFacts inverse = DeclaredOperations.of(facts.inverse().route());
    assertThat(inverse.effect().readOnly()).isFalse();
    switch (how) {
      case INVERSE -> {
        assertThat(inverse.inverse().route()).isEqualTo(facts.endpoint().route());
        assertThat(inverse).isNotEqualTo(facts);
      }
      case REMOVAL, REMOVAL_WITH_CONTENTS -> {
        assertThat(facts.effect()).isEqualTo(Effect.CREATE);
        assertThat(inverse.endpoint().route()).matches("DELETE .*|POST .*/revoke");
        if (how == UndoMethod.REMOVAL_WITH_CONTENTS) {
          assertThat(inverse.endpoint().method()).isEqualTo("DELETE");
        }
      }
      case RECREATION, RECONNECTION -> {
        assertThat(facts.endpoint().route()).matches("DELETE .*|POST .*/revoke");
        assertThat(inverse.effect()).isEqualTo(Effect.CREATE);
        assertThat(inverse.inverse().route()).isEqualTo(facts.endpoint().route());
      }
      case PREVIOUS_VALUES -> {
        assertThat(inverse).isEqualTo(facts);
        assertThat(facts.endpoint().method()).isIn("PATCH", "PUT");
      }
      case PREVIOUS_CONTACTS -> assertThat(inverse.effect()).isEqualTo(Effect.CREATE);
      case PREVIOUS_TEMPLATE ->
          assertThat(inverse.endpoint().variables()).isEqualTo(facts.endpoint().variables());
      case FIRST_IMAGE_REMOVAL ->
          assertThat(inverse.endpoint().route()).isEqualTo("DELETE " + facts.endpoint().path());
    }
    assertThat(undoneBy.without()).matches("|[a-z].*[.]");
    assertThat(
            undoneBy.without().isEmpty()
                || how == UndoMethod.RECREATION
                || (how == UndoMethod.REMOVAL
                    && DeclaredOperations.argumentNames(facts.endpoint().route())
                        .contains("notify")))
        .isTrue();
    for (String list : undoneBy.contents()) {
      assertThat(how).isEqualTo(UndoMethod.RECREATION);
      String path = facts.endpoint().path() + "/" + list;
      assertThat(DeclaredOperations.of("GET " + path).effect()).isEqualTo(Effect.READ);
      assertThat(DeclaredOperations.of(facts.creation(list).route()).effect())
          .isEqualTo(Effect.CREATE);
    }
    assertThat(undoneBy.merges().length == 0 || how == UndoMethod.PREVIOUS_VALUES).isTrue();
  }

  /** The requests that a composed tool makes have the facts. */
  @Test
  void methodWithoutRouteHasNoFacts() {
    for (JavaClass type : new ClassFileImporter().importPackages("dev.clerkmcp")) {
      if (type.getPackageName().matches("dev[.]clerkmcp[.](tools|workflows).*")) {
        for (Method method : type.reflect().getDeclaredMethods()) {
          if (!method.isAnnotationPresent(Route.class)) {
            assertThat(ANNOTATIONS).noneMatch(method::isAnnotationPresent);
          }
        }
      }
    }
  }

  @Test
  void annotationsAreRead() throws NoSuchMethodException {
    OperationFacts facts = facts("annotated");
    assertThat(facts.sets())
        .containsEntry("banned", BooleanNode.TRUE)
        .containsEntry("status", TextNode.valueOf("sent = away"))
        .hasSize(2);
    assertThat(facts.isAlreadySet(Json.object().put("banned", true))).isFalse();
    assertThat(facts.isAlreadySet(Json.object().put("banned", true).put("status", "sent = away")))
        .isTrue();
    assertThat(facts.endsSessions(Json.object())).isFalse();
    assertThat(facts.endsSessions(Json.object().put("revoke_all_sessions", true))).isTrue();
    assertThat(facts.inverse()).isEqualTo(facts.endpoint());
    assertThat(facts.risks())
        .extracting(Risky::value)
        .containsExactly(Risk.CREDENTIAL, Risk.SIGN_OUT);
    assertThat(facts.risks().get(0).when()).containsExactly("password", "verified = true");
    assertThat(facts("singleRisk").risks()).extracting(Risky::value).containsExactly(Risk.MONEY);
    assertThat(facts("singleRisk").isAlreadySet(Json.object())).isFalse();
  }

  private static OperationFacts facts(String method) throws NoSuchMethodException {
    return OperationFacts.of(
        Arrays.stream(Fixture.class.getDeclaredMethods())
            .filter(declared -> declared.getName().equals(method))
            .findFirst()
            .orElseThrow(() -> new NoSuchMethodException(method)),
        Endpoint.parse("PATCH /things/{thing_id}"),
        Effect.UPDATE);
  }

  interface Fixture {
    @Sets({"banned = true", "status = sent = away"})
    @Loses(also = Dependent.SESSIONS_IF_ASKED)
    @UndoneBy(how = UndoMethod.PREVIOUS_VALUES)
    @Risky(
        value = Risk.CREDENTIAL,
        when = {"password", "verified = true"})
    @Risky(Risk.SIGN_OUT)
    void annotated();

    @Risky(Risk.MONEY)
    void singleRisk();
  }
}
