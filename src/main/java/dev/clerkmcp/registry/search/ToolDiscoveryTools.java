package dev.clerkmcp.registry.search;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Lazy;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.TokenEstimate;
import dev.clerkmcp.registry.CallOptions;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.InputRequiredException;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.registry.text.SanitizedStackTrace;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The discovery tools: they find any tool and run it by name, so that a model reaches all of
 * Clerk's API with a short list of tools. A tool that they run passes the same interceptors as in a
 * direct call.
 */
@ToolGroup(
    id = ToolFilter.DISCOVERY,
    description = "Tools: find any tool, listed or not, and run it by name")
public final class ToolDiscoveryTools {
  /** The name of the tool that runs read-only tools. */
  public static final String READ = "clerk_tools_read";

  /** The name of the tool that runs tools that change the instance. */
  public static final String WRITE = "clerk_tools_write";

  private static final Logger log = LoggerFactory.getLogger(ToolDiscoveryTools.class);

  private static final int ROWS = 8;

  /** The most calls of one question; a person reads them all. */
  private static final int MAX_CALLS = 20;

  /** The most tools that the refusal of an unknown name shows. */
  private static final int MAX_NEAR = 3;

  /** The most characters of a query; ranking that many takes milliseconds. */
  private static final int MAX_QUERY_LENGTH = 1_000;

  /**
   * The most tokens of rows. The search has this limit of its own, and not the one of the settings:
   * it is the way to every tool, and its rows name no data of Clerk's.
   */
  private static final int MAX_TOKENS = 4_000;

  private final Supplier<ToolRegistry> registry;
  private final Supplier<ToolSearch> index = new Lazy<>(this::index);

  /** Finds and runs the tools of a registry; the supplier is called at the first call of a tool. */
  public ToolDiscoveryTools(Supplier<ToolRegistry> registry) {
    this.registry = registry;
  }

  /** The level of detail of a search result. */
  public enum Detail {
    @JsonProperty("names")
    NAMES,
    @JsonProperty("summary")
    SUMMARY,
    @JsonProperty("schema")
    SCHEMA
  }

  @Tool(
      name = "clerk_tools_search",
      title = "Search tools",
      effect = Effect.READ,
      needsInstance = false,
      core = true,
      alwaysLoad = true)
  @Description(
      "Find tools for anything in Clerk's API by what you want to do, also those not listed. Run"
          + " them with clerk_tools_read or clerk_tools_write.")
  public JsonNode search(
      @Arg(value = "E.g. sign a user out everywhere", max = MAX_QUERY_LENGTH) String query,
      @Arg("Default: arguments of the first only") @Nullable Detail detail,
      @Arg(value = "Default 8", min = 1, max = 50, clamped = true) @Nullable Integer limit) {
    ToolRegistry tools = registry.get();
    List<String> found = index.get().search(query);
    ArrayNode rows = Json.array();
    long tokens = 0;
    for (String name : found.subList(0, Math.min(found.size(), limit == null ? ROWS : limit))) {
      boolean best = detail == null && rows.isEmpty() && tools.disabledReason(name) == null;
      ObjectNode row =
          row(tools, name, best ? Detail.SCHEMA : detail == null ? Detail.SUMMARY : detail);
      tokens += TokenEstimate.of(row.toString());
      if (tokens > MAX_TOKENS) {
        break;
      }
      rows.add(row);
    }
    ObjectNode answer = Json.object();
    answer.set("tools", rows);
    if (found.size() > rows.size()) {
      answer.put("more", found.size() - rows.size());
    }
    boolean changes =
        rows.valueStream().anyMatch(row -> row.path("run_with").asText().equals(WRITE));
    if (changes && tools.disabledReason(WRITE) == null) {
      answer.put("next", "Several of a kind at once: clerk_tools_write with calls.");
    }
    if (found.isEmpty()) {
      answer.put(
          "next", "No tool matches; try other words, such as the object and what to do to it.");
    }
    return answer;
  }

  @Tool(name = READ, title = "Run read tool", effect = Effect.READ, core = true)
  @Description("Run any tool that only reads, listed or not, by name.")
  public JsonNode read(
      @Arg("As in clerk_tools_write") String name,
      @Arg("The tool's own arguments") @Nullable ObjectNode arguments) {
    return run(find(name, "name", true), new ToolCall(name, arguments), "", options());
  }

