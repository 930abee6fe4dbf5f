package dev.clerkmcp.sandbox.handlers;

import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** A time in a request, such as when an object was made that comes from elsewhere. */
final class PastTime {
  private PastTime() {}

  /**
   * The time that a field of the body gives, in milliseconds, or null.
   *
   * @throws ApiError with status 422 if it is no date of RFC 3339, or later than now
   */
  static @Nullable Long of(ApiRequest call, String field, long now) {
    String text = call.text(field);
    if (text == null) {
      return null;
    }
    long time;
    try {
      time = OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeException e) {
      throw ApiError.invalid(
          "form_param_invalid_date",
          field,
          "%s must be a date such as 2026-01-31T09:30:00Z.".formatted(field));
    }
    if (time > now) {
      throw ApiError.invalid(
          "form_disallow_future_date", field, field + " must not be in the future.");
    }
    return time;
  }
}
