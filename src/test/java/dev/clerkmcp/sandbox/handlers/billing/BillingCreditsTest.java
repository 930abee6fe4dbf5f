package dev.clerkmcp.sandbox.handlers.billing;

import static dev.clerkmcp.sandbox.handlers.billing.BillingFixture.ORGANIZATION;
import static dev.clerkmcp.sandbox.handlers.billing.BillingFixture.USER;
import static dev.clerkmcp.sandbox.handlers.billing.BillingFixture.adjustment;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** Credits of payers. */
final class BillingCreditsTest {
  private final BillingFixture at = new BillingFixture();

  @Test
  void balanceIsTheSumOfWhatWasGivenAndTaken() {
    assertThat(at.clerk.ok("GET " + USER + "/credits").path("balance").isNull()).isTrue();
    JsonNode given = at.credit(USER, "increase", 500, "k1");
    assertThat(given.at("/amount/amount_formatted").asText()).isEqualTo("5.00");
    assertThat(at.credit(USER, "decrease", 200, "k2").at("/amount/amount").asInt()).isEqualTo(-200);
    assertThat(at.balance(USER)).isEqualTo(300);
    assertThat(at.clerk.ok("GET " + ORGANIZATION + "/credits").path("balance").isNull()).isTrue();
    assertThat(at.clerk.call("POST", USER + "/credits", adjustment("decrease", 301, "k3")).error())
        .isEqualTo("422 insufficient_credit_balance amount");
    assertThat(at.balance(USER)).isEqualTo(300);
  }

  @Test
  void sameKeyAdjustsOnce() {
    JsonNode first = at.credit(USER, "increase", 500, "k1");
    assertThat(at.credit(USER, "increase", 500, "k1")).isEqualTo(first);
    assertThat(at.clerk.call("POST", USER + "/credits", adjustment("increase", 5, "k1")).error())
        .isEqualTo("409 conflict");
    at.credit(ORGANIZATION, "increase", 7, "k1");
    assertThat(at.balance(USER)).isEqualTo(500);
    assertThat(at.balance(ORGANIZATION)).isEqualTo(7);
  }

  @Test
  void creditsHaveLimits() {
    assertThat(at.clerk.call("POST", USER + "/credits", adjustment("increase", 0, "k")).error())
        .isEqualTo("422 invalid_credit_amount amount");
    assertThat(
            at.clerk
                .call(
                    "POST",
                    USER + "/credits",
                    "{'amount':5,'action':'increase','idempotency_key':'k','currency':'EUR'}")
                .error())
        .isEqualTo("400 currency_invalid");
    assertThat(at.clerk.call("GET", "/users/user_0/billing/credits").error())
        .isEqualTo("404 resource_not_found");
  }
}
