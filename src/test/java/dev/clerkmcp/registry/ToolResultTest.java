package dev.clerkmcp.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests where the notes stand in the JSON of a result. */
final class ToolResultTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"id\":\"a\"} | true | {\"id\":\"a\",\"notes\":[\"Say \\\"hi\\\".\",\"b\"]}",
        "{\"id\":\"a\"} | false | {\"id\":\"a\"}",
        "{} | true | {\"notes\":[\"Say \\\"hi\\\".\",\"b\"]}",
        // No API of Clerk's has such a field today; nothing is overwritten if one gets it.
        "{\"notes\":\"x\"} | true | {\"notes\":\"x\",\"server_notes\":[\"Say \\\"hi\\\".\",\"b\"]}",
        "{\"a\":{\"notes\":\"x\"}} | true | {\"a\":{\"notes\":\"x\"},\"notes\":[\"Say \\\"hi\\\".\",\"b\"]}",
        "[1] | true | {\"data\":[1],\"notes\":[\"Say \\\"hi\\\".\",\"b\"]}",
      })
  void notesAreTheLastFieldOfOneObject(String json, boolean noted, String text) {
    List<String> notes = noted ? List.of("Say \"hi\".", "b") : List.of();
    ToolResult result = new ToolResult(json, false, notes);
    assertThat(result.text()).isEqualTo(text);
    assertThat(ToolResult.withNotes(result.data(), notes).toString()).isEqualTo(text);
  }
}
