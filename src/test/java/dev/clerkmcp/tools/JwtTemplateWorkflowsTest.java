package dev.clerkmcp.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests changes of a JWT template, for which Clerk needs name and claims every time. */
final class JwtTemplateWorkflowsTest {
  private static final String CURRENT =
      "{\"id\":\"jtmp_1\",\"name\":\"old\",\"claims\":{\"rate\":1.10,\"big\":12345678901234567890},"
          + "\"lifetime\":60,\"allowed_clock_skew\":5,\"signing_algorithm\":\"RS256\"}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                    | 'old' | {'rate':1.10,'big':12345678901234567890} | 60 | 5",
        "{'name':'new'}        | 'new' | {'rate':1.10,'big':12345678901234567890} | 60 | 5",
        "{'claims':{'a':2.50}} | 'old' | {'a':2.50} | 60 | 5",
        "{'claims':{}}         | 'old' | {} | 60 | 5",
        "{'lifetime':120}      | 'old' | {'rate':1.10,'big':12345678901234567890} | 120 | 5",
        "{'clear':['lifetime'],'allowed_clock_skew':0}"
            + " | 'old' | {'rate':1.10,'big':12345678901234567890} | null | 0",
      })
  void omittedFieldsAreKept(
      String arguments, String name, String claims, String lifetime, String skew)
      throws IOException {
    FakeClerk clerk = FakeClerk.answering(CURRENT);
    assertThat(update(clerk, arguments).isError()).isFalse();
    assertThat(clerk.requests()).hasSize(2);
    assertThat(clerk.requests().get(0)).isEqualTo("GET /jwt_templates/jtmp_1");
    String[] change = clerk.requests().get(1).split("\n", 2);
    assertThat(change[0]).isEqualTo("PATCH /jwt_templates/jtmp_1");
    assertThat(Json.read(change[1]))
        .isEqualTo(
            Json.read(
                "{\"name\":%s,\"claims\":%s,\"lifetime\":%s,\"allowed_clock_skew\":%s}"
                    .formatted(name, claims, lifetime, skew)
                    .replace('\'', '"')));
  }

  @Test
  void answerIsTheChangedTemplate() throws IOException {
    FakeClerk clerk =
        FakeClerk.answering(
            request -> new Answer(200, request.startsWith("GET") ? CURRENT : "{\"new\":true}"));
    assertThat(update(clerk, "{'name':'new','clear':['signing_key']}"))
        .isEqualTo(new ToolResult("{\"new\":true}", false, List.of()));
    assertThat(clerk.requests().get(1)).contains("\"signing_key\":null");
  }

  @Test
  void unknownTemplateIsNotChanged() throws IOException {
    FakeClerk clerk = FakeClerk.answering(request -> Answer.error(404, "resource_not_found"));
    ToolResult result = update(clerk, "{'name':'new'}");
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("\"status\":404", "resource_not_found");
    assertThat(clerk.requests()).containsExactly("GET /jwt_templates/jtmp_1");
  }

  private static ToolResult update(FakeClerk clerk, String arguments) throws IOException {
    ToolRegistry registry = ToolModule.registry(clerk.client());
    return ToolCaller.call(
        registry,
        "clerk_jwt_template_update",
        Json.object()
            .put("template_id", "jtmp_1")
            .setAll((ObjectNode) Json.read(arguments.replace('\'', '"'))));
  }
}
