package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.Json;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All tools by name, and the one path that every call takes. Safe for use by many threads. */
public final class ToolRegistry {
  private static final Logger log = LoggerFactory.getLogger(ToolRegistry.class);

  private final SortedMap<String, ToolDefinition> tools;
  private final Map<String, ToolDefinition> byAlias = new TreeMap<>();
  private final Map<String, String> groups;
  private final Selection selection;

  ToolRegistry(
      SortedMap<String, ToolDefinition> tools, Map<String, String> groups, Selection selection) {
    this.selection = selection;
    this.tools = new TreeMap<>(tools);
    this.groups = new LinkedHashMap<>(groups);
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

  /** Which tools are listed, and which are off. */
  public Selection selection() {
    return selection;
  }

  /** The names of the tools that a mistaken name comes closest to, best first. */
  public List<String> nearest(String name) {
    return NearestNames.of(name, tools.keySet(), 3);
  }

  /**
   * Runs a tool to its end and says what came of it; a failure is a result too.
   *
   * @param arguments what the caller gave: an object, or JSON null for none
   * @throws CancellationException if the call was cancelled; nobody waits for a result then
   */
  public ToolResult call(ToolDefinition tool, JsonNode arguments, Invocation invocation) {
    ToolResult result = outcome(tool, arguments, invocation);
    return new ToolResult(VisibleText.inJson(result.json()), result.isError(), result.notes());
  }

  private ToolResult outcome(ToolDefinition tool, JsonNode arguments, Invocation invocation) {
    try {
      return new ToolResult(render(run(tool, arguments, invocation)), false, invocation.notes());
    } catch (CancellationException e) {
      throw e;
    } catch (InvalidArguments e) {
      return Failure.of(e, tool);
    } catch (SwitchedOff e) {
      return Failure.of(e);
    } catch (ClerkException e) {
      invocation.cancellation().check();
      return Failure.of(e, invocation.notes());
    } catch (PartialFailure e) {
      return Failure.of(e, invocation.notes());
    } catch (Throwable e) { // a caller is answered whatever happens, even an Error
      log.error("{} stopped on a mistake of this server's own: {}", tool.name(), Origin.of(e));
      return Failure.internal(tool);
    }
  }

  /**
   * Runs a tool within a call, for tools that run others.
   *
   * @throws InvalidArguments if the arguments are not what the tool takes
   * @throws SwitchedOff if a person has switched the tool off
   * @throws ClerkException if Clerk refuses
   */
  JsonNode run(ToolDefinition tool, JsonNode arguments, Invocation invocation) {
    String reason = selection.whyOff(tool.name());
    if (reason != null) {
      throw new SwitchedOff(tool.name(), reason);
    }
    ObjectNode checked = check(tool, arguments, invocation);
    return invocation.run(() -> tool.handler().handle(checked, invocation));
  }

  private static ObjectNode check(ToolDefinition tool, JsonNode arguments, Invocation invocation) {
    if (!arguments.isNull() && !arguments.isObject()) {
      throw InvalidArguments.of("arguments", "must be an object with the arguments by name");
    }
    ObjectNode given = arguments instanceof ObjectNode object ? object : Json.object();
    Reading reading = new Reading();
    ObjectNode checked = tool.arguments().read(given, "", reading);
    if (!reading.problems().isEmpty()) {
      throw new InvalidArguments(reading.problems());
    }
    reading.notes().forEach(invocation::note);
    return checked;
  }

  /** Clerk answers some calls without a body; a model is told that they succeeded. */
  private static String render(JsonNode result) {
    return result.isNull() ? "{\"done\":true}" : result.toString();
  }
}
