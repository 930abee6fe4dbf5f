package dev.clerkmcp;

import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.clerk.RateLimiter;
import dev.clerkmcp.clerk.SentInterceptor;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.server.ToolModule;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A sandbox of which tests can replace some answers, and which records the requests. */
public final class SandboxClerk {
  private final SandboxCalls sandbox;
  private final List<Function<String, FakeClerk.@Nullable Answer>> replacements = new ArrayList<>();
  private final FakeClerk clerk = FakeClerk.answering(this::answer);

  /** An empty sandbox. */
  public SandboxClerk() {
    this(SandboxCalls.empty());
  }

  /** The given sandbox. */
  public SandboxClerk(SandboxCalls sandbox) {
    this.sandbox = sandbox;
  }

  /** All tools at a fixed time, with all interceptors as environment variables configure them. */
  public ToolRegistry tools(Instant now, Path folder, Map<String, String> variables) {
    return ToolCaller.tools(clerk.client(), () -> now, folder, variables);
  }

  /** All tools with all interceptors as environment variables configure them. */
  public ToolRegistry tools(Path folder, Map<String, String> variables) {
    return ToolCaller.tools(clerk.client(), folder, variables);
  }

  /**
   * A client whose requests count as sent, so that the outcome of one without an answer is unknown.
   *
   * @param limiter null for no rate limit
   */
  public ClerkClient sendingClient(@Nullable RateLimiter limiter) {
    return ClerkClient.create(
        FakeClerk.settings(limiter),
        chain -> {
          SentInterceptor.markSent(chain.request());
          return chain.proceed(chain.request());
        },
        clerk);
  }

  /** The sandbox itself, without replaced answers. */
  public SandboxCalls sandbox() {
    return sandbox;
  }

  /** A client whose requests are recorded. */
  public ClerkClient client() {
    return clerk.client();
  }

  /** The recorded requests, as {@link FakeClerk#requests()} has them. */
  public List<String> requests() {
    return clerk.requests();
  }

  /** Removes the recorded requests. */
  public void forget() {
    clerk.forget();
  }

  /** Refuses requests with this prefix. */
  public void refuse(String request, int status, String code) {
    answer(request, FakeClerk.Answer.error(status, code));
  }

  /** Gives this answer to requests with this prefix. */
  public void answer(String request, FakeClerk.Answer answer) {
    answerWith(asked -> asked.startsWith(request) ? answer : null);
  }

  /** Answers with what the function returns; with null, the sandbox answers. */
  public void answerWith(Function<String, FakeClerk.@Nullable Answer> other) {
    replacements.add(other);
  }

  /** Gives this answer to requests that equal the text. */
  public void answerExactly(String request, FakeClerk.Answer answer) {
    replacements.add(asked -> asked.equals(request) ? answer : null);
  }

  /** Runs an action before requests with this prefix are answered. */
  public void before(String request, Runnable action) {
    replacements.add(
        asked -> {
          if (asked.startsWith(request)) {
            action.run();
          }
          return null;
        });
  }

  /** Removes all replaced answers. */
  public void reset() {
    replacements.clear();
  }

  /** Calls a tool with JSON, in which single quotes may stand for double ones. */
  public ToolResult call(String tool, String arguments) {
    return call(ToolModule.registry(clerk.client()), tool, arguments);
  }

  /** Calls a tool of a registry with JSON, in which single quotes may stand for double ones. */
  public ToolResult call(ToolRegistry tools, String tool, String arguments) {
    return call(tools, tool, arguments, new Invocation(Runnable::run, Caller.UNKNOWN));
  }

  /** Removes the recorded requests and calls a tool, as part of a call that may be cancelled. */
  public ToolResult call(ToolRegistry tools, String tool, String arguments, Invocation invocation) {
    clerk.forget();
    return ToolCaller.call(tools, tool, ToolCaller.arguments(arguments), invocation);
  }

  /** Calls a tool and cancels the call before a request with this prefix is answered. */
  public void callAndCancel(String tool, String arguments, String request) {
    Invocation invocation = new Invocation(Runnable::run, Caller.UNKNOWN);
    before(request, invocation::cancel);
    call(ToolModule.registry(clerk.client()), tool, arguments, invocation);
  }

  /** The recorded requests that change something, without their bodies. */
  public List<String> changes() {
    return clerk.changes().stream().map(request -> request.lines().findFirst().orElse("")).toList();
  }

  private FakeClerk.Answer answer(String request) {
    for (Function<String, FakeClerk.@Nullable Answer> other : List.copyOf(replacements)) {
      FakeClerk.Answer answer = other.apply(request);
      if (answer != null) {
        return answer;
      }
    }
    return forward(request);
  }

  /** The sandbox's own answer to a request. */
  public FakeClerk.Answer forward(String request) {
    String[] lines = request.split("\n", 2);
    String[] words = lines[0].split(" ", 2);
    SandboxCalls.Reply reply = sandbox.call(words[0], words[1], lines.length > 1 ? lines[1] : "");
    return new FakeClerk.Answer(reply.status(), reply.body().toString());
  }
}
