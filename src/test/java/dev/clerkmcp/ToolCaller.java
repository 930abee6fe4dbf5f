package dev.clerkmcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.config.ConfigException;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.interceptor.InterceptorFactory;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.TokenEstimate;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.Interceptors;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Builds registries of all tools on one instance, named test, and calls the tools. */
public final class ToolCaller {
  private ToolCaller() {}

  /** All tools with one interceptor around them and no other. */
  public static ToolRegistry tools(FakeClerk clerk, ToolInterceptor interceptor) {
    return tools(clerk, new Interceptors(List.of(), List.of(interceptor), List.of(), List.of()));
  }

  /** All tools with only these interceptors. */
  public static ToolRegistry tools(FakeClerk clerk, Interceptors interceptors) {
    return ToolModule.registry(
        instance(clerk.client(), InstantSource.system(), config(Map.of())), interceptors);
  }

  /**
   * All tools with all interceptors.
   *
   * @param folder where secrets are stored
   * @param settings environment variables; without a secret key the instance is a test instance
   */
  public static ToolRegistry tools(ClerkClient clerk, Path folder, Map<String, String> settings) {
    return tools(clerk, InstantSource.system(), folder, settings);
  }

  /**
   * All tools with all interceptors.
   *
   * @param clock the time of the instance
   * @param folder where secrets are stored
   * @param settings environment variables; without a secret key the instance is a test instance
   */
  public static ToolRegistry tools(
      ClerkClient clerk, InstantSource clock, Path folder, Map<String, String> settings) {
    ServerConfig config = config(folder, settings);
    return ToolModule.registry(
        instance(clerk, clock, config), new InterceptorFactory(config.safety()));
  }

  /** All tools as {@code policy test} calls them: they answer what the policy would decide. */
  public static ToolRegistry policyTest(
      ClerkClient clerk, Path folder, Map<String, String> settings) {
    ServerConfig config = config(folder, settings);
    return ToolModule.registry(
        instance(clerk, InstantSource.system(), config),
        InterceptorFactory.forPolicyTest(config.safety()));
  }

  private static ClerkInstances instance(
      ClerkClient clerk, InstantSource clock, ServerConfig config) {
    boolean live = Objects.requireNonNull(config.clerk().key()).isLive();
    return ClerkInstances.of(new ClerkInstance("test", clerk, live, config.tools(), clock));
  }

  private static ServerConfig config(Path folder, Map<String, String> settings) {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("CLERK_MCP_SECRETS_DIR", folder.resolve("secrets").toString());
    environment.putIfAbsent("CLERK_MCP_UPLOAD_DIR", ExampleArguments.UPLOADS.toString());
    return config(environment);
  }

  private static ServerConfig config(Map<String, String> settings) {
    Map<String, String> environment = new HashMap<>(settings);
    environment.putIfAbsent("CLERK_SECRET_KEY", "sk_test_notarealkey");
    try {
      return ServerConfig.from(environment);
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Writes a policy file and returns the setting that names it.
   *
   * @param rule JSON, in which single quotes may stand for double ones
   */
  public static Map<String, String> policy(Path folder, String rule) {
    try {
      Path file =
          Files.writeString(
              folder.resolve("policy.json"), "{\"rules\":[%s]}".formatted(rule.replace('\'', '"')));
      return Map.of("CLERK_MCP_POLICY", file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Calls a tool with JSON, in which single quotes may stand for double ones. */
  public static ToolResult call(ToolRegistry tools, String name, String arguments) {
    return call(tools, name, arguments, Caller.UNKNOWN);
  }

  /** Calls a tool for a caller, with JSON in which single quotes may stand for double ones. */
  public static ToolResult call(ToolRegistry tools, String name, String arguments, Caller caller) {
    return call(tools, name, arguments(arguments), caller);
  }

  public static ToolResult call(ToolRegistry tools, String name, JsonNode arguments) {
    return call(tools, name, arguments, Caller.UNKNOWN);
  }

  /** Calls a tool by its name or an alias. */
  public static ToolResult call(
      ToolRegistry tools, String name, JsonNode arguments, Caller caller) {
    return call(tools, name, arguments, new Invocation(Runnable::run, caller));
  }

  /** Calls a tool as part of a call that may be cancelled. */
  public static ToolResult call(
      ToolRegistry tools, String name, JsonNode arguments, Invocation invocation) {
    return tools.call(Objects.requireNonNull(tools.find(name), name), name, arguments, invocation);
  }

  /** Reads arguments from JSON, in which single quotes may stand for double ones. */
  public static JsonNode arguments(String text) {
    return read(text.replace('\'', '"'));
  }

  /** The JSON of a result. */
  public static JsonNode json(ToolResult result) {
    return read(result.json());
  }

  private static JsonNode read(String json) {
    try {
      return Json.read(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** The estimated tokens of an answer with its notes. */
  public static long tokens(ToolResult result) {
    return TokenEstimate.of(result.text());
  }
}
