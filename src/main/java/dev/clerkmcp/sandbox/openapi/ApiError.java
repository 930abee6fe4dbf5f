package dev.clerkmcp.sandbox.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error response of Clerk's API: a status and one or more reasons.
 *
 * @see <a href="https://clerk.com/docs/guides/development/errors/backend-api">Clerk's codes</a>
 */
public final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient List<Reason> reasons;
  private final transient ObjectNode more = Json.object();

  /** Creates an error with at least one reason. */
  public ApiError(int status, List<Reason> reasons) {
    super(reasons.get(0).message(), null, false, false);
    this.status = status;
    this.reasons = List.copyOf(reasons);
  }

  /**
   * An error that no parameter causes.
   *
   * @param message with placeholders for the values, as {@link String#formatted} fills them in
   */
  public static ApiError of(int status, String code, String message, Object... values) {
    return new ApiError(status, List.of(new Reason(code, filledIn(message, values), null)));
  }

  /**
   * An invalid value of a parameter: status 422.
   *
   * @param message with placeholders for the values, as {@link String#formatted} fills them in
   */
  public static ApiError invalid(String code, String parameter, String message, Object... values) {
    return new ApiError(422, List.of(new Reason(code, filledIn(message, values), parameter)));
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation is in a library that we do not need
  private static String filledIn(String message, Object... values) {
    return values.length == 0 ? message : message.formatted(values);
  }

  /** A value that another object has: status 422. */
  public static ApiError taken(String parameter) {
    return invalid("form_identifier_exists", parameter, "That %s is taken.", words(parameter));
  }

  /** A missing parameter: status 422. */
  public static ApiError missing(String parameter) {
    return invalid("form_param_missing", parameter, parameter + " must be included.");
  }

  /** An object that does not exist: status 404. */
  public static ApiError notFound(String object, String id) {
    return of(404, "resource_not_found", "No %s was found with id %s.", words(object), id);
  }

  /** Adds a detail to {@code meta}, such as the addresses that have an invitation. */
  public ApiError with(String name, JsonNode value) {
    more.set(name, value);
    return this;
  }

  /** Adds a list of texts to {@code meta}. */
  public ApiError with(String name, List<String> texts) {
    ArrayNode array = Json.array();
    texts.forEach(array::add);
    return with(name, array);
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The code of the first reason. */
  public String code() {
    return reasons.get(0).code();
  }

  /** The body of the response. */
  public ObjectNode body(String traceId) {
    ObjectNode body = Json.object();
    ArrayNode errors = body.putArray("errors");
    for (Reason reason : reasons) {
      ObjectNode error =
          errors
              .addObject()
              .put("message", shortMessage(reason))
              .put("long_message", reason.message())
              .put("code", reason.code());
      ObjectNode meta = more.deepCopy();
      if (reason.parameter() != null) {
        meta.put("param_name", reason.parameter());
      }
      if (!meta.isEmpty()) {
        error.set("meta", meta);
      }
    }
    return body.put("clerk_trace_id", traceId);
  }

  /** Clerk's short form, which does not name the parameter: its library shows it to developers. */
  private static String shortMessage(Reason reason) {
    return switch (reason.code()) {
      case "resource_not_found" -> "not found";
      case "form_param_missing", "form_data_missing" -> "is missing";
      case "form_identifier_exists" -> "is taken";
      case "form_param_unknown" -> "is unknown";
      case "authentication_invalid", "clerk_key_invalid" -> "invalid authentication";
      default -> reason.code().startsWith("form_") ? "is invalid" : reason.message();
    };
  }

  private static String words(String name) {
    return name.replace('_', ' ');
  }

  /**
   * A reason for an error.
   *
   * @param code Clerk's code, in lower snake case
   * @param parameter the parameter that causes the error, or null
   */
  public record Reason(String code, String message, @Nullable String parameter) {}
}
