package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Messages, descriptions and documentation name only tools that exist. */
final class NamedToolsTest {
  private static final Pattern TOOL = Pattern.compile("\\bclerk(?:_[a-z0-9]+)+\\b(?![_*])");

  /** Names of other things. */
  private static final Set<String> OTHERS =
      Set.of(
          "clerk_api_key",
          "clerk_idp_oauth_access_token",
          "clerk_key_invalid",
          "clerk_mcp_sandbox",
          "clerk_secret_key",
          "clerk_trace_id");

  @Test
  void namedToolsExist() throws IOException {
    ToolRegistry tools = ToolModule.registry(FakeClerk.answering("{}").client());
    Set<String> unknown = new TreeSet<>();
    int named = 0;
    for (Path file : files()) {
      Matcher tool = TOOL.matcher(Files.readString(file));
      while (tool.find()) {
        named++;
        if (tools.find(tool.group()) == null && !OTHERS.contains(tool.group())) {
          unknown.add(file + ": " + tool.group());
        }
      }
    }
    assertThat(unknown).isEmpty();
    assertThat(named).isGreaterThan(500);
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src", "main"))) {
      return Stream.concat(sources, Stream.of(Path.of("README.md")))
          .filter(file -> file.toString().matches(".*\\.(java|md|txt)"))
          .sorted()
          .toList();
    }
  }
}
