package dev.clerkmcp.config;

import dev.clerkmcp.Lazy;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.interceptor.InterceptorChain;
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
 * @param standard true if none of this server's flags or variables is set
 * @param lazyTools which tools are listed, and which are off
 * @param instances the instances in the file; empty if no file is set
 * @param lazyRails the safety rails, and the limits of answers
 * @param sandbox null unless the sandbox replaces Clerk
 */
public record ServerConfig(
    ClerkConfig clerk,
    String logLevel,
    boolean standard,
    Lazy<ToolFilter> lazyTools,
    List<InstancesConfig.Named> instances,
    Lazy<InterceptorChain.Settings> lazyRails,
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
    boolean standard = environment.isStandard();
    if (!standard) {
      environment.rejectUnknown();
    }
    SandboxSettings sandbox = standard ? null : SandboxConfig.from(environment);
    ClerkConfig clerk = ClerkConfig.from(environment, sandbox != null);
    List<InstancesConfig.Named> instances =
        standard ? List.of() : InstancesConfig.from(environment);
    ServerConfig config =
        new ServerConfig(
            clerk,
            environment.word(Setting.LOG_LEVEL),
            standard,
            new Lazy<>(new Tools(environment, clerk.key(), instances)),
            instances,
            new Lazy<>(new Safety(environment)),
            sandbox);
    // Read now, to report mistakes; with the defaults there are none, so this is put off to start
    // faster.
    if (!standard) {
      config.tools();
      config.rails();
    }
    environment.check();
    return config;
  }

  /** Which tools are listed, and which are off. */
  public ToolFilter tools() {
    return lazyTools.get();
  }

  /** The safety rails, and the limits of answers. */
  public InterceptorChain.Settings rails() {
    return lazyRails.get();
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

  /** Reads the safety rails, and the limits of answers. */
  private record Safety(Environment environment) implements Supplier<InterceptorChain.Settings> {
    @Override
    public InterceptorChain.Settings get() {
      return SafetyConfig.from(environment);
    }
  }
}
