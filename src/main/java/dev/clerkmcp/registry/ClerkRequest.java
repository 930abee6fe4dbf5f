package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkClient.ClerkResponse;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.Endpoint.Payload;
import dev.clerkmcp.clerk.RequestPreview;
import dev.clerkmcp.clerk.UploadFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A tool's request to Clerk, and the data that interceptors attach to it. */
public final class ClerkRequest {
  private final ToolCallContext context;
  private final ToolMethod method;
  private final Endpoint endpoint;
  private final ObjectNode arguments;
  private final Map<Class<?>, Object> attributes = new HashMap<>();
  private @Nullable UploadFile image;
  private @Nullable ClerkResponse answer;
  private boolean sent;

  /**
   * Creates a request.
   *
   * @throws IllegalStateException if it changes another instance than that of the call
   */
  ClerkRequest(
      ToolCallContext context, ToolMethod method, Endpoint endpoint, ObjectNode arguments) {
    this.context = context;
    this.method = method;
    this.endpoint = endpoint;
    this.arguments = arguments;
    if (context.isCrossInstance() && !effect().readOnly()) {
      // The plan and its confirmation were about the instance of the call.
      throw new IllegalStateException(endpoint + " changes another instance");
    }
  }

  /** The tool call that makes the request. */
  public ToolCallContext context() {
    return context;
  }

  /** The tool that consists of this request alone; null for an {@link InternalEndpoint}. */
  public @Nullable String tool() {
    Tool tool = method.tool();
    return tool == null ? null : tool.name();
  }

  /** What that tool does, in a few words; null if there is no such tool. */
  public @Nullable String title() {
    Tool tool = method.tool();
    return tool == null ? null : tool.title();
  }

  /** The facts of the operation. */
  public OperationFacts facts() {
    return method.facts();
  }

  public Effect effect() {
    return method.effect();
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  public ObjectNode arguments() {
    return arguments;
  }

  /** The fields of Clerk's answer that are credentials; null if it has none. */
  public @Nullable Secret secret() {
    return method.method().getAnnotation(Secret.class);
  }

  /** The arguments with every secret masked. */
  public ObjectNode shownArguments() {
    return method.arguments().schema().masked(arguments);
  }

  /**
   * The image that the request sends; null if it sends none. It is read once, so that the content
   * that was checked is the content that is sent.
   *
   * @throws IllegalArgumentException if the file cannot be read, or is no image
   */
  public @Nullable UploadFile image() {
    if (image == null) {
      image = readImage();
    }
    return image;
  }

  /** Reads the image that the request would send now; null if it sends none. */
  public @Nullable UploadFile readImage() {
    return endpoint.payload() instanceof Payload.Form form
        ? UploadFile.of(arguments.path(form.imageArgument()).asText())
        : null;
  }

  /** A value that interceptors keep with the request; it is created at the first access. */
  public <T> T attribute(Class<T> type, Supplier<T> first) {
    Object known = attributes.get(type);
    if (known == null) {
      known = first.get(); // not computeIfAbsent: the supplier may create another attribute
      attributes.put(type, known);
    }
    return type.cast(known);
  }

  /** Whether this request equals a planned one in every value. */
  boolean equalsPlanned(ClerkRequest planned) {
    return endpoint.equals(planned.endpoint) && arguments.equals(planned.arguments);
  }

  /** Whether this request equals a planned one, whose placeholders match any value. */
  boolean isAs(ClerkRequest planned) {
    if (!endpoint.equals(planned.endpoint)) {
      return false;
    }
    ObjectNode expected = planned.arguments.deepCopy();
    for (Map.Entry<String, JsonNode> argument : planned.arguments.properties()) {
      if (RequestPreview.isPlaceholder(argument.getValue().asText())
          && arguments.has(argument.getKey())) {
        expected.set(argument.getKey(), arguments.get(argument.getKey()));
      }
    }
    return arguments.toString().equals(expected.toString());
  }

  /**
   * Sends the request, unless it changes the instance and the call is only planned.
   *
   * @throws RefusedException if other requests than this one were approved
   */
  JsonNode sendOrPlan() {
    if (effect().readOnly()) {
      return send();
    }
    if (!context.isPlanning()) {
      context.useApproval(this);
      return send();
    }
    context.addToPlan(this);
    // A composed tool may use the ID of the object that it would have created or changed.
    return arguments.deepCopy().put("id", plannedId());
  }

  private String plannedId() {
    List<String> variables = endpoint.variables();
    return endpoint.path().endsWith("}")
        ? arguments.path(variables.get(variables.size() - 1)).asText()
        : RequestPreview.placeholder(endpoint);
  }

  private JsonNode send() {
    UploadFile content = image();
    sent = true;
    ClerkResponse received =
        context
            .instance()
            .clerk()
            .exchange(endpoint, arguments, content, context.invocation().cancellation());
    checkNumber(received.body());
    answer = received;
    return received.body();
  }

  private void checkNumber(JsonNode body) {
    String number = method.number();
    if (!number.isEmpty() && !body.path(number).isIntegralNumber()) {
      throw ClerkException.unusable(
          "The response is not Clerk's: it has no number in %s.".formatted(number));
    }
  }

  /** Whether the client was told to send it, so that Clerk may have received it. */
  public boolean isSent() {
    return sent;
  }

  /** The HTTP status of Clerk's answer; null unless the request succeeded. */
  public @Nullable Integer status() {
    return answer == null ? null : answer.status();
  }

  /** The ID that Clerk's support asks for; null unless the request succeeded and had one. */
  public @Nullable String traceId() {
    return answer == null ? null : answer.traceId();
  }
}
