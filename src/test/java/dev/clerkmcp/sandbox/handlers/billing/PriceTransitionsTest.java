package dev.clerkmcp.sandbox.handlers.billing;

import static dev.clerkmcp.sandbox.handlers.billing.BillingFixture.ITEMS;
import static dev.clerkmcp.sandbox.handlers.billing.BillingFixture.ORGANIZATION;
import static dev.clerkmcp.sandbox.handlers.billing.BillingFixture.USER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/** Changes from price to price, and what they cost. */
final class PriceTransitionsTest {
  private final BillingFixture fixture = new BillingFixture();

  @Test
  void firstPaidPlanStartsWithFreeTrial() {
    JsonNode answer = fixture.move(USER, "free_user", "pro_user");
    JsonNode item = answer.path("subscription_item");
    assertThat(item.path("is_free_trial").asBoolean()).isTrue();
    assertThat(item.path("period_end").asLong() - item.path("period_start").asLong())
        .isEqualTo(ChronoUnit.DAYS.getDuration().toMillis() * 14);
    JsonNode transition = answer.path("transition");
    assertThat(transition.path("effective_mode").asText()).isEqualTo("immediate");
    assertThat(transition.path("charged_immediately").asBoolean()).isFalse();
    assertThat(transition.at("/previous_plan/slug").asText()).isEqualTo("free_user");
    JsonNode subscription = fixture.clerk.ok("GET " + USER + "/subscription");
    assertThat(subscription.path("eligible_for_free_trial").asBoolean()).isFalse();
    assertThat(subscription.path("subscription_items")).hasSize(1);
    assertThat(subscription.at("/next_payment/date")).isEqualTo(item.path("period_end"));
    assertThat(subscription.at("/next_payment/amount/amount").asInt()).isEqualTo(1500);
    assertThat(fixture.clerk.ok("GET " + ITEMS + "?status=free_trial").path("total_count").asInt())
        .isEqualTo(1);
    assertThat(fixture.clerk.ok("GET " + ITEMS + "?query=ADA@").path("total_count").asInt())
        .isEqualTo(1);
    assertThat(fixture.clerk.ok("GET " + ITEMS + "?payer_type=org").path("total_count").asInt())
        .isZero();
    assertThat(fixture.clerk.ok("GET /billing/statements").path("data")).isEmpty();
  }

  @Test
  void creditsPayTheFee() {
    String item = ITEMS + "/" + fixture.current(ORGANIZATION) + "/price_transition";
    String body = fixture.transition("free_org", "team_org");
    assertThat(fixture.clerk.call("POST", item, body).error())
        .isEqualTo("422 payment_method_required_for_transition");
    assertThat(fixture.clerk.store().table(ObjectKind.SUBSCRIPTION_ITEM).size()).isZero();

    fixture.credit(ORGANIZATION, "increase", 5000, "k1");
    JsonNode transition = fixture.clerk.ok("POST " + item, body).path("transition");
    assertThat(transition.at("/immediate_charge/amount").asInt()).isEqualTo(4000);
    assertThat(transition.path("next_billing_date").asLong())
        .isGreaterThan(transition.path("effective_at").asLong());
    assertThat(fixture.balance(ORGANIZATION)).isEqualTo(1000);

    JsonNode statement = fixture.clerk.ok("GET /billing/statements").at("/data/0");
    assertThat(statement.at("/totals/grand_total/amount").asInt()).isEqualTo(4000);
    String path = "/billing/statements/" + statement.path("id").asText();
    assertThat(fixture.clerk.ok("GET " + path)).isEqualTo(statement);
    JsonNode attempts = fixture.clerk.ok("GET " + path + "/payment_attempts");
    assertThat(attempts.at("/data/0")).isEqualTo(statement.at("/groups/0/items/0"));
    assertThat(attempts.at("/data/0/status").asText()).isEqualTo("paid");
    assertThat(fixture.clerk.call("GET", "/billing/statements/cstmt_0/payment_attempts").error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void lowerPriceAppliesAfterThePeriod() {
    fixture.move(USER, "free_user", "pro_user");
    String paid = fixture.current(USER);
    JsonNode answer = fixture.move(USER, "pro_user", "free_user");
    assertThat(answer.at("/transition/effective_mode").asText()).isEqualTo("end_of_period");
    assertThat(answer.at("/subscription_item/status").asText()).isEqualTo("upcoming");
    JsonNode items = fixture.clerk.ok("GET " + USER + "/subscription").path("subscription_items");
    assertThat(items.findValuesAsText("status")).containsExactly("canceled", "upcoming");
    assertThat(
            fixture
                .clerk
                .call(
                    "POST",
                    ITEMS + "/" + paid + "/price_transition",
                    fixture.transition("pro_user", "free_user"))
                .error())
        .isEqualTo("409 subscription_item_no_longer_active");

    fixture.clerk.store().overrideTime(answer.at("/transition/effective_at").asLong());
    JsonNode later = fixture.clerk.ok("GET " + USER + "/subscription").path("subscription_items");
    assertThat(later.findValuesAsText("status")).containsExactly("active");
    assertThat(later.at("/0/plan/slug").asText()).isEqualTo("free_user");
    assertThat(fixture.clerk.ok("GET " + ITEMS + "?status=ended").path("total_count").asInt())
        .isEqualTo(1);
  }

  @Test
  void rejectsInvalidTransitions() {
    String path = ITEMS + "/" + fixture.current(USER) + "/price_transition";
    assertThat(
            fixture.clerk.call("POST", path, fixture.transition("pro_user", "free_user")).error())
        .isEqualTo("409 out_of_date_price");
    assertThat(
            fixture.clerk.call("POST", path, fixture.transition("free_user", "free_user")).error())
        .isEqualTo("422 price_transition_not_allowed to_price_id");
    assertThat(
            fixture.clerk.call("POST", path, fixture.transition("free_user", "team_org")).error())
        .isEqualTo("422 price_transition_not_allowed to_price_id");
    assertThat(
            fixture
                .clerk
                .call(
                    "POST",
                    path,
                    "{'from_price_id':'%s','to_price_id':'cprice_0'}"
                        .formatted(fixture.price("free_user")))
                .error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void annualPriceChargesAWholeYear() {
    JsonNode price =
        fixture.clerk.ok(
            "POST /billing/prices",
            "{'plan_id':'%s','amount':null,'annual_monthly_amount':100}"
                .formatted(fixture.plan("team_org")));
    fixture.credit(ORGANIZATION, "increase", 1200, "k1");
    JsonNode answer =
        fixture.clerk.ok(
            "POST " + ITEMS + "/" + fixture.current(ORGANIZATION) + "/price_transition",
            "{'from_price_id':'%s','to_price_id':'%s'}"
                .formatted(fixture.price("free_org"), price.path("id").asText()));
    assertThat(answer.at("/subscription_item/plan_period").asText()).isEqualTo("annual");
    assertThat(answer.at("/transition/immediate_charge/amount").asInt()).isEqualTo(1200);
    assertThat(fixture.balance(ORGANIZATION)).isZero();
  }
}
