package dev.clerkmcp.config;

import dev.clerkmcp.interceptor.output.OutputSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What answers may cost and where files may go, read from environment variables. */
final class AnswersConfig {
  private static final String MAX_RESULT_TOKENS = "CLERK_MCP_MAX_RESULT_TOKENS";
  private static final String EXPORT_DIR = "CLERK_MCP_EXPORT_DIR";

  /** Below this an answer could not say what it left out. */
  private static final int FEWEST_TOKENS = 500;

  private static final int MOST_TOKENS = 1_000_000;

  /** All variables, for the check of misspelt ones. */
  static final List<String> ALL = List.of(EXPORT_DIR, MAX_RESULT_TOKENS);

  private AnswersConfig() {}

  /**
   * Reads the settings.
   *
   * @throws ConfigException for the first mistake
   */
  static OutputSettings from(Map<String, String> environment) throws ConfigException {
    String folder = Config.value(environment, EXPORT_DIR, "");
    Path exports = folder.isEmpty() ? null : RailsConfig.path(EXPORT_DIR, folder);
    int tokens =
        Config.number(
            environment, MAX_RESULT_TOKENS, OutputSettings.MAX_TOKENS, FEWEST_TOKENS, MOST_TOKENS);
    return new OutputSettings(tokens, exports);
  }
}
