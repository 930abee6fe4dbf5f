package dev.clerkmcp.sandbox.handlers.billing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.billing.BillingPayers.Payer;
import dev.clerkmcp.sandbox.handlers.billing.BillingPlans.Plan;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import java.util.List;

/**
 * Handles the endpoint that moves a subscription from one price to another. A higher price applies
 * at once, a lower one after the period. The sandbox has no cards: credits pay the fee.
 */
public final class PriceTransitions {
  private static final List<String> CHANGEABLE = List.of("active", "past_due");

  private final HandlerContext context;
  private final BillingPlans plans;
  private final SubscriptionItems items;
  private final BillingSubscriptions subscriptions;
  private final BillingStatements statements;

  public PriceTransitions(
      HandlerContext context,
      BillingPlans plans,
      SubscriptionItems items,
      BillingSubscriptions subscriptions,
      BillingStatements statements) {
    this.context = context;
    this.plans = plans;
    this.items = items;
    this.subscriptions = subscriptions;
    this.statements = statements;
  }

  public void register(Routes routes) {
    routes.on(
        "POST /billing/subscription_items/{subscription_item_id}/price_transition",
        this::transition);
  }

  private JsonNode transition(ApiRequest request) {
    ObjectNode old = items.get(request.variable("subscription_item_id"));
    ObjectNode from = plans.price(request.field("from_price_id"));
    ObjectNode to = plans.price(request.field("to_price_id"));
    Payer payer = items.payer(old);
    checkTransition(old, from, to, payer);

    boolean atOnce = BillingPlans.monthly(to) >= BillingPlans.monthly(from);
    boolean trial = atOnce && isTrial(to, payer);
    long fee = atOnce && !trial ? SubscriptionItems.fee(to) : 0;
    long start = atOnce ? context.now() : old.path("period_end").asLong();
    items.change(
        old,
        row -> {
          row.put("canceled_at", context.now());
          if (atOnce) {
            row.put("ended_at", context.now());
          }
        });
    ObjectNode added = items.add(payer, to, start, trial);
    if (fee > 0) {
      statements.charge(payer, added, fee);
    }
    ObjectNode answer = Json.object().put("object", "commerce_price_transition");
    answer.set("subscription_item", items.viewInChange(added));
    answer.set("transition", details(old, from, added, fee));
    return answer;
  }

  private boolean isTrial(ObjectNode price, Payer payer) {
    return BillingPlans.get(price.path("plan_id").asText()).trialDays() > 0
        && SubscriptionItems.fee(price) > 0
        && subscriptions.isEligibleForFreeTrial(items.of(payer));
  }

  private ObjectNode details(ObjectNode old, ObjectNode from, ObjectNode added, long fee) {
    boolean atOnce = !items.status(added).equals("upcoming");
    ObjectNode details =
        Json.object()
            .put("effective_at", added.path("period_start").asLong())
            .put("effective_mode", atOnce ? "immediate" : "end_of_period")
            .put("charged_immediately", fee > 0)
            .put("previous_subscription_item_status", atOnce ? "ended" : "canceled")
            .put("previous_subscription_item_id", old.path("id").asText());
    Plan plan = BillingPlans.get(from.path("plan_id").asText());
    details.set("previous_plan", plans.viewInChange(plan));
    details.set("previous_price", from);
    details.set("immediate_charge", fee > 0 ? BillingPlans.money(fee) : NullNode.getInstance());
    details.set("next_billing_date", added.path("period_end"));
    return details;
  }

  private void checkTransition(ObjectNode item, ObjectNode from, ObjectNode to, Payer payer) {
    if (!CHANGEABLE.contains(items.status(item))) {
      throw ApiError.of(
          409,
          "subscription_item_no_longer_active",
          "The subscription item is %s; take the active one.",
          items.status(item));
    }
    if (!item.path("price_id").equals(from.path("id"))) {
      throw ApiError.of(
          409,
          "out_of_date_price",
          "from_price_id is not the item's price, which is %s.",
          item.path("price_id").asText());
    }
    Plan plan = BillingPlans.get(to.path("plan_id").asText());
    if (from.path("id").equals(to.path("id")) || !plan.payerType().equals(payer.type())) {
      throw ApiError.invalid(
          "price_transition_not_allowed",
          "to_price_id",
          "to_price_id must be another price, of a plan for the same kind of payer.");
    }
  }
}
