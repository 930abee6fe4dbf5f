package dev.clerkmcp.sandbox.handlers.billing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.billing.BillingPayers.Payer;
import dev.clerkmcp.sandbox.handlers.billing.BillingPlans.Plan;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.function.Consumer;

/**
 * Stores the items of subscriptions. A payer without a stored item has an item of the free plan,
 * which is stored when it changes. An item's status is derived from its times.
 */
public final class SubscriptionItems {
  private static final String FIRST = ObjectKind.SUBSCRIPTION_ITEM.prefix();

  private final HandlerContext context;
  private final BillingPlans plans;
  private final BillingPayers payers;
  private final Table items;

  public SubscriptionItems(HandlerContext context, BillingPlans plans, BillingPayers payers) {
    this.context = context;
    this.plans = plans;
    this.payers = payers;
    this.items = context.table(ObjectKind.SUBSCRIPTION_ITEM);
  }

  /** The items of a payer, including ended ones, in the order of their creation. */
  List<ObjectNode> of(Payer payer) {
    List<ObjectNode> stored =
        items.stream()
            .filter(item -> item.path("payer_id").asText().equals(payer.id()))
            .sorted((a, b) -> Long.compare(since(a), since(b)))
            .toList();
    return stored.isEmpty() ? List.of(first(payer)) : stored;
  }

  private static long since(ObjectNode item) {
    return item.path("created_at").asLong();
  }

  /**
   * The item with an id.
   *
   * @throws ApiError with status 404 if there is none, or its payer was deleted
   */
  ObjectNode get(String id) {
    ObjectNode item = items.find(id);
    String ownerId =
        item == null ? id.replaceFirst("^" + FIRST, "") : item.path("owner_id").asText();
    Payer payer = payers.find(ownerId);
    if (payer != null) {
      for (ObjectNode one : of(payer)) {
        if (one.path("id").asText().equals(id)) {
          return one;
        }
      }
    }
    throw ApiError.of(
        404, "subscription_item_not_found", "No subscription item was found with id " + id + ".");
  }

  Payer payer(ObjectNode item) {
    Payer payer = payers.find(item.path("owner_id").asText());
    if (payer == null) {
      throw ApiError.of(404, "payer_not_found", "The payer of the subscription item is gone.");
    }
    return payer;
  }

  /** Adds an item: active, or upcoming if it starts later. */
  ObjectNode add(Payer payer, JsonNode price, long start, boolean isFreeTrial) {
    Plan plan = BillingPlans.get(price.path("plan_id").asText());
    ObjectNode item =
        item(payer, context.store().newId(ObjectKind.SUBSCRIPTION_ITEM), price, start)
            .put("is_free_trial", isFreeTrial)
            .put("created_at", context.now())
            .put("updated_at", context.now());
    if (BillingPlans.monthly(price) > 0) {
      item.put(
          "period_end",
          isFreeTrial
              ? utc(start).plusDays(plan.trialDays()).toInstant().toEpochMilli()
              : end(start, price));
    }
    return items.add(item);
  }

  /** Changes an item, and stores it if it is not stored yet. */
  ObjectNode change(ObjectNode item, Consumer<ObjectNode> change) {
    String id = item.path("id").asText();
    if (items.find(id) == null) {
      items.add(item);
    }
    return items.change(id, change);
  }

  private static long end(long start, JsonNode price) {
    ZonedDateTime from = utc(start);
    return (BillingPlans.isAnnual(price) ? from.plusYears(1) : from.plusMonths(1))
        .toInstant()
        .toEpochMilli();
  }

