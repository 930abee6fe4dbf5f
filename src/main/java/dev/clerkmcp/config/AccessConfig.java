package dev.clerkmcp.config;

import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.registry.Access;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a person lets the tools do, read from environment variables. */
final class AccessConfig {
  private static final String ACCESS = "CLERK_MCP_ACCESS";
  private static final String ALLOW_IRREVERSIBLE = "CLERK_MCP_ALLOW_IRREVERSIBLE";
  private static final String READ_ONLY = "CLERK_MCP_READ_ONLY";

  /** All variables, for the check of misspelt ones. */
  static final List<String> ALL = List.of(ACCESS, ALLOW_IRREVERSIBLE, READ_ONLY);

  private AccessConfig() {}

  /**
   * Reads the settings. With a live key, what cannot be undone has to be allowed expressly.
   *
   * @throws ConfigException for the first mistake
   */
  static Access from(Map<String, String> environment, @Nullable SecretKey key)
      throws ConfigException {
    Access.Level level =
        switch (Config.value(environment, ACCESS, "full")) {
          case "read" -> Access.Level.READ;
          case "write" -> Access.Level.WRITE;
          case "full" -> Access.Level.FULL;
          default -> throw new ConfigException(ACCESS + " must be read, write or full.");
        };
    boolean readOnly = Config.flag(environment, READ_ONLY);
    boolean allowed = Config.flag(environment, ALLOW_IRREVERSIBLE);
    boolean live = key != null && key.isLive();
    return new Access(readOnly ? Access.Level.READ : level, allowed || !live);
  }
}
