package dev.clerkmcp.config;

import dev.clerkmcp.Lazy;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.interceptor.InterceptorFactory;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.sandbox.SandboxSettings;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds all settings of the server, read and checked.
 *
 * @param clerk the connection to Clerk
 * @param logLevel error, warn, info or debug
 * @param allDefaults true if none of this server's flags or variables is set
 * @param lazyTools which tools are listed, and which are off
 * @param instances the instances in the file; empty if no file is set
 * @param lazySafety the safety settings (confirmation, policy, audit, redaction), and the limits of
 *     answers
 * @param sandbox null unless the sandbox replaces Clerk
 */
public record ServerConfig(
    ClerkConfig clerk,
    String logLevel,
    boolean allDefaults,
    Lazy<ToolFilter> lazyTools,
    List<InstancesConfig.Named> instances,
    Lazy<InterceptorFactory.Settings> lazySafety,
    @Nullable SandboxSettings sandbox) {

  /**
   * Reads the environment.
   *
   * @throws ConfigException with all mistakes in it
   */
  public static ServerConfig from(Map<String, String> variables) throws ConfigException {
    return from(variables, Map.of());
  }

  /**
   * Reads the environment and the flags of a command line, which override its variables.
   *
   * @throws ConfigException with all mistakes in both
   */
  public static ServerConfig from(Map<String, String> variables, Map<Setting, String> flags)
      throws ConfigException {
    Environment environment = new Environment(variables, flags);
    boolean allDefaults = environment.isAllDefaults();
    if (!allDefaults) {
      environment.rejectUnknown();
    }
    SandboxSettings sandbox = allDefaults ? null : SandboxConfig.from(environment);
    ClerkConfig clerk = ClerkConfig.from(environment, sandbox != null);
    List<InstancesConfig.Named> instances =
        allDefaults ? List.of() : InstancesConfig.from(environment);
    ServerConfig config =
        new ServerConfig(
            clerk,
            environment.word(Setting.LOG_LEVEL),
            allDefaults,
            new Lazy<>(new Tools(environment, clerk.key(), instances)),
            instances,
            new Lazy<>(new Safety(environment)),
            sandbox);
    // Reading them now reports mistakes. The defaults have no mistakes, so they are read later, to
    // start faster.
    if (!allDefaults) {
      config.tools();
      config.safety();
    }
    environment.check();
    return config;
  }

  /** Which tools are listed, and which are off. */
  public ToolFilter tools() {
    return lazyTools.get();
  }

  /** The safety settings, and the limits of answers. */
  public InterceptorFactory.Settings safety() {
    return lazySafety.get();
  }

  /** Reads which tools are listed, and which are off. */
  private record Tools(
      Environment environment, @Nullable SecretKey key, List<InstancesConfig.Named> instances)
      implements Supplier<ToolFilter> {
    @Override
    public ToolFilter get() {
      return instances.isEmpty()
          ? ToolFilterConfig.from(environment, key)
          : InstancesConfig.tools(instances);
    }
  }

  /** Reads the safety settings, and the limits of answers. */
  private record Safety(Environment environment) implements Supplier<InterceptorFactory.Settings> {
    @Override
    public InterceptorFactory.Settings get() {
      return SafetyConfig.from(environment);
    }
  }
}