  @Tool(
      name = WRITE,
      title = "Run write tool",
      effect = Effect.IRREVERSIBLE_EACH_TIME,
      openWorld = true,
      core = true)
  @Description(
      "Run any tool that changes the instance, listed or not, by name. Same effect as calling it"
          + " directly. calls: several at once, with one question.")
  public JsonNode write(
      @Arg("From clerk_tools_search, or by pattern: clerk_jwt_template_update")
          @Nullable String name,
      @Arg("The tool's own arguments") @Nullable ObjectNode arguments,
      @Arg(
              value = "Instead, run in order until one fails; none may need another's answer",
              min = 1,
              max = MAX_CALLS)
          @Nullable List<ToolCall> calls) {
    if ((name == null) == (calls == null) || (arguments != null && calls != null)) {
      throw InvalidArgumentsException.of(
          "name", "(with arguments) or calls must be given, and not both");
    }
    if (calls != null) {
      return runAll(calls);
    }
    ToolCall call = new ToolCall(String.valueOf(name), arguments);
    return run(find(call.name(), "name", false), call, "", options());
  }

  /** Makes calls in order. All are planned before, so that a refusal of one stops all. */
  private JsonNode runAll(List<ToolCall> calls) {
    Invocation invocation = Invocation.current();
    ToolCallContext context = Objects.requireNonNull(invocation.context());
    ObjectNode answer = Json.object();
    ArrayNode done = answer.putArray(ToolCallContext.CALLS);
    for (int i = 0; i < calls.size(); i++) {
      invocation.checkCancelled();
      ToolCall call = calls.get(i);
      invocation.doing("Call %s of %s: %s".formatted(i + 1, calls.size(), call.name()));
      try {
        JsonNode made = runPart(call, "%s[%s].".formatted(ToolCallContext.CALLS, i));
        done.addObject().put("name", call.name()).set("answer", made);
      } catch (CancellationException | InputRequiredException e) {
        throw e;
      } catch (RuntimeException e) {
        if (context.isPlanning()) {
          context.noteForGood(
              "Call %s of %s, %s, was refused, so none was made."
                  .formatted(i + 1, calls.size(), call.name()));
          throw e;
        }
        throw new Ended(i, calls).with(answer, e);
      }
    }
    return answer;
  }

  /** Says which of several calls were made when one of them failed. */
  private record Ended(int index, List<ToolCall> calls) {
    PartialFailureException with(ObjectNode answer, RuntimeException failure) {
      if (failure instanceof ClerkException e) {
        String outcome = e.outcomeUnknown() ? "may or may not have been made" : "was not made";
        return new PartialFailureException(sentence(outcome), answer, e);
      }
      if (failure instanceof RefusedException e) {
        return new PartialFailureException(sentence("was not made"), answer, e);
      }
      if (failure instanceof PartialFailureException e) {
        return e.within(sentence("was made in part"), part -> added(answer, part));
      }
      if (failure instanceof InvalidArgumentsException) { // such as a username that is taken by now
        return new PartialFailureException(
            sentence("was not made"),
            answer,
            new RefusedException(
                "changed_meanwhile",
                String.valueOf(failure.getMessage()),
                "Correct the arguments of the calls that were not made, and make those."));
      }
      log.error("A call failed because of a bug in clerk-mcp: {}", SanitizedStackTrace.of(failure));
      return new PartialFailureException(
          sentence("may or may not have been made"),
          answer,
          new RefusedException(
              "internal_error",
              "%s failed because of a bug in clerk-mcp.".formatted(calls.get(index).name()),
              "The change may have been made: read before you repeat it."));
    }

    private ObjectNode added(ObjectNode answer, JsonNode part) {
      ObjectNode row = answer.withArray(ToolCallContext.CALLS).addObject();
      row.put("name", calls.get(index).name()).set("answer", part);
      return answer;
    }

    /**
     * For example: calls 1 to 2 were made; call 3, clerk_user_ban, was not; call 4 was not tried.
     */
    private String sentence(String outcome) {
      String before = index == 0 ? "" : "%s made; ".formatted(range(1, index));
      String after =
          index + 1 == calls.size()
              ? ""
              : "; %s not tried".formatted(range(index + 2, calls.size()));
      String text =
          "%scall %s, %s, %s%s."
              .formatted(before, index + 1, calls.get(index).name(), outcome, after);
      return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static String range(int first, int last) {
      return first == last
          ? "call %s was".formatted(first)
          : "calls %s to %s were".formatted(first, last);
    }
  }

