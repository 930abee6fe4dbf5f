package dev.clerkmcp.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class KeyPathTest {
  static Stream<List<String>> keys() {
    return Stream.of(
        List.of("a"),
        List.of("a", "b", "c"),
        List.of("a.b"),
        List.of("a", "b.c", "d"),
        List.of("a", ""),
        List.of(""),
        List.of("a[\"b\"]"),
        List.of("a\\", "\"", "[", "]", "b"),
        List.of("a.", ".b", "\u0000", "\ud83d\ude00"));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void keysAreReadAsTheyWereWritten(List<String> keys) {
    assertThat(KeyPath.keys(KeyPath.of(keys))).isEqualTo(keys);
    List<String> rest = keys.subList(1, keys.size());
    assertThat(KeyPath.below(KeyPath.of(keys.subList(0, 1)), KeyPath.of(rest)))
        .isEqualTo(KeyPath.of(keys));
  }

  @Test
  void keyWithADotIsQuoted() {
    assertThat(KeyPath.of(List.of("metadata", "a", "b"))).isEqualTo("metadata.a.b");
    assertThat(KeyPath.of(List.of("metadata", "a.b"))).isEqualTo("metadata[\"a.b\"]");
  }
}
