package dev.clerkmcp.clerk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.json.Json;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Parses Clerk's error responses, and the refusal of a redirect, into a {@link ClerkException}. */
final class ErrorParser {
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_.-]{1,100}");

  private static final String WITHOUT_EXPLANATION = "HTTP %s without an explanation";

  private static final int MAX_MESSAGE_LENGTH = 500;

  private ErrorParser() {}

  static ClerkException parse(Response response, String body) {
    JsonNode json = jsonOrMissing(body);
    List<ClerkException.Reason> reasons = new ArrayList<>();
    JsonNode errors = json.path("errors");
    for (JsonNode error : errors.isArray() ? errors : Json.array().add(errors)) {
      if (!error.isMissingNode() && !error.isNull()) {
        reasons.add(reason(error, response.code()));
      }
    }
    if (reasons.isEmpty()) {
      reasons.add(unexplained(response, json.has("errors")));
    }
    return new ClerkException(
        response.code(),
        reasons,
        traceId(json, response),
        retryAfter(response.header("Retry-After")),
        false,
        null);
  }

  private static JsonNode jsonOrMissing(String body) {
    try {
      return Json.read(body);
    } catch (JsonProcessingException e) {
      return Json.object(); // the page of a proxy, or the plain text of a 429
    }
  }

  private static ClerkException.Reason reason(JsonNode error, int status) {
    String longMessage = error.path("long_message").asText("");
    String shortMessage = error.isTextual() ? error.asText() : error.path("message").asText("");
    String message = longMessage.isEmpty() ? shortMessage : longMessage;
    return new ClerkException.Reason(
        code(error.path("code").asText("")),
        message.isBlank() ? WITHOUT_EXPLANATION.formatted(status) : shortened(message),
        error.path("meta").path("param_name").textValue());
  }

  /** The code is logged, so anything that is not a code is replaced. */
  private static String code(String given) {
    return CODE.matcher(given).matches() ? given : "unknown_error";
  }

  private static String shortened(String message) {
    if (message.length() <= MAX_MESSAGE_LENGTH) {
      return message;
    }
    boolean splitsPair = Character.isHighSurrogate(message.charAt(MAX_MESSAGE_LENGTH - 1));
    return message.substring(0, MAX_MESSAGE_LENGTH - (splitsPair ? 1 : 0));
  }

  /**
   * The reason of an error without one.
   *
   * @param ofClerk whether the body has Clerk's format, with no error in it
   */
  private static ClerkException.Reason unexplained(Response response, boolean ofClerk) {
    if (response.isRedirect()) {
      HttpUrl target = response.request().url().resolve(response.header("Location", ""));
      return new ClerkException.Reason(
          "redirected",
          "The address in %s redirects to %s, which is not followed."
              .formatted(
                  Setting.API_URL,
                  target == null ? "nowhere" : target.scheme() + "://" + target.host()),
          null);
    }
    return new ClerkException.Reason(
        response.code() == 429 ? "too_many_requests" : "unexplained",
        ofClerk
            ? WITHOUT_EXPLANATION.formatted(response.code())
            : "HTTP status %s without an error in Clerk's format; it may come from a proxy."
                .formatted(response.code()),
        null);
  }

  private static @Nullable String traceId(JsonNode json, Response response) {
    String traceId = json.path("clerk_trace_id").textValue();
    return traceId != null ? traceId : response.header("cf-ray");
  }

  private static @Nullable Duration retryAfter(@Nullable String header) {
    if (header == null) {
      return null;
    }
    try {
      if (header.matches("\\d+")) {
        return Duration.ofSeconds(header.length() > 9 ? Integer.MAX_VALUE : Long.parseLong(header));
      }
      ZonedDateTime date = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration wait = Duration.between(ZonedDateTime.now(date.getZone()), date);
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
