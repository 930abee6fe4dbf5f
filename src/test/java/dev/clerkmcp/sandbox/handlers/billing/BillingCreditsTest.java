package dev.clerkmcp.sandbox.handlers.billing;

import static dev.clerkmcp.sandbox.handlers.billing.BillingFixture.ORGANIZATION;
import static dev.clerkmcp.sandbox.handlers.billing.BillingFixture.USER;
import static dev.clerkmcp.sandbox.handlers.billing.BillingFixture.adjustment;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** Credits of payers. */
final class BillingCreditsTest {
  private final BillingFixture fixture = new BillingFixture();

  @Test
  void balanceIsTheSumOfAdjustments() {
    assertThat(fixture.clerk.ok("GET " + USER + "/credits").path("balance").isNull()).isTrue();
    JsonNode given = fixture.credit(USER, "increase", 500, "k1");
    assertThat(given.at("/amount/amount_formatted").asText()).isEqualTo("5.00");
    assertThat(fixture.credit(USER, "decrease", 200, "k2").at("/amount/amount").asInt())
        .isEqualTo(-200);
    assertThat(fixture.balance(USER)).isEqualTo(300);
    assertThat(fixture.clerk.ok("GET " + ORGANIZATION + "/credits").path("balance").isNull())
        .isTrue();
    assertThat(
            fixture
                .clerk
                .call("POST", USER + "/credits", adjustment("decrease", 301, "k3"))
                .error())
        .isEqualTo("422 insufficient_credit_balance amount");
    assertThat(fixture.balance(USER)).isEqualTo(300);
  }

  @Test
  void sameIdempotencyKeyAdjustsOnce() {
    JsonNode first = fixture.credit(USER, "increase", 500, "k1");
    assertThat(fixture.credit(USER, "increase", 500, "k1")).isEqualTo(first);
    assertThat(
            fixture.clerk.call("POST", USER + "/credits", adjustment("increase", 5, "k1")).error())
        .isEqualTo("409 conflict");
    fixture.credit(ORGANIZATION, "increase", 7, "k1");
    assertThat(fixture.balance(USER)).isEqualTo(500);
    assertThat(fixture.balance(ORGANIZATION)).isEqualTo(7);
  }

  @Test
  void rejectsInvalidAmounts() {
    assertThat(
            fixture.clerk.call("POST", USER + "/credits", adjustment("increase", 0, "k")).error())
        .isEqualTo("422 invalid_credit_amount amount");
    assertThat(
            fixture
                .clerk
                .call(
                    "POST",
                    USER + "/credits",
                    "{'amount':5,'action':'increase','idempotency_key':'k','currency':'EUR'}")
                .error())
        .isEqualTo("400 currency_invalid");
    assertThat(fixture.clerk.call("GET", "/users/user_0/billing/credits").error())
        .isEqualTo("404 resource_not_found");
  }
}