  /** A call that is made together with others. */
  public record ToolCall(
      @Arg("Tool") String name, @Arg("Its own") @Nullable ObjectNode arguments) {}

  private JsonNode runPart(ToolCall call, String place) {
    ToolDefinition tool = find(call.name(), place + "name", false);
    if (!tool.effect().changes()) { // its question is about a single value, which it would not show
      throw InvalidArgumentsException.of(
          place + "name", "tests or reveals a credential; call it alone, through " + WRITE);
    }
    return run(tool, call, place, options().ofAnswer());
  }

  private JsonNode run(ToolDefinition tool, ToolCall call, String place, CallOptions options) {
    ToolRegistry tools = registry.get();
    ObjectNode arguments = call.arguments() == null ? Json.object() : call.arguments().deepCopy();
    options.addTo(arguments);
    try {
      return tools.run(tool, call.name(), arguments, Invocation.current());
    } catch (InvalidArgumentsException e) {
      throw e.within(place + "arguments", tools.inputSchema(tool));
    }
  }

  private static CallOptions options() {
    return Objects.requireNonNull(Invocation.current().context()).options();
  }

  private ToolDefinition find(String name, String argument, boolean reads) {
    ToolRegistry tools = registry.get();
    ToolDefinition tool = tools.find(name);
    if (tool == null || tool.isDiscovery()) {
      throw unknown(name, argument);
    }
    if (tool.effect().readOnly() != reads) {
      // If it is switched off, the other of the two could not run it either.
      Objects.requireNonNull(Invocation.current().context()).checkEnabled(tool.name());
      String other = reads ? WRITE : READ;
      throw InvalidArgumentsException.of(
          argument,
          "is %s, which %s; call it %s"
              .formatted(
                  tool.name(),
                  tool.effect().readOnly()
                      ? "only reads"
                      : tool.effect().changes()
                          ? "changes the instance"
                          : "reveals or tests a credential",
                  tools.disabledReason(other) == null ? "through " + other : "by its name"));
    }
    return tool;
  }

  /** The refusal of a name, with what a search for its words finds: a guess costs no more. */
  private RefusedException unknown(String name, String argument) {
    ToolRegistry tools = registry.get();
    Set<String> found = new LinkedHashSet<>(tools.nearest(name));
    String words = name.replace('_', ' ').replaceFirst("^clerk ", "");
    found.addAll(
        index.get().search(words.substring(0, Math.min(words.length(), MAX_QUERY_LENGTH))));
    ObjectNode details = Json.object();
    ArrayNode rows = details.putArray("tools");
    for (String near : found.stream().limit(MAX_NEAR).toList()) {
      boolean shown = rows.isEmpty() && tools.disabledReason(near) == null;
      rows.add(row(tools, near, shown ? Detail.SCHEMA : Detail.SUMMARY));
    }
    return new RefusedException(
        "tool_not_found",
        "%s: there is no tool %s. Nothing was run.".formatted(argument, QuotedText.plain(name)),
        found.isEmpty() ? "Find it with clerk_tools_search." : "One of these may be meant.",
        details);
  }

  private static ObjectNode row(ToolRegistry tools, String name, Detail detail) {
    ToolDefinition tool = Objects.requireNonNull(tools.find(name));
    ObjectNode row = Json.object().put("name", name);
    String reason = tools.disabledReason(name);
    if (reason != null) {
      row.put("switched_off", reason);
    }
    if (detail == Detail.NAMES) {
      return row;
    }
    row.put("description", tool.description());
    row.put("effect", tool.effect().word());
    tool.possibleRisks().forEach(risk -> row.withArray("risks").add(risk.word()));
    if (tool.mayAskPerson()) {
      row.put("may_ask_person", true);
    }
    if (reason == null) {
      row.put("run_with", tool.effect().readOnly() ? READ : WRITE);
    }
    if (detail == Detail.SCHEMA) {
      row.set("arguments", ArgumentSummary.of(tool.arguments()));
    }
    return row;
  }

  private ToolSearch index() {
    ToolRegistry tools = registry.get();
    return new ToolSearch(
        tools.tools().stream().filter(tool -> !tool.isDiscovery()).toList(), tools.groups());
  }
}
