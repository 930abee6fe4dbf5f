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
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds all tools by name and runs them. Safe for use by many threads. */
public final class ToolRegistry {
  private static final Logger log = LoggerFactory.getLogger(ToolRegistry.class);

  private final SortedMap<String, ToolDefinition> tools;
  private final Map<String, ToolDefinition> byAlias = new TreeMap<>();
  private final Map<String, String> groups;
  private final ClerkInstances instances;
  private final Interceptors interceptors;

  ToolRegistry(
      SortedMap<String, ToolDefinition> tools,
      Map<String, String> groups,
      ClerkInstances instances,
      Interceptors interceptors) {
    this.tools = new TreeMap<>(tools);
    this.groups = new LinkedHashMap<>(groups);
    this.instances = instances;
    this.interceptors = interceptors;
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

  /** The groups with their descriptions, in the order in which they were registered. */
  public Map<String, String> groups() {
    return Collections.unmodifiableMap(groups);
  }

  /** The tool of that name or alias. */
  public @Nullable ToolDefinition find(String name) {
    ToolDefinition tool = tools.get(name);
    return tool == null ? byAlias.get(name) : tool;
  }

  /** The schema of a tool's arguments; with several instances, it has their names. */
  public ObjectNode inputSchema(ToolDefinition tool) {
    ObjectNode schema = tool.arguments().fullSchema();
    if (instances.several()) {
      ObjectNode instance = schema.withObject("/properties").putObject(ClerkInstances.ARGUMENT);
      instances.names().forEach(instance.put("type", "string").putArray("enum")::add);
    }
    return schema;
  }

  /** Why a tool is disabled on every instance, naming the setting; null if it is enabled on one. */
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

  /** The names of tools most similar to an unknown name, best first; at most three. */
  public List<String> nearest(String name) {
    return NameSuggestions.of(name, tools.keySet(), 3);
  }

  /**
   * The enabled tool that lists all objects of a kind; null if there is none.
   *
   * @param kind what Clerk calls the kind, such as {@code JWT template}
   */
  @Nullable String findListTool(String kind) {
    String snakeCase = kind.toLowerCase(Locale.ROOT).replace(' ', '_');
    String plural = snakeCase.replaceFirst("^organization_", "org_") + "s_list";
    return tools.keySet().stream()
        .filter(name -> name.equals("clerk_" + plural) || name.equals("clerk_org_" + plural))
        .filter(name -> disabledReason(name) == null)
        .findFirst()
        .orElse(null);
  }

  /**
   * The enabled tool that reads what another one changes, by the words that their names begin with;
   * null if there is none.
   *
   * @param several whether a list is preferred to a single object
   */
  @Nullable String findReadingTool(ToolDefinition changing, boolean several) {
    String kind = changing.name();
    while (kind.lastIndexOf('_') > 0) {
      kind = kind.substring(0, kind.lastIndexOf('_'));
      String list = kind.replaceFirst("s$", "").replaceFirst("y$", "ie") + "s_list";
      String one = kind + "_get";
      for (String name : several ? List.of(list, one) : List.of(one, list)) {
        ToolDefinition tool = tools.get(name);
        if (tool != null && tool.effect().readOnly() && disabledReason(name) == null) {
          return name;
        }
      }
    }
    return null;
  }

  ClerkInstances instances() {
    return instances;
  }

  Interceptors interceptors() {
    return interceptors;
  }

  /**
   * Calls a tool by its own name, not an alias; otherwise the same as {@link #call(ToolDefinition,
   * String, JsonNode, Invocation)}.
   */
  public ToolResult call(ToolDefinition tool, JsonNode arguments, Invocation invocation) {
    return call(tool, tool.name(), arguments, invocation);
  }

  /**
   * Calls a tool. A failure becomes a result as well.
   *
   * @param calledAs the tool's name, or the alias that the caller used
   * @param arguments the caller's arguments: an object, or JSON null for none
   * @throws CancellationException if the call was cancelled
   * @throws InputRequiredException if a person has to be asked before another call; only for
   *     callers that ask between calls
   */
  public ToolResult call(
      ToolDefinition tool, String calledAs, JsonNode arguments, Invocation invocation) {
    ToolResult result = result(tool, calledAs, arguments, invocation);
    if (instances.several()) {
      result = result.at(invocation.reached());
    }
    try {
      for (ResultFilter filter : interceptors.results()) {
        result = filter.filter(result);
      }
    } catch (RuntimeException | StackOverflowError e) { // an unfiltered result may hold secrets
      log.error("The answer of {} cannot be checked: {}", tool.name(), SanitizedStackTrace.of(e));
      return ErrorResults.internal(tool);
    }
    return result.with(
        TextSanitizer.inJson(result.json()),
        result.notes().stream().map(TextSanitizer::of).toList());
  }

  private ToolResult result(
      ToolDefinition tool, String calledAs, JsonNode arguments, Invocation invocation) {
    try {
      JsonNode data = run(tool, calledAs, arguments, invocation);
      // Clerk's response may have no body; the model must learn that the call succeeded.
      String json = data.isNull() ? "{\"done\":true}" : data.toString();
      return new ToolResult(json, false, invocation.notes(), UntrustedFields.mark(data));
    } catch (CancellationException | InputRequiredException e) {
      throw e;
    } catch (InvalidArgumentsException e) {
      return ErrorResults.of(e, tool);
    } catch (RefusedException e) {
      return ErrorResults.of(e, invocation, this);
    } catch (ClerkException e) {
      invocation.cancellation().check();
      return ErrorResults.of(e, invocation, this);
    } catch (PartialFailureException e) {
      return ErrorResults.of(e, invocation, this);
    } catch (Throwable e) { // every call gets a result, even after an Error
      log.error(
          "{} failed because of a bug in clerk-mcp: {}", tool.name(), SanitizedStackTrace.of(e));
      return ErrorResults.internal(tool);
    }
  }

  /**
   * Runs a tool through its interceptors; discovery tools run other tools with it.
   *
   * @throws InvalidArgumentsException if the arguments are not what the tool takes
   * @throws RefusedException if an interceptor refuses the call
   * @throws ClerkException if Clerk refuses
   */
  public JsonNode run(
      ToolDefinition tool, String calledAs, JsonNode arguments, Invocation invocation) {
    ToolCallContext context =
        new ToolCallContext(
            this, tool, calledAs, arguments, instance(tool, arguments, invocation), invocation);
    ToolInterceptor.Chain chain =
        new ToolInterceptor.Chain(
            tool.isDiscovery() ? interceptors.discovery() : interceptors.tools(), context);
    Invocation outer = context.invocation().bind();
    try {
      return context.isPart() ? part(context, chain) : chain.proceed();
    } finally {
      Invocation.rebind(outer);
    }
  }

  /** Runs one of several calls. Its answer has its notes; those of a failure are the whole's. */
  private static JsonNode part(ToolCallContext part, ToolInterceptor.Chain chain) {
    Invocation whole = part.whole().invocation();
    try {
      JsonNode answer = chain.proceed();
      return told(part, answer);
    } catch (PartialFailureException e) {
      throw e.withDone(done -> told(part, done));
    } catch (RuntimeException e) {
      part.invocation().notes().forEach(whole::note);
      throw e;
    }
  }

  private static JsonNode told(ToolCallContext part, JsonNode answer) {
    List<String> notes = part.invocation().notes();
    part.whole().invocation().withdraw(notes); // the plan of the whole call has told some
    return ToolResult.withNotes(answer, notes);
  }

  /**
   * The instance that the arguments name, else that of the discovery tool which runs this one. Of a
   * discovery tool, the arguments of the tool that it is to run may name it.
   */
  private ClerkInstance instance(ToolDefinition tool, JsonNode arguments, Invocation invocation) {
    ToolCallContext outer = invocation.context();
    String name = ClerkInstances.named(arguments);
    String inner = tool.isDiscovery() ? ClerkInstances.named(arguments.path("arguments")) : null;
    if (name != null && inner != null && !inner.equals(name)) {
      throw InvalidArgumentsException.of(
          ClerkInstances.ARGUMENT, "differs from the instance in arguments; name one of them");
    }
    if (name != null && outer != null && outer.makesSeveral()) {
      outer.checkSameInstance(name);
    }
    name = name == null ? inner : name;
    if (name == null && outer != null) {
      return outer.instance();
    }
    if (name == null && instances.byDefault() == null && !tool.needsInstance()) {
      return instances.all().get(0); // nothing is sent to it
    }
    ClerkInstance instance = instances.choose(name);
    invocation.reach(instance.name());
    return instance;
  }
}
