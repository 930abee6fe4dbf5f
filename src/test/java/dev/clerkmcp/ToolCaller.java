package dev.clerkmcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.config.ConfigException;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.Interceptors;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.server.ToolModule;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Calls tools with only the interceptors under test. */
final class ToolCaller {
  private ToolCaller() {}

  /** All tools on one instance, named test, with one interceptor around them. */
  static ToolRegistry tools(FakeClerk clerk, ToolInterceptor interceptor) {
    return tools(clerk, new Interceptors(List.of(), List.of(interceptor), List.of(), List.of()));
  }

  /** All tools on one instance, named test. */
  static ToolRegistry tools(FakeClerk clerk, Interceptors interceptors) {
    try {
      var toolFilter = ServerConfig.from(Map.of("CLERK_SECRET_KEY", "sk_test_notarealkey")).tools();
      return ToolModule.registry(
          ClerkInstances.of(new ClerkInstance("test", clerk.client(), false, toolFilter)),
          interceptors);
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  /** Calls with JSON, in which single quotes may stand for double ones. */
  static ToolResult call(ToolRegistry tools, String name, String arguments) {
    try {
      return call(tools, name, Json.read(arguments.replace('\'', '"')));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static ToolResult call(ToolRegistry tools, String name, JsonNode arguments) {
    return tools.call(
        Objects.requireNonNull(tools.find(name), name),
        arguments,
        new Invocation(Runnable::run, Caller.UNKNOWN));
  }
}
