package dev.clerkmcp.sandbox.handlers.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MetadataTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                       | {'a':1}                | {'a':1}",
        "{'a':1,'b':2}            | {'a':3}                | {'a':3,'b':2}",
        "{'a':{'b':{'c':1}}}      | {'a':{'b':{'d':2}}}    | {'a':{'b':{'c':1,'d':2}}}",
        "{'a':1,'b':2}            | {'a':null}             | {'b':2}",
        "{'a':{'b':1,'c':2}}      | {'a':{'b':null}}       | {'a':{'c':2}}",
        "{'a':{'b':1}}            | {'a':null}             | {}",
        "{'a':[1,2]}              | {'a':[3]}              | {'a':[3]}",
        "{'a':{'b':1}}            | {'a':'text'}           | {'a':'text'}",
        "{'a':'text'}             | {'a':{'b':1,'c':null}} | {'a':{'b':1}}",
        "{'a':1}                  | {}                     | {'a':1}",
      })
  void mergesAtEveryDepth(String before, String given, String after) {
    ObjectNode row = row(before);

    Metadata.merge(row, row(given));

    assertThat(row).isEqualTo(row(after));
  }

  @Test
  void mergeKeepsOtherFieldsAndMetadata() {
    ObjectNode row = row("{'a':1}").put("name", "Acme");
    row.putObject("private_metadata").put("x", 1);

    Metadata.merge(row, row("{'a':2}").put("name", "other"));

    assertThat(row.path("name").asText()).isEqualTo("Acme");
    assertThat(row.at("/private_metadata/x").asInt()).isEqualTo(1);
  }

  @Test
  void replaceKeepsMetadataThatIsNotGiven() {
    ObjectNode row = row("{'a':{'b':1},'c':2}");
    row.putObject("private_metadata").put("x", 1);

    Metadata.replace(row, row("{'a':{'d':null}}"));

    assertThat(row.path("public_metadata")).isEqualTo(json("{'a':{'d':null}}"));
    assertThat(row.at("/private_metadata/x").asInt()).isEqualTo(1);
  }

  @Test
  void createSetsMissingMetadataToEmpty() {
    ObjectNode row = Json.object();

    Metadata.create(row, row("{'a':1}"));

    assertThat(row).isEqualTo(json("{'public_metadata':{'a':1},'private_metadata':{}}"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8 * 1024})
  void acceptsEightKilobytes(int bytes) {
    ObjectNode row = row("{'a':'%s'}".formatted("x".repeat(Math.max(0, bytes - 8))));

    Metadata.checkSize(row);

    assertThat(row.path("public_metadata").toString().length()).isLessThanOrEqualTo(8 * 1024);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "é"})
  void rejectsMoreThanEightKilobytesOfUtf8(String letter) {
    int letters = letter.equals("x") ? 8 * 1024 : 4 * 1024;
    ObjectNode row = row("{'a':'%s'}".formatted(letter.repeat(letters)));

    assertThatExceptionOfType(ApiError.class)
        .isThrownBy(() -> Metadata.checkSize(row))
        .satisfies(error -> assertThat(error.code()).isEqualTo("form_param_exceeds_allowed_size"));
  }

  private static ObjectNode row(String metadata) {
    ObjectNode row = Json.object();
    row.set("public_metadata", json(metadata));
    return row;
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) Json.read(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
