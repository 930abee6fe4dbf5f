package dev.clerkmcp.sandbox.handlers.billing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.handlers.billing.BillingPayers.Payer;
import dev.clerkmcp.sandbox.handlers.billing.BillingPlans.Plan;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Handles the subscription endpoints: the items of payers' subscriptions, their cancellation and
 * free trials.
 */
public final class BillingSubscriptions {
  private static final int MAX_TRIAL_DAYS = 365;

  private final HandlerContext context;
  private final BillingPlans plans;
  private final BillingPayers payers;
  private final SubscriptionItems items;

  public BillingSubscriptions(
      HandlerContext context, BillingPlans plans, BillingPayers payers, SubscriptionItems items) {
    this.context = context;
    this.plans = plans;
    this.payers = payers;
    this.items = items;
  }

  public void register(Routes routes) {
    String one = "/billing/subscription_items/{subscription_item_id}";
    routes
        .on("GET /users/{user_id}/billing/subscription", this::subscription)
        .on("GET /organizations/{organization_id}/billing/subscription", this::subscription)
        .on("GET /billing/subscription_items", this::list)
        .on("DELETE " + one, this::cancel)
        .on("POST " + one + "/extend_free_trial", this::extendFreeTrial)
        .on("POST " + one + "/discounts", this::rejectDiscount)
        .on("DELETE " + one + "/discounts/{discount_id}", this::rejectDiscount);
  }

  private JsonNode subscription(ApiRequest request) {
    Payer payer = payers.of(request);
    List<ObjectNode> all = items.of(payer);
    ObjectNode subscription =
        context
            .responseTemplate(request)
            .put("id", "csub_" + payer.ownerId())
            .put("instance_id", HandlerContext.INSTANCE_ID)
            .put("payer_id", payer.id())
            .put("status", "active")
            .put("eligible_for_free_trial", isEligibleForFreeTrial(all));
    long since = payer.owner().path("created_at").asLong();
    subscription.put("created_at", since).put("active_at", since).put("updated_at", since);
    ArrayNode shown = subscription.putArray("subscription_items");
    for (ObjectNode item : all) {
      long updated = item.path("updated_at").asLong();
      if (updated > subscription.path("updated_at").asLong()) {
        subscription.put("updated_at", updated);
      }
      if (!items.isOver(item)) {
        ObjectNode view = items.view(item);
        shown.add(view);
        if (view.hasNonNull("next_payment")) {
          subscription.set("next_payment", view.path("next_payment"));
        }
        if (view.hasNonNull("past_due_at")) {
          subscription.put("status", "past_due").set("past_due_at", view.path("past_due_at"));
        }
      }
    }
    return subscription;
  }

  /** Whether a payer can have a free trial: it must have had no trial and no paid item. */
  boolean isEligibleForFreeTrial(List<ObjectNode> all) {
    return all.stream()
        .allMatch(
            item -> SubscriptionItems.isFree(item) && !item.path("is_free_trial").asBoolean());
  }

  private JsonNode list(ApiRequest request) {
    String status = request.parameter("status");
    String payerType = request.parameter("payer_type");
    String planId = request.parameter("plan_id");
    boolean withFree = request.query().path("include_free").asBoolean();
    String query = request.query().path("query").asText("").toLowerCase(Locale.ROOT);
    List<ObjectNode> found =
        payers
            .all()
            .filter(payer -> payerType == null || payer.type().equals(payerType))
            .flatMap(payer -> items.of(payer).stream())
            .filter(item -> planId == null || item.path("plan_id").asText().equals(planId))
            .filter(item -> withFree || !SubscriptionItems.isFree(item))
            .filter(item -> status == null || isOfStatus(item, status))
            .sorted(
                Comparator.comparingLong((ObjectNode item) -> item.path("created_at").asLong())
                    .thenComparing(item -> item.path("id").asText())
                    .reversed())
            .map(items::view)
            .filter(view -> matches(view, query))
            .toList();
    return context.page(request, found);
  }

  private boolean isOfStatus(ObjectNode item, String status) {
    return status.equals("free_trial")
        ? item.path("is_free_trial").asBoolean() && items.status(item).equals("active")
        : items.status(item).equals(status);
  }

