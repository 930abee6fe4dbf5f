package dev.clerkmcp.interceptor.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clerkmcp.registry.Effect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which files are valid policies, and the messages for invalid ones. */
final class PolicyFileTest {
  private final Path folder;

  PolicyFileTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|JSON is not an object with a list of rules; write {'rules': [{'decision': 'confirm', 'effects': ['destroy']}]}",
        "[]|JSON is not an object with a list of rules; write {'rules': [{'decision': 'confirm', 'effects': ['destroy']}]}",
        "{}|JSON is not an object with a list of rules; write {'rules': [{'decision': 'confirm', 'effects': ['destroy']}]}",
        "{'rules':{}}|JSON is not an object with a list of rules; write {'rules': [{'decision': 'confirm', 'effects': ['destroy']}]}",
        "{'rules':[]}|list of rules is empty; write {'rules': [{'decision': 'confirm', 'effects': ['destroy']}]}",
        "{'rules':[{'decision':'deny'}],'default':'deny'}|JSON has the unknown member default; keep only rules",
        "{'rules':[{'decision':'deny'}]} {}|JSON is malformed in line 1, column 33; correct it there or just before",
        "{'rules':[{'decision':'deny'|JSON is malformed in line 1, column 29; correct it there or just before",
        "{'rules':[],'rules':[]}|JSON has a member twice in line 1, column 20; keep one",
        "{'rules':[{},{'decision':'deny','decision':'allow'}]}|rule 2 has a member twice in line 1, column 43; keep one",
        "{'rules':[{'public_metadata':{'a':1,'a':2}}]}|rule 1 has a member twice in line 1, column 40; keep one",
      })
  void invalidPolicyFileIsRejected(String text, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(Policy.InvalidPolicy.class)
        .hasMessage(message.replace('\'', '"'));
  }

  @Test
  void malformedJsonIsNotQuoted() {
    assertThatThrownBy(() -> parse("sk_live_notarealkey"))
        .hasMessage("JSON is malformed in line 1, column 1; correct it there or just before");
    assertThatThrownBy(() -> parse("{'rules':\n  [nonsense]}"))
        .message()
        .startsWith("JSON is malformed in line 2, column ")
        .doesNotContain("nonsense");
    assertThatThrownBy(() -> parse("[".repeat(2000)))
        .isInstanceOf(Policy.InvalidPolicy.class)
        .message()
        .startsWith("JSON is malformed in line 1, column 100");
  }

  @Test
  void fileMustBeSmallUtf8() throws IOException {
    String rules = "{\"rules\":[{\"decision\":\"deny\"}]}";
    Path large = Files.writeString(folder.resolve("large"), " ".repeat(1 << 20) + rules);
    assertThatThrownBy(() -> PolicyFixture.read(large))
        .isInstanceOf(Policy.InvalidPolicy.class)
        .hasMessage("size is more than 1 MiB; name the file that holds the rules");
    Path other = Files.write(folder.resolve("other"), "ü".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> PolicyFixture.read(other))
        .hasMessage("text is not UTF-8; save it in that encoding");
    assertThatThrownBy(() -> PolicyFixture.read(folder.resolve("missing")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void largestFileWithByteOrderMarkIsAccepted(int mark) throws Exception {
    String rules = "\uFEFF".repeat(mark) + "{\"rules\":[{\"decision\":\"deny\"}]}";
    int bytes = rules.getBytes(StandardCharsets.UTF_8).length;
    Path file = Files.writeString(folder.resolve("file"), rules + " ".repeat((1 << 20) - bytes));
    assertThat(PolicyFixture.read(file).decideWhole("clerk_user_ban", Effect.DESTROY).rule())
        .isEqualTo("rule 1");
  }

  private Policy parse(String text) throws Exception {
    return PolicyFixture.parse(folder, text);
  }
}
