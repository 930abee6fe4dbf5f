package dev.clerkmcp.interceptor.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clerkmcp.json.TextFile.UnusableFileException;
import dev.clerkmcp.registry.Effect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
        "{'rules':[{'decision':'deny'}],'default':'deny'}|JSON has the unknown member default; keep only rules"
      })
  void invalidPolicyFileIsRejected(String text, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(Policy.InvalidPolicy.class)
        .hasMessage(message.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'rules':[{'decision':'deny'}]} {}|is not JSON: line 1, column 33",
        "{'rules':[{'decision':'deny'|is not JSON: line 1, column 29",
        "sk_live_notarealkey|is not JSON: line 1, column 1",
        "{'rules':[],'rules':[]}|has a member twice: line 1, column 20",
        "{'rules':[{},{'decision':'deny','decision':'allow'}]}|has a member twice: line 1, column 43",
        "{'rules':[{'public_metadata':{'a':1,'a':2}}]}|has a member twice: line 1, column 40",
      })
  void malformedJsonIsRefusedWithItsPlace(String text, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(UnusableFileException.class)
        .hasMessage(message);
  }

  @Test
  void malformedJsonIsNotQuoted() {
    assertThatThrownBy(() -> parse("{'rules':\n  [nonsense]}"))
        .message()
        .startsWith("is not JSON: line 2, column ")
        .doesNotContain("nonsense");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "9"})
  void jsonBeyondTheLimitsIsRefusedWithItsPlace(String repeated) {
    assertThatThrownBy(() -> parse("{'rules':\n" + repeated.repeat(2000)))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageMatching(
            "has more than 1000 levels, 1000 digits of a number or 50000 characters of a name:"
                + " line 2, column \\d+");
  }

  @Test
  void fileMustBeSmallUtf8() throws IOException {
    String rules = "{\"rules\":[{\"decision\":\"deny\"}]}";
    Path large = Files.writeString(folder.resolve("large"), " ".repeat(1 << 20) + rules);
    assertThatThrownBy(() -> PolicyFixture.read(large))
        .isInstanceOf(UnusableFileException.class)
        .hasMessage("is larger than 1 MiB");
    Path other = Files.write(folder.resolve("other"), "ü".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> PolicyFixture.read(other))
        .hasMessage("is not UTF-8; save it in that encoding");
    assertThatThrownBy(() -> PolicyFixture.read(folder.resolve("missing")))
        .isInstanceOf(IOException.class);
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