  private static boolean matches(ObjectNode view, String query) {
    JsonNode payer = view.path("payer");
    return Stream.of(
            view.path("id"),
            view.path("plan").path("name"),
            payer.path("email"),
            payer.path("first_name"),
            payer.path("last_name"),
            payer.path("organization_name"),
            payer.path("organization_id"),
            payer.path("user_id"))
        .anyMatch(text -> text.asText("").toLowerCase(Locale.ROOT).contains(query));
  }

  private JsonNode cancel(ApiRequest request) {
    ObjectNode item = items.get(request.variable("subscription_item_id"));
    boolean endNow = request.query().path("end_now").asBoolean();
    String status = items.status(item);
    if (items.isOver(item)) {
      throw ApiError.of(422, "subscription_already_ended", "The subscription item has ended.");
    }
    if (SubscriptionItems.isFree(item) || status.equals("upcoming")) {
      throw ApiError.of(
          422,
          endNow
              ? "commerce_subscription_item_cannot_be_ended"
              : "commerce_subscription_item_cannot_be_canceled",
          "Only an item that is paid for and has begun can be canceled.");
    }
    if (status.equals("canceled") && !endNow) {
      throw ApiError.of(
          400,
          "commerce_subscription_item_already_canceled",
          "The subscription item is canceled; end_now=true would end it at once.");
    }
    boolean now = endNow || !item.path("period_end").isNumber();
    long end = now ? context.now() : item.path("period_end").asLong();
    ObjectNode canceled =
        items.change(
            item,
            row -> {
              if (!row.path("canceled_at").isNumber()) {
                row.put("canceled_at", context.now());
              }
              if (now) {
                row.put("ended_at", context.now());
              }
            });
    followWithFree(items.payer(item), end);
    return items.view(canceled);
  }

  /** Continues a canceled subscription with its upcoming item, else with the free plan. */
  private void followWithFree(Payer payer, long start) {
    for (ObjectNode item : items.of(payer)) {
      if (items.status(item).equals("upcoming")) {
        items.change(item, row -> row.put("period_start", start));
        return;
      }
    }
    items.add(payer, plans.price(BillingPlans.free(payer.type()).priceId()), start, false);
  }

  private JsonNode extendFreeTrial(ApiRequest request) {
    ObjectNode item = items.get(request.variable("subscription_item_id"));
    Plan plan = BillingPlans.get(item.path("plan_id").asText());
    if (plan.trialDays() == 0) {
      throw ApiError.of(
          403, "plan_free_trials_disabled", "The plan %s has no free trial.", plan.name());
    }
    if (!item.path("is_free_trial").asBoolean() || !items.status(item).equals("active")) {
      throw ApiError.of(
          403, "subscription_item_not_in_free_trial", "The item is not in a free trial.");
    }
    long end = extension(request.field("extend_to"), item);
    return items.viewInChange(items.change(item, row -> row.put("period_end", end)));
  }

  private long extension(String text, ObjectNode item) {
    long latest =
        Instant.ofEpochMilli(context.now()).plus(MAX_TRIAL_DAYS, ChronoUnit.DAYS).toEpochMilli();
    try {
      long end = OffsetDateTime.parse(text).toInstant().toEpochMilli();
      if (end >= item.path("period_end").asLong() && end <= latest) {
        return end;
      }
    } catch (DateTimeParseException e) {
      // Rejected below.
    }
    throw ApiError.invalid(
        "form_param_invalid_time",
        "extend_to",
        "extend_to must be a time such as 2026-12-31T00:00:00Z, not before the trial's end and at"
            + " most %s days from now.",
        MAX_TRIAL_DAYS);
  }

  /** Rejects discounts: only Clerk's dashboard creates them, so the sandbox has none. */
  private JsonNode rejectDiscount(ApiRequest request) {
    items.get(request.variable("subscription_item_id"));
    throw ApiError.of(
        404,
        "discount_not_found",
        "The sandbox has no discounts: only Clerk's dashboard makes them.");
  }
}
