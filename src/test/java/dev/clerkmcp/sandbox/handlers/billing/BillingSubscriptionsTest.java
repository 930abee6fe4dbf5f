package dev.clerkmcp.sandbox.handlers.billing;

import static dev.clerkmcp.sandbox.handlers.billing.BillingFixture.ITEMS;
import static dev.clerkmcp.sandbox.handlers.billing.BillingFixture.ORGANIZATION;
import static dev.clerkmcp.sandbox.handlers.billing.BillingFixture.USER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Subscriptions, free trials and the end of both. */
final class BillingSubscriptionsTest {
  private final BillingFixture fixture = new BillingFixture();

  @Test
  void everyPayerHasTheFreePlanWithoutStoredItem() {
    JsonNode user = fixture.clerk.ok("GET " + USER + "/subscription");
    assertThat(user.path("status").asText()).isEqualTo("active");
    assertThat(user.path("eligible_for_free_trial").asBoolean()).isTrue();
    assertThat(user.at("/subscription_items/0/plan/slug").asText()).isEqualTo("free_user");
    assertThat(user.at("/subscription_items/0/payer/email").asText()).isEqualTo("ada@example.com");
    assertThat(fixture.clerk.ok("GET " + USER + "/subscription")).isEqualTo(user);
    JsonNode organization = fixture.clerk.ok("GET " + ORGANIZATION + "/subscription");
    assertThat(organization.at("/subscription_items/0/plan/slug").asText()).isEqualTo("free_org");
    assertThat(organization.at("/subscription_items/0/payer/organization_name").asText())
        .isEqualTo("Acme");
    assertThat(fixture.clerk.ok("GET " + ITEMS).path("data")).isEmpty();
    assertThat(fixture.clerk.ok("GET " + ITEMS + "?include_free=true").path("total_count").asInt())
        .isEqualTo(2);
    assertThat(fixture.clerk.store().table(ObjectKind.SUBSCRIPTION_ITEM).size()).isZero();
  }

  @Test
  void trialCanBeExtended() {
    JsonNode item = fixture.move(USER, "free_user", "pro_user").path("subscription_item");
    String path = ITEMS + "/" + item.path("id").asText() + "/extend_free_trial";
    long end = item.path("period_end").asLong() + 86_400_000;
    String body = "{'extend_to':'%s'}".formatted(Instant.ofEpochMilli(end));
    assertThat(fixture.clerk.ok("POST " + path, body).path("period_end").asLong()).isEqualTo(end);
    assertThat(fixture.clerk.ok("POST " + path, body).path("period_end").asLong()).isEqualTo(end);
    for (String wrong : new String[] {"2026-06-02T00:00:00Z", "2029-01-01T00:00:00Z", "soon"}) {
      assertThat(fixture.clerk.call("POST", path, "{'extend_to':'" + wrong + "'}").error())
          .isEqualTo("422 form_param_invalid_time extend_to");
    }
    assertThat(
            fixture
                .clerk
                .call("POST", ITEMS + "/" + fixture.current(USER) + "x/extend_free_trial", body)
                .error())
        .isEqualTo("404 subscription_item_not_found");
    assertThat(
            fixture
                .clerk
                .call(
                    "POST",
                    ITEMS + "/" + fixture.current(ORGANIZATION) + "/extend_free_trial",
                    body)
                .error())
        .isEqualTo("403 plan_free_trials_disabled");
    fixture.clerk.ok("DELETE " + ITEMS + "/" + item.path("id").asText() + "?end_now=true");
    assertThat(fixture.clerk.call("POST", path, body).error())
        .isEqualTo("403 subscription_item_not_in_free_trial");
  }

  @Test
  void unpaidTrialBecomesPastDue() {
    JsonNode item = fixture.move(USER, "free_user", "pro_user").path("subscription_item");
    fixture.clerk.store().overrideTime(item.path("period_end").asLong());
    JsonNode subscription = fixture.clerk.ok("GET " + USER + "/subscription");
    assertThat(subscription.path("status").asText()).isEqualTo("past_due");
    assertThat(subscription.path("past_due_at")).isEqualTo(item.path("period_end"));
    assertThat(subscription.has("next_payment")).isFalse();
  }

  @Test
  void canceledItemRunsToTheEndOfItsPeriod() {
    fixture.move(USER, "free_user", "pro_user");
    String path = ITEMS + "/" + fixture.current(USER);
    JsonNode canceled = fixture.clerk.ok("DELETE " + path);
    assertThat(canceled.path("status").asText()).isEqualTo("canceled");
    assertThat(fixture.clerk.call("DELETE", path).error())
        .isEqualTo("400 commerce_subscription_item_already_canceled");
    JsonNode items = fixture.clerk.ok("GET " + USER + "/subscription").path("subscription_items");
    assertThat(items.findValuesAsText("status")).containsExactly("canceled", "upcoming");
    assertThat(fixture.clerk.call("DELETE", ITEMS + "/" + items.at("/1/id").asText()).error())
        .isEqualTo("422 commerce_subscription_item_cannot_be_canceled");

    assertThat(fixture.clerk.ok("DELETE " + path + "?end_now=true").path("status").asText())
        .isEqualTo("ended");
    assertThat(
            fixture
                .clerk
                .ok("GET " + USER + "/subscription")
                .path("subscription_items")
                .findValuesAsText("status"))
        .containsExactly("active");
    assertThat(fixture.clerk.call("DELETE", path).error())
        .isEqualTo("422 subscription_already_ended");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 422 commerce_subscription_item_cannot_be_canceled",
    "?end_now=true, 422 commerce_subscription_item_cannot_be_ended"
  })
  void freePlanIsNotCanceled(String query, String error) {
    String path = ITEMS + "/" + fixture.current(USER) + query;
    assertThat(fixture.clerk.call("DELETE", path).error()).isEqualTo(error);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /discounts", "DELETE /discounts/disc_1"})
  void discountsAreNotFound(String route) {
    String path = route.substring(route.indexOf(' ') + 1);
    String method = route.substring(0, route.indexOf(' '));
    String body = method.equals("POST") ? "{'discount_id':'disc_1'}" : "";
    assertThat(fixture.clerk.call(method, ITEMS + "/" + fixture.current(USER) + path, body).error())
        .isEqualTo("404 discount_not_found");
    assertThat(fixture.clerk.call(method, ITEMS + "/csub_item_0" + path, body).error())
        .isEqualTo("404 subscription_item_not_found");
  }

  @Test
  void itemsDisappearWithTheirPayer() {
    fixture.move(USER, "free_user", "pro_user");
    String item = fixture.current(USER);
    fixture.clerk.store().table(ObjectKind.USER).remove("user_1");
    assertThat(fixture.clerk.ok("GET " + ITEMS).path("data")).isEmpty();
    assertThat(fixture.clerk.call("DELETE", ITEMS + "/" + item).error())
        .isEqualTo("404 subscription_item_not_found");
  }
}
