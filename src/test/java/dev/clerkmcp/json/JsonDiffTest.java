package dev.clerkmcp.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.JsonDiff.Difference;
import dev.clerkmcp.json.JsonDiff.Missing;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the differences of two values and their paths. */
final class JsonDiffTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      nullValues = "-",
      value = {
        "{'a':1,'b':{'c':[1,2]}} | {'b':{'c':[1,2]},'a':1.0} | ~~",
        "{'b':1,'a':1}           | {'a':2,'b':2}             | a: 1 > 2; b: 1 > 2",
        "{'a':{'b':{'c':1}}}     | {'a':{'b':{'d':1}}}       | a.b.c: 1 > -; a.b.d: - > 1",
        "{'a':[1]}               | {'a':[2]}                 | a: [1] > [2]",
        "{'a':{}}                | {'a':{'b':1}}             | a.b: - > 1",
        "{'a':null}              | {'a':{'b':1}}             | a: null > {'b':1}",
        "{'a':1}                 | {'a':null}                | a: 1 > null",
        "{}                      | {'a':{}}                  | a: - > {}",
        "1                       | 2                         | : 1 > 2",
        "-                       | -                         | ~~",
      })
  void differencesAreFound(@Nullable String before, @Nullable String after, String expected)
      throws Exception {
    for (Missing missing : Missing.values()) {
      assertThat(text(JsonDiff.of(json(before), json(after), missing))).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "WHOLE          | a: - > {'b':{'c':1},'d':2}",
        "FIELD_BY_FIELD | a.b.c: - > 1; a.d: - > 2"
      })
  void missingValuesAreComparedAsRequested(Missing missing, String expected) throws Exception {
    JsonNode full = json("{'a':{'b':{'c':1},'d':2}}");
    assertThat(text(JsonDiff.of(Json.object(), full, missing))).isEqualTo(expected);
    assertThat(JsonDiff.of(full, Json.object(), missing))
        .allMatch(difference -> difference.before() != null && difference.after() == null);
  }

  private static String text(List<Difference> differences) {
    return String.join(
        "; ",
        differences.stream()
            .map(d -> "%s: %s > %s".formatted(d.field(), text(d.before()), text(d.after())))
            .toList());
  }

  private static String text(@Nullable JsonNode value) {
    return value == null ? "-" : value.toString().replace('"', '\'');
  }

  private static @Nullable JsonNode json(@Nullable String text) throws Exception {
    return text == null ? null : Json.read(text.replace('\'', '"'));
  }
}
