package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.text.NameSuggestions;
import dev.clerkmcp.registry.text.SanitizedStackTrace;
import dev.clerkmcp.registry.text.TextSanitizer;
import dev.clerkmcp.registry.text.UntrustedFields;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All tools by name, and the one path that every call takes. Safe for use by many threads. */
public final class ToolRegistry {
  private static final Logger log = LoggerFactory.getLogger(ToolRegistry.class);

  private final SortedMap<String, ToolDefinition> tools;
  private final Map<String, ToolDefinition> byAlias = new TreeMap<>();
  private final Map<String, String> groups;
  private final ClerkInstances instances;
  private final List<ToolInterceptor> guards;

  ToolRegistry(
      SortedMap<String, ToolDefinition> tools,
      Map<String, String> groups,
      ClerkInstances instances,
      List<ToolInterceptor> guards) {
    this.tools = new TreeMap<>(tools);
    this.groups = new LinkedHashMap<>(groups);
    this.instances = instances;
    this.guards = List.copyOf(guards);
    for (ToolDefinition tool : tools.values()) {
      for (String alias : tool.aliases()) {
        if (tools.containsKey(alias) || byAlias.put(alias, tool) != null) {
          throw new IllegalStateException("Two tools are named " + alias);
        }
      }
    }
  }

  /** The tools, sorted by name. */
  public Collection<ToolDefinition> tools() {
    return tools.values();
  }

  /** The groups in the order in which they were added, with their descriptions. */
  public Map<String, String> groups() {
    return Collections.unmodifiableMap(groups);
  }

  /** The tool of that name or alias. */
  public @Nullable ToolDefinition find(String name) {
    ToolDefinition tool = tools.get(name);
    return tool == null ? byAlias.get(name) : tool;
  }

  /** What a tool takes, as the model is told. */
  public ObjectNode inputSchema(ToolDefinition tool) {
    ObjectNode schema = tool.arguments().schema();
    if (instances.several()) {
      ObjectNode instance = schema.withObject("/properties").putObject(ClerkInstances.ARGUMENT);
      instances.names().forEach(instance.put("type", "string").putArray("enum")::add);
    }
    return schema;
  }

  /** Why a tool is off on every instance, naming the variable to change; null if it is not. */
  public @Nullable String disabledReason(String tool) {
    String reason = null;
    for (ClerkInstance instance : instances.all()) {
      reason = instance.toolFilter().disabledReason(tool);
      if (reason == null) {
        return null;
      }
    }
    return reason;
  }

  /** The names of the tools that a mistaken name comes closest to, best first. */
  public List<String> nearest(String name) {
    return NameSuggestions.of(name, tools.keySet(), 3);
  }

  /**
   * Runs a tool to its end and says what came of it; a failure is a result too.
   *
   * @param calledAs the tool's name, or the alias that the caller used
   * @param arguments what the caller gave: an object, or JSON null for none
   * @throws CancellationException if the call was cancelled; nobody waits for a result then
   * @throws InputRequiredException if a person has to be asked before another call; only for
   *     callers for whom that is the way
   */
  public ToolResult call(
      ToolDefinition tool, String calledAs, JsonNode arguments, Invocation invocation) {
    ToolResult result = located(outcome(tool, calledAs, arguments, invocation), invocation);
    try {
      for (ToolInterceptor guard : guards) {
        result = guard.result(result);
      }
    } catch (RuntimeException | StackOverflowError e) { // what was not looked at does not go out
      log.error("The answer of {} cannot be checked: {}", tool.name(), SanitizedStackTrace.of(e));
      return ErrorResults.internal(tool);
    }
    return result.with(
        TextSanitizer.inJson(result.json()),
        result.notes().stream().map(TextSanitizer::of).toList());
  }

  /** Runs a tool that was called by its own name. */
  public ToolResult call(ToolDefinition tool, JsonNode arguments, Invocation invocation) {
    return call(tool, tool.name(), arguments, invocation);
  }