  private static ZonedDateTime utc(long millis) {
    return Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC);
  }

  private ObjectNode first(Payer payer) {
    long since = payer.owner().path("created_at").asLong();
    ObjectNode price = plans.price(BillingPlans.free(payer.type()).priceId());
    return item(payer, FIRST + payer.ownerId(), price, since)
        .put("created_at", since)
        .put("updated_at", since);
  }

  private static ObjectNode item(Payer payer, String id, JsonNode price, long start) {
    ObjectNode item =
        Json.object()
            .put("id", id)
            .put("payer_id", payer.id())
            .put("owner_id", payer.ownerId())
            .put("plan_period", BillingPlans.isAnnual(price) ? "annual" : "month")
            .put("is_free_trial", false)
            .put("period_start", start);
    item.set("plan_id", price.path("plan_id"));
    item.set("price_id", price.path("id"));
    for (String field : List.of("period_end", "canceled_at", "ended_at")) {
      item.putNull(field);
    }
    return item;
  }

  /**
   * The current status of an item. The sandbox does not charge at the end of a period, so the item
   * is then past due.
   */
  String status(ObjectNode item) {
    long now = context.now();
    JsonNode end = item.path("period_end");
    boolean over = end.isNumber() && end.asLong() <= now;
    boolean canceled = item.path("canceled_at").isNumber();
    if (item.path("ended_at").isNumber() || (over && canceled)) {
      return "ended";
    }
    if (item.path("period_start").asLong() > now) {
      return "upcoming";
    }
    if (canceled) {
      return "canceled";
    }
    return over ? "past_due" : "active";
  }

  boolean isOver(ObjectNode item) {
    return status(item).equals("ended");
  }

  /** The price of an item. */
  ObjectNode price(ObjectNode item) {
    return plans.price(item.path("price_id").asText());
  }

  /** Whether an item is of the free plan; a paid plan in its trial is not. */
  static boolean isFree(ObjectNode item) {
    return BillingPlans.get(item.path("plan_id").asText()).isFree();
  }

  /** The fee for a whole period in cents. */
  static long fee(JsonNode price) {
    return BillingPlans.monthly(price) * (BillingPlans.isAnnual(price) ? 12 : 1);
  }

  /** The time and amount of the next payment; null if there is none. */
  private JsonNode nextPayment(ObjectNode item) {
    long fee = fee(price(item));
    if (fee == 0 || !status(item).equals("active")) {
      return NullNode.getInstance();
    }
    ObjectNode next = Json.object();
    next.set("date", item.path("period_end"));
    next.set("amount", BillingPlans.money(fee));
    return next;
  }

  /** An item as lists and subscriptions return it. */
  ObjectNode view(ObjectNode item) {
    ObjectNode view = fill(context.template("CommerceSubscriptionItem"), item);
    view.remove("proration_date");
    view.put("status", status(item));
    view.set("past_due_at", pastDueAt(item));
    view.set("plan", plans.view(BillingPlans.get(item.path("plan_id").asText())));
    view.set("payer", payers.view(payer(item)));
    view.set("next_payment", nextPayment(item));
    return view;
  }

  /**
   * An item as responses to changes return it: a canceled item is shown as active until it ends.
   */
  ObjectNode viewInChange(ObjectNode item) {
    ObjectNode view = fill(context.template("CommerceSubscriptionItem-2"), item);
    String status = status(item);
    view.put("status", status.equals("canceled") ? "active" : status);
    view.set("past_due_at", pastDueAt(item));
    view.set("plan", plans.viewInChange(BillingPlans.get(item.path("plan_id").asText())));
    view.set("payer", payers.viewInChange(payer(item)));
    view.set("amount", BillingPlans.money(fee(price(item))));
    view.set("next_payment", nextPayment(item));
    return view;
  }

  private JsonNode pastDueAt(ObjectNode item) {
    return status(item).equals("past_due") ? item.path("period_end") : NullNode.getInstance();
  }

  private static ObjectNode fill(ObjectNode view, ObjectNode item) {
    item.properties()
        .forEach(
            field -> {
              if (!field.getKey().equals("owner_id")) {
                view.set(field.getKey(), field.getValue());
              }
            });
    return view.put("instance_id", HandlerContext.INSTANCE_ID);
  }
}
