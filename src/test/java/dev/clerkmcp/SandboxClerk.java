package dev.clerkmcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.config.ConfigException;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.interceptor.InterceptorChain;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.server.ToolModule;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A sandbox that answers some requests otherwise, and remembers what was asked. */
public final class SandboxClerk {
  private final SandboxCalls sandbox;
  private final List<Function<String, FakeClerk.@Nullable Answer>> instead = new ArrayList<>();
  private final FakeClerk clerk = FakeClerk.answering(this::answer);

  /** One that holds nothing. */
  public SandboxClerk() {
    this(SandboxCalls.empty());
  }

  /** One that holds what the sandbox does. */
  public SandboxClerk(SandboxCalls sandbox) {
    this.sandbox = sandbox;
  }

  /** All tools, at a time, behind the rails that environment variables put up. */
  public ToolRegistry railed(Instant now, Path folder, Map<String, String> variables) {
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("CLERK_SECRET_KEY", "sk_test_notarealkey");
    environment.put("CLERK_MCP_SECRETS_DIR", folder.resolve("secrets").toString());
    try {
      ServerConfig config = ServerConfig.from(environment);
      return ToolModule.registry(
          ClerkInstances.of(
              new ClerkInstance("test", clerk.client(), false, config.tools(), () -> now)),
          new InterceptorChain(config.safety()));
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  /** What the sandbox holds, past all that is answered otherwise. */
  public SandboxCalls sandbox() {
    return sandbox;
  }

  public FakeClerk clerk() {
    return clerk;
  }

  /** Refuses the requests that begin so. */
  public void refuse(String request, int status, String code) {
    answer(
        request,
        new FakeClerk.Answer(
            status, "{\"errors\":[{\"code\":\"%s\",\"message\":\"no\"}]}".formatted(code)));
  }

  /** Gives the requests that begin so that answer. */
  public void answer(String request, FakeClerk.Answer answer) {
    instead(asked -> asked.startsWith(request) ? answer : null);
  }

  /** Answers requests otherwise, unless the answer is null. */
  public void instead(Function<String, FakeClerk.@Nullable Answer> other) {
    instead.add(other);
  }

  /** Gives that request alone the answer, and none that goes on after it. */
  public void answerExactly(String request, FakeClerk.Answer answer) {
    instead.add(asked -> asked.equals(request) ? answer : null);
  }

  /** Does something before the requests that begin so are answered. */
  public void before(String request, Runnable action) {
    instead.add(
        asked -> {
          if (asked.startsWith(request)) {
            action.run();
          }
          return null;
        });
  }

  /** Answers everything as the sandbox does again. */
  public void mend() {
    instead.clear();
  }

  /** Calls a tool with JSON, in which single quotes may stand for double ones. */
  public ToolResult call(String tool, String arguments) {
    return call(ToolModule.registry(clerk.client()), tool, arguments);
  }

  /** Calls a tool of some registry. */
  public ToolResult call(ToolRegistry tools, String tool, String arguments) {
    return call(tools, tool, arguments, new Invocation(Runnable::run, Caller.UNKNOWN));
  }

  /** Calls a tool as part of a call that may be cancelled. */
  public ToolResult call(ToolRegistry tools, String tool, String arguments, Invocation invocation) {
    clerk.forget();
    return tools.call(
        Objects.requireNonNull(tools.find(tool), tool),
        json(arguments.replace('\'', '"')),
        invocation);
  }

  /** Calls a tool and cancels the call when a request that begins so is about to be answered. */
  public void callAndCancel(String tool, String arguments, String request) {
    Invocation invocation = new Invocation(Runnable::run, Caller.UNKNOWN);
    before(request, invocation::cancel);
    call(ToolModule.registry(clerk.client()), tool, arguments, invocation);
  }

  /** The requests since the last call of a tool that change something, without their bodies. */
  public List<String> changes() {
    Predicate<String> reads = request -> request.startsWith("GET ");
    return clerk.requests().stream()
        .filter(reads.negate())
        .map(request -> request.lines().findFirst().orElse(""))
        .toList();
  }

  /** The JSON of a result. */
  public static JsonNode json(ToolResult result) {
    return json(result.json());
  }

  private static JsonNode json(String text) {
    try {
      return Json.read(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private FakeClerk.Answer answer(String request) {
    for (Function<String, FakeClerk.@Nullable Answer> other : List.copyOf(instead)) {
      FakeClerk.Answer answer = other.apply(request);
      if (answer != null) {
        return answer;
      }
    }
    String[] lines = request.split("\n", 2);
    String[] words = lines[0].split(" ", 2);
    SandboxCalls.Reply reply = sandbox.call(words[0], words[1], lines.length > 1 ? lines[1] : "");
    return new FakeClerk.Answer(reply.status(), reply.body().toString());
  }
}