  private ToolResult outcome(
      ToolDefinition tool, String calledAs, JsonNode arguments, Invocation invocation) {
    try {
      JsonNode data = run(tool, calledAs, arguments, invocation);
      return new ToolResult(render(data), false, invocation.notes(), UntrustedFields.mark(data));
    } catch (CancellationException | InputRequiredException e) {
      throw e;
    } catch (InvalidArgumentsException e) {
      return ErrorResults.of(e, tool);
    } catch (RefusedException e) {
      return ErrorResults.of(e, invocation.notes());
    } catch (ClerkException e) {
      invocation.cancellation().check();
      return ErrorResults.of(e, invocation.notes());
    } catch (PartialFailureException e) {
      return ErrorResults.of(e, invocation.notes());
    } catch (Throwable e) { // a caller is answered whatever happens, even an Error
      log.error(
          "{} stopped on a mistake of this server's own: {}",
          tool.name(),
          SanitizedStackTrace.of(e));
      return ErrorResults.internal(tool);
    }
  }

  /**
   * Runs a tool within a call, for tools that run others.
   *
   * @throws InvalidArgumentsException if the arguments are not what the tool takes
   * @throws RefusedException if a guard does not let it pass
   * @throws ClerkException if Clerk refuses
   */
  public JsonNode run(
      ToolDefinition tool, String calledAs, JsonNode arguments, Invocation invocation) {
    ClerkInstance instance = instance(arguments, invocation);
    ToolCallContext run =
        new ToolCallContext(this, tool, calledAs, arguments, instance, invocation);
    return run.invocation()
        .run(
            () -> {
              Supplier<JsonNode> work = () -> handle(run);
              for (int i = guards.size() - 1; i >= 0; i--) {
                ToolInterceptor guard = guards.get(i);
                Supplier<JsonNode> next = work;
                work = () -> guard.tool(run, next);
              }
              return work.get();
            });
  }

  /** The names of the instances, in order. */
  List<String> instanceNames() {
    return instances.names();
  }

  /**
   * Lets a tool go on at an instance.
   *
   * @throws InvalidArgumentsException if there is none of that name
   * @throws RefusedException if a guard does not let it pass there
   */
  ToolCallContext elsewhere(ToolCallContext run, String instance) {
    ToolCallContext elsewhere = new ToolCallContext(run, instances.choose(instance));
    guards.forEach(guard -> guard.elsewhere(elsewhere));
    return elsewhere;
  }

  private static JsonNode handle(ToolCallContext run) {
    run.arguments(); // a mistake in them is told before anything is done
    return run.tool().handler().handle(run);
  }

  /** Sends a request of a tool to Clerk, or notes it where the tool is only rehearsed. */
  JsonNode send(ClerkRequest operation) {
    if (operation.run().isElsewhere() && !operation.effect().readOnly()) {
      // Neither a plan nor a person's yes was about that instance.
      throw new IllegalStateException(operation.endpoint() + " changes another instance");
    }
    Supplier<JsonNode> work = () -> sendOrNote(operation);
    for (int i = guards.size() - 1; i >= 0; i--) {
      ToolInterceptor guard = guards.get(i);
      Supplier<JsonNode> next = work;
      work = () -> guard.operation(operation, next);
    }
    return work.get();
  }

  private static JsonNode sendOrNote(ClerkRequest operation) {
    ToolCallContext run = operation.run();
    if (operation.effect().readOnly()) {
      return operation.send();
    }
    if (!run.isRehearsed()) {
      run.checkApproved(operation);
      return operation.send();
    }
    run.note(operation);
    // What follows in a composed tool may ask for the object that there would be.
    return operation.arguments().deepCopy().put("id", ClerkRequest.AS_ANSWERED);
  }

  /** The instance that the arguments name, else that of the tool which runs this one. */
  private ClerkInstance instance(JsonNode arguments, Invocation invocation) {
    ToolCallContext outer = invocation.run();
    String name = ClerkInstances.named(arguments);
    ClerkInstance instance =
        name == null && outer != null ? outer.instance() : instances.choose(name);
    invocation.reach(instance.name());
    return instance;
  }

  /** With several instances, the caller is told which one it was. */
  private ToolResult located(ToolResult result, Invocation invocation) {
    return instances.several() ? result.at(invocation.reached()) : result;
  }

  /** Clerk answers some calls without a body; a model is told that they succeeded. */
  private static String render(JsonNode result) {
    return result.isNull() ? "{\"done\":true}" : result.toString();
  }
}
