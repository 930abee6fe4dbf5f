package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Amounts of the one currency that the sandbox knows. */
final class Money {
  private static final String CURRENCY = "USD";

  private Money() {}

  /** An amount in cents. */
  static ObjectNode of(long cents) {
    return Json.object()
        .put("amount", cents)
        .put("amount_formatted", BigDecimal.valueOf(cents, 2).toPlainString())
        .put("currency", CURRENCY)
        .put("currency_symbol", "$");
  }

  /** Refuses a currency that is not this one; null is none. */
  static void checkCurrency(@Nullable String currency) {
    if (currency != null && !currency.equals(CURRENCY)) {
      throw ApiError.of(400, "currency_invalid", "The currency must be %s.".formatted(CURRENCY));
    }
  }
}
