package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.argument.ArgumentParseContext;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run of a tool, from what the caller gave to the requests that it makes. */
public final class ToolCallContext {
  /** A plan, and the code to it, are about the times as they were read. */
  private static final String REPEATING =
      "A span of time counts from each call anew: to repeat this one, give the time as it was read.";

  private final ToolRegistry registry;
  private final ToolDefinition tool;
  private final String calledAs;
  private final JsonNode given;
  private final ClerkInstance instance;
  private final Invocation invocation;
  private final boolean elsewhere;
  private final Set<String> visited = new LinkedHashSet<>();
  private @Nullable ObjectNode arguments;
  private @Nullable CallOptions options;
  private volatile @Nullable List<ClerkRequest> rehearsal;
  private volatile @Nullable String approval;
  private final List<String> foreseen = new CopyOnWriteArrayList<>();
  private final Map<Class<?>, Object> findings = new ConcurrentHashMap<>();
  private @Nullable List<ClerkRequest> approved;

  ToolCallContext(
      ToolRegistry registry,
      ToolDefinition tool,
      String calledAs,
      JsonNode given,
      ClerkInstance instance,
      Invocation invocation) {
    this.registry = registry;
    this.tool = tool;
    this.calledAs = calledAs;
    this.given = given;
    this.instance = instance;
    this.invocation = invocation.within(this);
    this.elsewhere = false;
  }

  /** The part of a run that reads from another instance. */
  ToolCallContext(ToolCallContext whole, ClerkInstance instance) {
    this.registry = whole.registry;
    this.tool = whole.tool;
    this.calledAs = whole.calledAs;
    this.given = whole.given;
    this.arguments = whole.arguments();
    this.options = whole.options();
    this.instance = instance;
    this.invocation = whole.invocation.within(this);
    this.elsewhere = true;
  }

  public ToolDefinition tool() {
    return tool;
  }

  /** The name that the caller used: the tool's own, or an alias. */
  public String calledAs() {
    return calledAs;
  }

  /** Where it goes. */
  public ClerkInstance instance() {
    return instance;
  }

  /** Whether it is a part of a run, at an instance that the run itself chose. */
  public boolean isElsewhere() {
    return elsewhere;
  }

  /** The names of the instances that there are, in order. */
  List<String> instanceNames() {
    return registry.instanceNames();
  }

  /** The part of it that reads from an instance; the caller is told of every one. */
  synchronized ToolCallContext at(String name) {
    ToolCallContext part = registry.elsewhere(this, name);
    visited.add(name);
    invocation.reach(String.join(", ", visited));
    return part;
  }

  /** The call that it belongs to. */
  public Invocation invocation() {
    return invocation;
  }

  /**
   * The tool's own arguments in their declared form.
   *
   * @throws InvalidArgumentsException if they are not what the tool takes
   */
  public synchronized ObjectNode arguments() {
    if (arguments == null) {
      ObjectNode checked = check();
      options = CallOptions.take(checked, tool.listing());
      arguments = checked;
    }
    return arguments;
  }

  /**
   * How the call is to be made.
   *
   * @throws InvalidArgumentsException if the arguments are not what the tool takes
   */
  public synchronized CallOptions options() {
    arguments();
    if (options == null) {
      throw new IllegalStateException("Options come with the arguments");
    }
    return options;
  }

  /** Gives the tool's own argument another value, or none for null. */
  public synchronized void set(String argument, @Nullable JsonNode value) {
    if (value == null) {
      arguments().remove(argument);
    } else {
      arguments().set(argument, value);
    }
  }

  /** The arguments with every secret in them replaced; empty if they are not what it takes. */
  public ObjectNode shownArguments() {
    try {
      return tool.arguments().masked(arguments());
    } catch (InvalidArgumentsException e) {
      return Json.object();
    }
  }

  /**
   * Runs the work without sending anything that changes the instance, and returns what it would
   * have sent. Reading goes on.
   */
  public List<ClerkRequest> rehearse(Supplier<JsonNode> work) {
    arguments(); // what is to be said about them is said once and stays
    int notes = invocation.notes().size();
    List<ClerkRequest> collected = new ArrayList<>();
    rehearsal = collected;
    foreseen.clear();
    try {
      JsonNode unused = work.get(); // it tells of what has not happened
    } catch (PartialFailureException e) {
      throw e.failure(); // and so does this
    } finally {
      invocation.awaitParts(); // or what goes on in one of them would be sent after all
      rehearsal = null;
      invocation.keepNotes(notes); // nothing of what they tell has happened
    }
    return collected;
  }

  /** Whether nothing is to be sent that changes the instance. */
  public boolean isRehearsed() {
    return rehearsal != null;
  }

  void foresee(String sentence) {
    foreseen.add(sentence);
  }

  /** What the rehearsed work said that it would leave undone. */
  public List<String> foreseen() {
    return List.copyOf(foreseen);
  }

  /** Notes an operation instead of sending it. */
  void note(ClerkRequest operation) {
    List<ClerkRequest> collected = rehearsal;
    if (collected == null) {
      throw new IllegalStateException("Nothing is rehearsed");
    }
    synchronized (collected) {
      collected.add(operation);
    }
  }

  /**
   * Lets what needs a confirmation pass, and nothing from then on that was not confirmed.
   *
   * @param by who confirmed it
   * @param operations what was confirmed
   */
  public synchronized void approve(String by, List<ClerkRequest> operations) {
    approval = by;
    approved = new ArrayList<>(operations);
  }

  /**
   * Takes an operation off what was confirmed, if anything was.
   *
   * @throws RefusedException if it is not among that
   */
  synchronized void checkApproved(ClerkRequest operation) {
    if (approved == null || approved.removeIf(operation::isAs)) {
      return;
    }
    throw new RefusedException(
        "changed_meanwhile",
        "What this would send has changed since it was confirmed, so it was not sent.",
        "Call again, so that the person sees it as it is now.");
  }

  /** Who confirmed the run; null if nobody did. */
  public @Nullable String approval() {
    return approval;
  }

  /** What a guard keeps of the run, for the next that asks. */
  public <T> T finding(Class<T> type, Supplier<T> first) {
    return type.cast(findings.computeIfAbsent(type, unknown -> first.get()));
  }

  /** Reads from the run's instance, past all guards. */
  public JsonNode read(Endpoint endpoint, ObjectNode reading) {
    return instance.clerk().call(endpoint, reading, invocation.cancellation());
  }

  private ObjectNode check() {
    if (!given.isNull() && !given.isObject()) {
      throw InvalidArgumentsException.of(
          "arguments", "must be an object with the arguments by name");
    }
    ObjectNode object = given instanceof ObjectNode fields ? fields : Json.object();
    ArgumentParseContext reading = new ArgumentParseContext(instance.clock().instant());
    ObjectNode checked = tool.arguments().read(object, "", reading);
    if (!reading.problems().isEmpty()) {
      throw new InvalidArgumentsException(reading.problems());
    }
    reading.notes().forEach(invocation::note);
    if (reading.isCountedFromNow() && !tool.effect().readOnly()) {
      invocation.note(REPEATING);
    }
    return checked;
  }
}
