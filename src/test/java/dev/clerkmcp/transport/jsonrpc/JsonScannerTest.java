package dev.clerkmcp.transport.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.transport.jsonrpc.JsonScanner.MalformedJsonException;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the scanner with Jackson. */
final class JsonScannerTest {
  private static final JsonFactory JACKSON = new JsonFactory();
  private static final int TEXTS = 300_000;

  private static final List<String> SEEDS =
      List.of(
          "{\"a\":[1,-0.5e+10,true,false,null,\"\\u00e9\\n\\\"\"],\"b\":{\"c\":{}},\"\":[]}",
          "[[],[{}],0,-1,12.25,1E5,\"x\\\\\"]",
          " \"\\ud83d\\ude00 \u00fc \u2028 \ud83d\ude00\" ",
          "-0",
          "{\"n\" : 1 , \"n\" : 2}");

  private static final String PIECES =
      "{}[]:,\"\\/bfnrtu0123456789-+.eE aftslN \t\r\n\u0000\u007f\u00e9";

  @Test
  void scannerAgreesWithJacksonOnWhatIsJson() {
    Random random = new Random(5);
    int valid = 0;
    for (int i = 0; i < TEXTS; i++) {
      String text = mutated(SEEDS.get(random.nextInt(SEEDS.size())), random);
      boolean json = isJson(text);
      valid += json ? 1 : 0;
      assertThat(isScanned(text)).as(text).isEqualTo(json);
    }
    assertThat(valid).isBetween(TEXTS / 20, TEXTS / 2);
  }

  @Test
  void findReturnsWhatJacksonReads() throws Exception {
    String json =
        "{\"x\" : [ 1, {\"name\":2} ], \"na\\u006de\" :\t\"a\\/\\ud83d\\ude00\\u0007\\t\" , \"z\":0.5}";
    assertThat(RawJson.find(json, "x")).isEqualTo("[ 1, {\"name\":2} ]");
    assertThat(RawJson.find(json, "z")).isEqualTo("0.5");
    assertThat(RawJson.find(json, "y")).isNull();
    String name = RawJson.findText(json, "name");
    assertThat(name).isEqualTo(Json.read(json).path("name").textValue());
    assertThat(Json.read(String.valueOf(RawJson.find(json, "name"))).textValue()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 31, 32, '"', '\\', '/', 127, 0xe9, 0x2028, 0xfffd})
  void quoteEqualsJackson(int code) throws Exception {
    String text = "a" + (char) code + "b";
    assertThat(Json.read(RawJson.quote(text))).isEqualTo(TextNode.valueOf(text));
    assertThat(RawJson.quote(text)).isEqualTo(TextNode.valueOf(text).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":"})
  void nestingHasTheLimitOfJackson(String open) {
    String close = open.equals("[") ? "]" : "}";
    String deepest = open.repeat(1000) + "1" + close.repeat(1000);
    assertThat(isScanned(deepest)).isTrue().isEqualTo(isJson(deepest));
    String deeper = open.repeat(1001) + "1" + close.repeat(1001);
    assertThat(isScanned(deeper)).isFalse().isEqualTo(isJson(deeper));
    String absurd = open.repeat(1_000_000);
    assertThat(isScanned(absurd)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001})
  void numbersHaveTheLimitOfJackson(int digits) {
    String number = "1".repeat(digits);
    assertThat(isScanned(number)).isEqualTo(isJson(number)).isEqualTo(digits == 1000);
  }

  @ParameterizedTest
  @ValueSource(ints = {50_000, 50_001})
  void namesHaveTheLimitOfJackson(int characters) {
    String object = "{\"%s\":1}".formatted("n".repeat(characters));
    assertThat(isScanned(object)).isEqualTo(isJson(object)).isEqualTo(characters == 50_000);
  }

  private static boolean isScanned(String text) {
    JsonScanner scanner = new JsonScanner(text);
    try {
      String value = scanner.value();
      boolean all = scanner.atEnd();
      if (all) {
        assertThat(value).isEqualTo(text.replaceAll("^[ \t\r\n]+|[ \t\r\n]+$", ""));
      }
      return all;
    } catch (MalformedJsonException e) {
      return false;
    }
  }

  private static boolean isJson(String text) {
    try (JsonParser parser = JACKSON.createParser(text)) {
      JsonNode value = Json.MAPPER.readTree(parser);
      return value != null && !value.isMissingNode() && parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  private static String mutated(String seed, Random random) {
    StringBuilder text = new StringBuilder(seed);
    for (int i = random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(text.length());
      char piece = PIECES.charAt(random.nextInt(PIECES.length()));
      switch (random.nextInt(4)) {
        case 0 -> text.setCharAt(at, piece);
        case 1 -> text.insert(at, piece);
        case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + 5)));
        default -> text.delete(at, Math.min(text.length() - 1, at + 1));
      }
    }
    return text.toString();
  }
}
