package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkResponse;
import dev.clerkmcp.clerk.Endpoint;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request that a tool is about to send to Clerk, and what guards have found out about it. */
public final class ClerkRequest {
  /** What stands in a rehearsal for the ID of an object that is yet to be made. */
  public static final String AS_ANSWERED = "(as answered)";

  private final ToolCallContext run;
  private final ToolMethod declaration;
  private final Endpoint endpoint;
  private final ObjectNode arguments;
  private final Map<Class<?>, Object> findings = new HashMap<>();
  private @Nullable ClerkResponse answer;

  ClerkRequest(
      ToolCallContext run, ToolMethod declaration, Endpoint endpoint, ObjectNode arguments) {
    this.run = run;
    this.declaration = declaration;
    this.endpoint = endpoint;
    this.arguments = arguments;
  }

  /** The run that it belongs to. */
  public ToolCallContext run() {
    return run;
  }

  /** The tool that is this operation and nothing else; null for a step of composed tools. */
  public @Nullable String tool() {
    Tool tool = declaration.tool();
    return tool == null ? null : tool.name();
  }

  /** What it does to the instance. */
  public Effect effect() {
    return declaration.effect();
  }

  /** Where it goes. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** What it sends, by name. */
  public ObjectNode arguments() {
    return arguments;
  }

  /** The fields of Clerk's answer that are credentials, or null if it has none. */
  public @Nullable Secret secret() {
    return declaration.method().getAnnotation(Secret.class);
  }

  /** The arguments with every secret in them replaced. */
  public ObjectNode shownArguments() {
    return declaration.signature().properties().masked(arguments);
  }

  /** What a guard found out, kept for the next that asks. */
  public <T> T finding(Class<T> type, Supplier<T> find) {
    Object known = findings.get(type);
    if (known == null) {
      known = find.get(); // which may ask for a finding itself
      findings.put(type, known);
    }
    return type.cast(known);
  }

  /** Whether it would send the same, as far as a rehearsal could know. */
  boolean isAs(ClerkRequest rehearsed) {
    if (!endpoint.equals(rehearsed.endpoint)) {
      return false;
    }
    ObjectNode known = rehearsed.arguments.deepCopy();
    for (Map.Entry<String, JsonNode> argument : rehearsed.arguments.properties()) {
      if (argument.getValue().asText().equals(AS_ANSWERED) && arguments.has(argument.getKey())) {
        known.set(argument.getKey(), arguments.get(argument.getKey()));
      }
    }
    return arguments.toString().equals(known.toString());
  }

  /** Sends it, past all guards. */
  JsonNode send() {
    ClerkResponse received =
        run.instance().clerk().exchange(endpoint, arguments, run.invocation().cancellation());
    answer = received;
    return received.body();
  }

  /** The HTTP status of Clerk's answer; null as long as it has not done what was asked. */
  public @Nullable Integer status() {
    return answer == null ? null : answer.status();
  }

  /** What Clerk's support asks for, if it did what was asked and said so. */
  public @Nullable String traceId() {
    return answer == null ? null : answer.traceId();
  }

  /** Reads from the same instance, past all guards. */
  public JsonNode read(Endpoint reading, ObjectNode readingArguments) {
    return run.read(reading, readingArguments);
  }
}
