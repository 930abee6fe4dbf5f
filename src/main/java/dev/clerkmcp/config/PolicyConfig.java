package dev.clerkmcp.config;

import dev.clerkmcp.interceptor.policy.Policy;
import dev.clerkmcp.registry.ToolIndexReader;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The policy that a person gives, read from the file that an environment variable names. */
final class PolicyConfig {
  private static final String POLICY = "CLERK_MCP_POLICY";

  /** All variables, for the check of misspelt ones. */
  static final List<String> ALL = List.of(POLICY);

  private PolicyConfig() {}

  /**
   * Reads the policy; without a file, nothing is read.
   *
   * @throws ConfigException for the first mistake
   */
  static Policy from(Map<String, String> environment) throws ConfigException {
    String file = Config.value(environment, POLICY, "");
    if (file.isEmpty()) {
      return Policy.none();
    }
    try {
      return Policy.parse(Path.of(file), ToolIndexReader.lines());
    } catch (IOException | InvalidPathException e) {
      throw new ConfigException("The file that %s names cannot be read.".formatted(POLICY));
    } catch (Policy.InvalidPolicy e) {
      throw new ConfigException("%s names a file whose %s.".formatted(POLICY, e.getMessage()));
    }
  }
}
