package dev.clerkmcp.sandbox.handlers.billing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans and prices. */
final class BillingPlansTest {
  private final BillingFixture fixture = new BillingFixture();

  @Test
  void newInstanceHasFreeAndPaidPlans() {
    JsonNode plans = fixture.clerk.ok("GET /billing/plans").path("data");
    assertThat(plans.findValuesAsText("slug"))
        .containsExactly("team_org", "free_org", "pro_user", "free_user");
    JsonNode ofUsers = fixture.clerk.ok("GET /billing/plans?payer_type=user");
    assertThat(ofUsers.path("total_count").asInt()).isEqualTo(2);
    assertThat(ofUsers.at("/data/0/fee/amount_formatted").asText()).isEqualTo("15.00");
    assertThat(ofUsers.at("/data/1/is_default").asBoolean()).isTrue();
    assertThat(fixture.clerk.ok("GET /billing/prices").path("data").findValuesAsText("is_default"))
        .containsOnly("true")
        .hasSize(4);
  }

  @Test
  void priceCanBeAddedToAPaidPlan() {
    JsonNode price =
        fixture.clerk.ok(
            "POST /billing/prices",
            "{'plan_id':'%s','amount':900,'description':'For friends'}"
                .formatted(fixture.plan("pro_user")));
    assertThat(price.path("supported_billing_periods").asText()).isEqualTo("month");
    assertThat(price.path("annual_monthly_fee").isNull()).isTrue();
    JsonNode prices = fixture.clerk.ok("GET /billing/prices?plan_id=" + fixture.plan("pro_user"));
    assertThat(prices.path("data").findValuesAsText("is_default")).containsExactly("false", "true");
    assertThat(prices.path("data").path(0)).isEqualTo(price);
    assertThat(fixture.clerk.call("GET", "/billing/prices?plan_id=cplan_0").error())
        .isEqualTo("404 plan_not_found");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "pro_user  | 'amount':-1                       | 422 plan_amount_invalid amount",
        "pro_user  | 'amount':99                       | 422 plan_amount_invalid amount",
        "pro_user  | 'amount':null                     | 422 form_param_missing amount",
        "pro_user  | 'amount':900,'currency':'EUR'     | 400 currency_invalid",
        "free_user | 'amount':900                      | 422 default_plan_price_creation_forbidden",
        "pro_user  | 'amount':900,'supported_billing_periods':'both'"
            + " | 422 supported_billing_period_mismatch supported_billing_periods",
      })
  void rejectsInvalidPrices(String plan, String fields, String error) {
    assertThat(
            fixture
                .clerk
                .call(
                    "POST",
                    "/billing/prices",
                    "{'plan_id':'%s',%s}".formatted(fixture.plan(plan), fields))
                .error())
        .isEqualTo(error);
  }
}
