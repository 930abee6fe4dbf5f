package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.argument.ArgumentParseContext;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One call of one tool: its arguments and options, the instance, and the requests that it may send.
 * A discovery tool and the tools that it runs have a context each, within one {@link Invocation}.
 * The calls that a discovery tool makes together are parts of its call: they share its plan, its
 * approval and its point in time.
 */
public final class ToolCallContext {
  /** The argument of a discovery tool with the calls that it makes together. */
  public static final String CALLS = "calls";

  /**
   * A call that is repeated with a confirmation code computes a relative time such as {@code 3
   * days} anew; the code is valid only for the points in time of the plan that was confirmed.
   */
  private static final String REPEATING =
      "A relative time is computed anew for each call: to repeat this one, give the computed time.";

  private final ToolRegistry registry;
  private final ToolDefinition tool;
  private final String calledAs;
  private final JsonNode callerArguments;
  private final ClerkInstance instance;
  private final Invocation invocation;
  private final boolean crossInstance;
  private final ToolCallContext whole;
  private final Instant time;
  private final Set<String> visitedInstances = new LinkedHashSet<>();
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final List<String> lastingNotes = new CopyOnWriteArrayList<>();
  private final Map<Class<?>, Object> attributes = new ConcurrentHashMap<>();
  private @Nullable ObjectNode arguments;
  private @Nullable CallOptions options;
  private volatile @Nullable List<ClerkRequest> plan;
  private volatile @Nullable Approval approval;
  private @Nullable List<ClerkRequest> approved;

  /**
   * The approval of a call.
   *
   * @param by who gave it
   * @param words the same for the audit log: {@code the person at Claude Desktop}
   */
  public record Approval(By by, String words) {
    /** Who may approve a call. */
    public enum By {
      /** A person, in a dialog or a terminal. */
      PERSON,
      /** A person in advance, with an option of the command line. */
      OPTION,
      /** A one-time code, which the model may have sent without asking a person. */
      CODE
    }
  }

  ToolCallContext(
      ToolRegistry registry,
      ToolDefinition tool,
      String calledAs,
      JsonNode callerArguments,
      ClerkInstance instance,
      Invocation invocation) {
    this.registry = registry;
    this.tool = tool;
    this.calledAs = calledAs;
    this.callerArguments = callerArguments;
    this.instance = instance;
    ToolCallContext outer = invocation.context();
    this.whole = outer != null && outer.makesSeveral() ? outer : this;
    this.time = whole == this ? instance.clock().instant() : whole.time;
    this.invocation = whole == this ? invocation.within(this) : invocation.ofPart(this);
    this.crossInstance = false;
  }

  /** The same call, for requests that read from another instance. */
  private ToolCallContext(ToolCallContext call, ClerkInstance instance) {
    this.registry = call.registry;
    this.tool = call.tool;
    this.calledAs = call.calledAs;
    this.callerArguments = call.callerArguments;
    this.arguments = call.arguments();
    this.options = call.options();
    this.instance = instance;
    this.whole = this;
    this.time = call.time;
    this.invocation = call.invocation.within(this);
    this.crossInstance = true;
  }

  public ToolDefinition tool() {
    return tool;
  }

  /** The name that the caller used: the tool's name, or an alias. */
  public String calledAs() {
    return calledAs;
  }

  public ClerkInstance instance() {
    return instance;
  }

  /** Whether this is the part of a call that reads from another instance than that of the call. */
  public boolean isCrossInstance() {
    return crossInstance;
  }

  /** The call that this one is a part of, with its plan and its approval; else this call itself. */
  public ToolCallContext whole() {
    return whole;
  }

  /** Whether a discovery tool makes this call together with others. */
  public boolean isPart() {
    return whole != this;
  }

  /** Whether it is a call of a discovery tool that makes several calls, which are its parts. */
  public boolean makesSeveral() {
    return tool.isDiscovery() && arguments().has(CALLS);
  }

  /** Whether it only leads to a call of another tool, which has its own plan and approval. */
  public boolean delegates() {
    return tool.isDiscovery() && !makesSeveral();
  }

  /**
   * The name of a tool that reads what this call changes; null if there is none.
   *
   * @param several whether the call answers with several objects
   */
  public @Nullable String findReadingTool(boolean several) {
    return registry.findReadingTool(tool, several);
  }

  List<String> instanceNames() {
    return registry.instances().names();
  }

