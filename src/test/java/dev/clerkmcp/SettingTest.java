package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every setting is declared once, and explained. */
final class SettingTest {
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final Pattern NAME =
      Pattern.compile("CLERK_MCP_|CLERK_SECRET_KEY|CLERK_API_URL|\"--(access|read-only|toolsets)");

  /** A setting's name in another class would stay behind when it is renamed here. */
  @Test
  void onlySettingContainsSettingNames() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      List<Path> spelling =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> NAME.matcher(text(file)).find())
              .toList();
      assertThat(spelling).containsExactly(SOURCES.resolve("dev/clerkmcp/Setting.java"));
    }
  }

  @Test
  void namesAreUnique() {
    assertThat(Setting.values()).extracting(Setting::variable).doesNotHaveDuplicates();
    assertThat(Stream.of(Setting.values()).map(Setting::flag).filter(Objects::nonNull))
        .hasSizeGreaterThan(5)
        .doesNotHaveDuplicates()
        .allMatch(flag -> flag.matches("--[a-z]+(-[a-z]+)*"));
  }

  @ParameterizedTest
  @EnumSource
  void docIsOneLineOfWholeSentences(Setting setting) {
    assertThat(setting.doc()).matches("[^\\n|]+\\.").doesNotContain("..  ", " .");
  }

  @ParameterizedTest
  @EnumSource
  void defaultIsAllowedAndDocListsTheWords(Setting setting) {
    Setting.Allowed allowed = setting.allowed();
    switch (allowed.kind()) {
      case SWITCH -> assertThat(setting.defaultValue()).isIn("true", "false");
      case WORD -> {
        assertThat(allowed.words()).contains(setting.defaultValue());
        assertThat(allowed.words())
            .allSatisfy(word -> assertThat(setting.doc()).contains("`" + word + "`"));
      }
      case NUMBER ->
          assertThat((long) setting.defaultNumber()).isBetween(allowed.least(), allowed.most());
      default -> assertThat(allowed.words()).isEmpty();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
