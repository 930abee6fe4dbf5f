package dev.clerkmcp.server;

import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.clerk.RateLimiter;
import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.clerk.TraceHeaderInterceptor;
import dev.clerkmcp.config.ConfigException;
import dev.clerkmcp.config.InstancesConfig;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.sandbox.Sandbox;
import dev.clerkmcp.sandbox.SandboxSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Creates the instances of a configuration, each with its own client. */
public final class InstanceFactory implements Supplier<ClerkInstances> {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  private final ServerConfig config;
  private final String userAgent;
  private final @Nullable Sandbox open;

  private InstanceFactory(ServerConfig config, String userAgent, @Nullable Sandbox open) {
    this.config = config;
    this.userAgent = userAgent;
    this.open = open;
  }

  /**
   * Opens the sandbox's file, if one is set. The instances are created later, so that the start
   * does not wait for them.
   *
   * @throws ConfigException if the sandbox's file cannot be used
   */
  public static Supplier<ClerkInstances> to(ServerConfig config, String userAgent)
      throws ConfigException {
    SandboxSettings sandbox = config.sandbox();
    Sandbox open = sandbox == null || sandbox.file() == null ? null : open(sandbox);
    return new InstanceFactory(config, userAgent, open);
  }

  @Override
  public ClerkInstances get() {
    SandboxSettings sandbox = config.sandbox();
    if (sandbox == null) {
      return instances();
    }
    return sandbox(open == null ? Sandbox.open(sandbox) : open);
  }

  /**
   * Opens the sandbox.
   *
   * @throws ConfigException if its file cannot be used
   */
  public static Sandbox open(SandboxSettings settings) throws ConfigException {
    try {
      return Sandbox.open(settings);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "%s is %s: this file %s."
              .formatted(
                  Setting.SANDBOX_FILE,
                  QuotedText.name(String.valueOf(settings.file())),
                  e.getMessage()));
    }
  }

  private ClerkInstances sandbox(Sandbox sandbox) {
    SecretKey key = Objects.requireNonNull(config.clerk().key());
    ClerkClient clerk = ClerkClient.create(settings(key), sandbox.interceptor());
    return ClerkInstances.of(
        new ClerkInstance("sandbox", clerk, key.isLive(), config.tools(), sandbox::now));
  }

  private ClerkInstances instances() {
    SecretKey key = config.clerk().key();
    if (config.instances().isEmpty()) {
      String name = key != null && key.isLive() ? "production" : "development";
      return ClerkInstances.of(instance(name, key, config.tools()));
    }
    List<ClerkInstance> all = new ArrayList<>();
    ClerkInstance byDefault = null;
    for (InstancesConfig.Named named : config.instances()) {
      ClerkInstance instance = instance(named.name(), named.key(), named.tools());
      all.add(instance);
      byDefault = named.byDefault() ? instance : byDefault;
    }
    return new ClerkInstances(all, byDefault);
  }

  private ClerkInstance instance(String name, @Nullable SecretKey key, ToolFilter tools) {
    boolean live = key != null && key.isLive();
    ClerkClient clerk =
        config.clerk().traceparent()
            ? ClerkClient.create(settings(key), new TraceHeaderInterceptor())
            : ClerkClient.create(settings(key));
    return new ClerkInstance(name, clerk, live, tools);
  }

  private ClerkClient.Settings settings(@Nullable SecretKey key) {
    return new ClerkClient.Settings(
        key,
        config.clerk().baseUrl(),
        userAgent,
        config.clerk().timeout(),
        FIRST_PAUSE,
        rateLimiter(key),
        config.clerk().network());
  }

  /**
   * The rate limiter of a key; null for the sandbox, which has no rate limits, in this process or
   * another.
   */
  private @Nullable RateLimiter rateLimiter(@Nullable SecretKey key) {
    if (!config.clerk().pacing() || key == null || key.isSandbox()) {
      return null;
    }
    return key.isLive() ? RateLimiter.forLive() : RateLimiter.forTest();
  }
}