  /**
   * The part of this call that reads from another instance. The result names every such instance.
   *
   * @throws InvalidArgumentsException if no instance has that name
   * @throws RefusedException if the tool is disabled there
   */
  synchronized ToolCallContext crossInstance(String name) {
    ToolCallContext part = new ToolCallContext(this, registry.instances().choose(name));
    part.checkEnabled(tool.name());
    visitedInstances.add(name);
    invocation.reach(String.join(", ", visitedInstances));
    return part;
  }

  /**
   * Checks that a part of this call stays on its instance, for which it is confirmed.
   *
   * @throws InvalidArgumentsException if it names another
   */
  void checkSameInstance(String name) {
    if (!name.equals(instance.name())) {
      throw InvalidArgumentsException.of(
          ClerkInstances.ARGUMENT, "is the same for all calls; name it beside them");
    }
  }

  /**
   * Checks that a tool is enabled on the instance of this call.
   *
   * @throws RefusedException if it is not
   */
  public void checkEnabled(String toolName) {
    String reason = instance.toolFilter().disabledReason(toolName);
    if (reason != null) {
      boolean isStep = tool.isComposed() && !tool.isDiscovery() && !toolName.equals(tool.name());
      String where = crossInstance ? " on " + instance.name() : "";
      throw new RefusedException(
          "tool_switched_off",
          "%s is switched off%s: %s.".formatted(toolName, where, reason)
              + (isStep ? " This call of %s needs it.".formatted(tool.name()) : ""),
          remedy(reason) + (isStep ? " Or leave out the argument for which it is needed." : ""));
    }
  }

  /** How a tool is switched on, for the person at the command line with the flag. */
  private String remedy(String reason) {
    if (!invocation.caller().isCommandLine()) {
      return "Only a person can change that, in this server's configuration.";
    }
    for (Setting setting : Setting.values()) {
      Matcher needed = Pattern.compile("needs " + setting + "=(\\w+)$").matcher(reason);
      if (setting.flag() != null && needed.find()) {
        boolean isSwitch = setting.allowed().kind() == Setting.Kind.SWITCH;
        return "Set that, or add %s%s to the command."
            .formatted(setting.flag(), isSwitch ? "" : "=" + needed.group(1));
      }
    }
    return "Change the setting that the message names.";
  }

  public Invocation invocation() {
    return invocation;
  }

  /**
   * The tool's own arguments in their declared form.
   *
   * @throws InvalidArgumentsException if the caller's arguments are not what the tool takes
   */
  public synchronized ObjectNode arguments() {
    if (arguments == null) {
      ObjectNode parsed = parseArguments();
      options = CallOptions.take(parsed, tool.listing());
      arguments = parsed;
    }
    return arguments;
  }

  /**
   * The options of the call.
   *
   * @throws InvalidArgumentsException if the caller's arguments are not what the tool takes
   */
  public synchronized CallOptions options() {
    arguments();
    if (options == null) {
      throw new IllegalStateException("Options come with the arguments");
    }
    return options;
  }

  /** Sets one of the tool's own arguments; null removes it. */
  public synchronized void set(String argument, @Nullable JsonNode value) {
    if (value == null) {
      arguments().remove(argument);
    } else {
      arguments().set(argument, value);
    }
  }

  /** The arguments with every secret masked; empty if they are not what the tool takes. */
  public ObjectNode shownArguments() {
    try {
      return tool.arguments().masked(arguments());
    } catch (InvalidArgumentsException e) {
      return Json.object();
    }
  }

  /**
   * The calls that a discovery tool makes together, each with its name and its arguments as {@link
   * #shownArguments} has them.
   */
  public ArrayNode shownCalls() {
    ArrayNode shown = Json.array();
    for (JsonNode call : arguments().path(CALLS)) {
      String name = call.path("name").asText();
      ToolDefinition called = registry.find(name);
      ObjectNode row = shown.addObject().put("name", name);
      if (called != null) {
        JsonNode arguments = call.path("arguments");
        ToolCallContext part =
            new ToolCallContext(registry, called, name, arguments, instance, invocation);
        row.set("arguments", part.shownArguments());
      }
    }
    return shown;
  }

