package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests what the workflows on GitHub may do, and with whose code. */
final class WorkflowsTest {
  /** With one of these a job could publish something under the project's name. */
  private static final List<String> PUBLISHING =
      List.of("contents", "packages", "id-token", "attestations");

  static List<Path> workflows() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(".github/workflows"))) {
      return files.sorted().toList();
    }
  }

  /** A plugin or a library of the build could otherwise replace what is released. */
  @ParameterizedTest
  @MethodSource("workflows")
  void jobThatMayPublishBuildsNothing(Path file) throws IOException {
    JsonNode workflow = read(file);
    assertThat(workflow.path("permissions").toString()).doesNotContain("write");
    for (JsonNode job : workflow.path("jobs")) {
      JsonNode permissions = job.path("permissions");
      if (PUBLISHING.stream().anyMatch(name -> permissions.path(name).asText().equals("write"))) {
        assertThat(job.path("steps").toString())
            .doesNotContain("mvn", "npm", ".ci/run", "actions/checkout");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void actionsArePinned(Path file) throws IOException {
    List<String> actions = read(file).findValuesAsText("uses");
    assertThat(actions).isNotEmpty().allMatch(action -> action.matches("[\\w./-]+@[0-9a-f]{40}"));
  }

  private static JsonNode read(Path file) throws IOException {
    return new YAMLMapper().readTree(Files.readString(file));
  }
}
