package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import dev.clerkmcp.sandbox.openapi.FullResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls every tool while Clerk's answers and errors are full of hidden characters, and checks that
 * none of them reaches a model, a person or the log.
 */
final class HiddenCharactersTest {
  /** Sets a terminal's title, turns the direction, has no width, or has no shape. */
  private static final String HIDDEN =
      "\u001B]0;x\u0007\u009B31m\u202E\u200B\uDB40\uDC41\u034F\u2028";

  private static final FullResponse FULL =
      new FullResponse(SandboxCalls.CONTRACT, Json.object().put("k" + HIDDEN, "v" + HIDDEN));

  private boolean refuses;
  private final FakeClerk clerk = FakeClerk.answering(this::answer);
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noneIsInAnyOutput(boolean changesAreRefused) throws Exception {
    refuses = changesAreRefused;
    ToolRegistry tools =
        ToolCaller.tools(
            clerk.client(),
            folder,
            Map.of(
                "CLERK_MCP_CONFIRM", "always",
                "CLERK_MCP_DEPRECATED", "true",
                "CLERK_MCP_MAX_RESULT_TOKENS", "500"));
    String logged;
    int questions = 0;
    try (CapturedStderr log = new CapturedStderr()) {
      for (ToolDefinition tool : tools.tools()) {
        if (!tool.isDiscovery()) {
          questions += callInEveryWay(tools, tool);
        }
      }
      logged = log.text();
    }
    assertVisible("stderr", logged);
    assertThat(questions).isGreaterThan(50);
  }

  private int callInEveryWay(ToolRegistry tools, ToolDefinition tool) throws IOException {
    TestCaller person = TestCaller.agreeing();
    for (ToolResult result : ToolCallPaths.allTo(tools, tool, Json.object(), person)) {
      assertVisible(tool.name(), result);
    }
    ObjectNode arguments = ExampleArguments.required(tool.arguments().fullSchema());
    for (String options :
        List.of("{'fields':['*']}", "{'fields':['x']}", "{'include_private':true}")) {
      ObjectNode call = arguments.deepCopy();
      call.setAll((ObjectNode) ToolCaller.arguments(options));
      assertVisible(tool.name(), ToolCaller.call(tools, tool.name(), call, person));
      if (!tool.effect().readOnly()) {
        assertVisible(tool.name(), ToolCaller.call(tools, tool.name(), call.put("dry_run", true)));
      }
    }
    person.questions().forEach(question -> assertVisible(tool.name(), question));
    return person.questions().size();
  }

  private FakeClerk.Answer answer(String request) {
    String[] line = request.lines().findFirst().orElseThrow().split(" ", 2);
    if (refuses && !line[0].equals("GET")) {
      ObjectNode answer = Json.object();
      answer
          .putArray("errors")
          .addObject()
          .put("code", "x")
          .put("message", "No" + HIDDEN)
          .putObject("meta")
          .put("param_name", "p" + HIDDEN);
      return new FakeClerk.Answer(422, answer.toString());
    }
    List<String> path = List.of(line[1].replaceAll("\\?.*", "").substring(1).split("/", -1));
    ApiOperation operation =
        Objects.requireNonNull(SandboxCalls.CONTRACT.find(line[0], path), request).operation();
    JsonNode answer = tainted("", FULL.of(operation));
    return new FakeClerk.Answer(operation.status(), answer.isNull() ? "" : answer.toString());
  }

  /** The value with hidden characters in each text that is not an ID or the name of a kind. */
  private static JsonNode tainted(String name, JsonNode value) {
    if (value.isTextual() && !name.matches("(.*_)?id|object")) {
      return TextNode.valueOf(value.textValue() + HIDDEN);
    }
    if (value.isArray()) {
      ArrayNode items = Json.array();
      value.forEach(item -> items.add(tainted(name, item)));
      return items;
    }
    if (value.isObject()) {
      ObjectNode fields = Json.object();
      value
          .properties()
          .forEach(field -> fields.set(field.getKey(), tainted(field.getKey(), field.getValue())));
      return fields;
    }
    return value;
  }

  private static void assertVisible(String tool, ToolResult result) throws IOException {
    assertVisible(tool, Json.read(result.json()));
    result.notes().forEach(note -> assertVisible(tool, note));
    assertVisible(tool, result.meta().toString());
    assertVisible(tool, result.prettyText());
  }

  /** Every text, the names of fields too, as a host reads it. */
  private static void assertVisible(String tool, JsonNode value) {
    if (value.isTextual()) {
      assertVisible(tool, value.textValue());
    }
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      assertVisible(tool, field.getKey());
      assertVisible(tool, field.getValue());
    }
    if (value.isArray()) {
      value.forEach(item -> assertVisible(tool, item));
    }
  }

  private static void assertVisible(String what, String text) {
    assertThat(text.codePoints().filter(HiddenCharactersTest::isHidden).boxed())
        .as("%s: %s", what, text)
        .isEmpty();
  }

  private static boolean isHidden(int character) {
    return character != '\n'
        && character != '\t'
        && switch (Character.getType(character)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
              true;
          default -> character == 0x034F;
        };
  }
}