  /**
   * Runs the work without sending a request that changes the instance, and returns the requests
   * that it would have sent. Requests that only read are sent.
   */
  public List<ClerkRequest> plan(Supplier<JsonNode> work) {
    if (isPart()) {
      throw new IllegalStateException("A part is planned with the whole call");
    }
    arguments(); // notes about arguments are added once, and must survive the plan
    int notes = invocation.notes().size();
    List<ClerkRequest> requests = new ArrayList<>();
    plan = requests;
    warnings.clear();
    try {
      JsonNode unused = work.get(); // ignored: it describes changes that were not made
    } catch (PartialFailureException e) {
      throw e.failure(); // the part that it reports as done was not done
    } finally {
      invocation.awaitParts(); // a part still running after the plan would send its changes
      plan = null;
      invocation.keepNotes(notes); // later notes describe changes that were not made
      lastingNotes.forEach(invocation::note);
    }
    return requests;
  }

  /** Whether requests that change the instance are only planned. */
  public boolean isPlanning() {
    return whole.plan != null;
  }

  void addToPlan(ClerkRequest request) {
    List<ClerkRequest> requests = whole.plan;
    if (requests == null) {
      throw new IllegalStateException("No plan is being made");
    }
    synchronized (requests) {
      requests.add(request);
    }
  }

  /** Adds a sentence to the result that stays there if it is added while a plan is made. */
  public void noteForGood(String sentence) {
    invocation.note(sentence);
    whole.lastingNotes.add(sentence);
  }

  /** Adds a warning to the plan, such as about work that the tool would leave undone. */
  public void warn(String sentence) {
    whole.warnings.add(sentence);
  }

  /** The warnings of the last plan. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /**
   * Approves these requests, and no others: from now on each request that changes the instance must
   * be one of them.
   */
  public synchronized void approve(Approval given, List<ClerkRequest> requests) {
    approval = given;
    approved = new ArrayList<>(requests);
  }

  /**
   * Uses up the approval of one request, if the call may send only approved requests.
   *
   * @throws RefusedException if the request was not approved
   */
  void useApproval(ClerkRequest request) {
    if (whole.takeApproval(request)) {
      return;
    }
    throw new RefusedException(
        "changed_meanwhile",
        "The requests of this call have changed since they were confirmed, so they were not sent.",
        "Call again, so that the person sees the current state.");
  }

  private synchronized boolean takeApproval(ClerkRequest request) {
    if (approved == null) {
      return true;
    }
    for (Predicate<ClerkRequest> alike :
        List.<Predicate<ClerkRequest>>of(request::equalsPlanned, request::isAs)) {
      for (int i = 0; i < approved.size(); i++) {
        if (alike.test(approved.get(i))) {
          approved.remove(i);
          return true;
        }
      }
    }
    return false;
  }

  /** The approval of the call; null if it was not approved. */
  public @Nullable Approval approval() {
    return whole.approval;
  }

  /** A value that interceptors keep with the call; it is created at the first access. */
  public <T> T attribute(Class<T> type, Supplier<T> first) {
    return type.cast(attributes.computeIfAbsent(type, unknown -> first.get()));
  }

  /**
   * Reads from the instance of this call. The request passes no interceptors.
   *
   * @throws ClerkException if Clerk refuses, or if an argument cannot be an ID, as if Clerk did not
   *     know it
   */
  public JsonNode read(Endpoint endpoint, ObjectNode query) {
    if (endpoint.findForgedId(query) != null) {
      throw ClerkException.notFound("No object has such an ID.");
    }
    return instance.clerk().exchange(endpoint, query, invocation.cancellation()).body();
  }

  private ObjectNode parseArguments() {
    if (!callerArguments.isNull() && !callerArguments.isObject()) {
      throw InvalidArgumentsException.of(
          "arguments", "must be an object with the arguments by name");
    }
    ObjectNode object = callerArguments instanceof ObjectNode fields ? fields : Json.object();
    ArgumentParseContext parsing = new ArgumentParseContext(time, tool.effect().readOnly());
    if (tool.listing() && readsPages(object)) {
      parsing.withoutMaximum(); // the limit is one of rows, and the maximum one of a page
    }
    ObjectNode parsed = tool.arguments().read(object, "", parsing);
    if (!parsing.problems().isEmpty()) {
      throw new InvalidArgumentsException(parsing.problems());
    }
    parsing.notes().forEach(this::noteForGood);
    if (parsing.isCountedFromNow() && !tool.effect().readOnly()) {
      noteForGood(REPEATING);
    }
    return parsed;
  }

  private boolean readsPages(ObjectNode given) {
    ArgumentParseContext trial = new ArgumentParseContext(time, true);
    return CallOptions.take(tool.arguments().read(given, "", trial), true).readsPages();
  }
}
