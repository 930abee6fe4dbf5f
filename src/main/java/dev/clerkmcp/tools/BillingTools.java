package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE_EACH_TIME;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.Effect.UPDATE;
import static dev.clerkmcp.registry.OperationFacts.Risk.MONEY;
import static dev.clerkmcp.tools.FactTexts.BILLED;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.registry.argument.Time;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for billing: plans, prices, subscriptions, statements and credits. */
@ToolGroup(
    id = "billing",
    description = "Billing: plans, prices, subscriptions, discounts, credits and statements")
public interface BillingTools {

  @Tool(name = "clerk_billing_plans_list", title = "List billing plans", effect = READ)
  @Description("List billing plans, free ones included, newest first.")
  @Route("GET /billing/plans?paginated=true")
  ListPage listPlans(
      @Arg("Payers of the plans") @Nullable BillingPayer payerType, PageRequest page);

  @Tool(name = "clerk_billing_prices_list", title = "List billing prices", effect = READ)
  @Description("List default and custom prices of plans, lowest first.")
  @Route("GET /billing/prices?paginated=true")
  ListPage listPrices(@Arg("Only of this plan") @Nullable String planId, PageRequest page);

  @Tool(name = "clerk_billing_price_create", title = "Create billing price", effect = CREATE)
  @Description("Add a custom price to a plan. To use it: clerk_billing_price_transition_create.")
  @Route("POST /billing/prices")
  @Risky(MONEY)
  @NotUndone(BILLED)
  JsonNode createPrice(
      @Arg("Plan's ID or slug") String planId,
      @Arg("Default USD") @Nullable String currency,
      @Arg(value = "Monthly cents, 0 or 100+", clearable = true) Long amount,
      @Arg("Monthly cents if paid yearly") @Nullable Long annualMonthlyAmount,
      @Arg("What it is for") @Nullable String description,
      @Arg("Default from amounts") @Nullable BillingPeriods supportedBillingPeriods);

  @Tool(
      name = "clerk_billing_subscription_items_list",
      title = "List subscription items",
      effect = READ)
  @Description("List what users and organizations subscribe to, newest first.")
  @Route("GET /billing/subscription_items?paginated=true")
  ListPage listSubscriptionItems(
      @Arg("Default: any") @Nullable SubscriptionItemStatus status,
      @Arg("Who pays") @Nullable BillingPayer payerType,
      @Arg("Only of this plan") @Nullable String planId,
      @Arg("Free plans, too") @Nullable Boolean includeFree,
      @Arg("Text") @Nullable String query,
      PageRequest page);

  @Tool(
      name = "clerk_billing_subscription_item_cancel",
      title = "Cancel subscription item",
      effect = IRREVERSIBLE)
  @Description("Cancel a payer's plan at the end of the paid period, or at once with end_now.")
  @Route("DELETE /billing/subscription_items/{subscription_item_id}")
  @Risky(MONEY)
  @Loses("The plan ends with the paid period, or at once with end_now")
  @NotUndone(BILLED)
  JsonNode cancelSubscriptionItem(
      @Arg("Item's ID") String subscriptionItemId, @Arg("Default false") @Nullable Boolean endNow);

  @Tool(name = "clerk_billing_free_trial_extend", title = "Extend free trial", effect = UPDATE)
  @Description("Extend a running free trial.")
  @Route("POST /billing/subscription_items/{subscription_item_id}/extend_free_trial")
  @Risky(MONEY)
  @NotUndone(BILLED)
  JsonNode extendFreeTrial(
      @Arg("Item's ID") String subscriptionItemId,
      @Time(ahead = true) @Arg("Time (in 7d), at most 365 days ahead") String extendTo);

  @Tool(
      name = "clerk_billing_price_transition_create",
      title = "Move subscription to price",
      effect = IRREVERSIBLE_EACH_TIME,
      openWorld = true)
  @Description(
      "Move a payer to another price: from free to paid charges at once, else next period.")
  @Route("POST /billing/subscription_items/{subscription_item_id}/price_transition")
  @Risky(MONEY)
  @Loses("The current price ends, at once or with the paid period")
  @NotUndone(BILLED)
  JsonNode createPriceTransition(
      @Arg("Item's ID") String subscriptionItemId,
      @Arg("The item's current price") String fromPriceId,
      @Arg("The new price") String toPriceId);

  @Tool(name = "clerk_billing_discount_apply", title = "Apply discount", effect = CREATE)
  @Description("Apply a discount to a subscription item, in place of any it has.")
  @Route("POST /billing/subscription_items/{subscription_item_id}/discounts")
  @Risky(MONEY)
  @NotUndone(BILLED)
  JsonNode applyDiscount(
      @Arg("Item's ID") String subscriptionItemId, @Arg("Discount's ID") String discountId);

  @Tool(name = "clerk_billing_discount_remove", title = "Remove discount", effect = DESTROY)
  @Description("Remove the active discount from a subscription item.")
  @Route("DELETE /billing/subscription_items/{subscription_item_id}/discounts/{discount_id}")
  @Risky(MONEY)
  @Loses("The discount ends")
  @NotUndone(BILLED)
  JsonNode removeDiscount(
      @Arg("Item's ID") String subscriptionItemId, @Arg("Active discount's ID") String discountId);

  @Tool(name = "clerk_billing_statements_list", title = "List billing statements", effect = READ)
  @Description("List what payers were billed, newest first.")
  @Route("GET /billing/statements?paginated=true")
  ListPage listStatements(PageRequest page);

  @Tool(name = "clerk_billing_statement_get", title = "Get billing statement", effect = READ)
  @Description("One billing statement, by ID.")
  @Route("GET /billing/statements/{statement_id}")
  JsonNode getStatement(@Arg("Its ID") String statementId);

  @Tool(
      name = "clerk_billing_payment_attempts_list",
      title = "List payment attempts",
      effect = READ)
  @Description("List the attempts to pay a statement, newest first.")
  @Route("GET /billing/statements/{statement_id}/payment_attempts?paginated=true")
  ListPage listPaymentAttempts(@Arg("Statement's ID") String statementId, PageRequest page);

  @Tool(
      name = "clerk_user_billing_subscription_get",
      title = "Get user subscription",
      effect = READ)
  @Description("A user's subscription with its items and next payment.")
  @Route("GET /users/{user_id}/billing/subscription")
  JsonNode getUserSubscription(@Arg("user_...") String userId);

  @Tool(name = "clerk_user_billing_credit_get", title = "Get user credit balance", effect = READ)
  @Description("A user's credit balance, which reduces coming charges.")
  @Route("GET /users/{user_id}/billing/credits")
  JsonNode getUserCredit(@Arg("user_...") String userId);

  @Tool(
      name = "clerk_user_billing_credit_adjust",
      title = "Adjust user credit balance",
      effect = DESTROY)
  @Description("Add credit to a user's balance or take it away: real money.")
  @Route("POST /users/{user_id}/billing/credits")
  @Risky(MONEY)
  @Loses(value = "The amount is taken from the balance", when = "action = decrease")
  @NotUndone(BILLED)
  JsonNode adjustUserCredit(@Arg("user_...") String userId, CreditAdjustment adjustment);

  @Tool(
      name = "clerk_org_billing_subscription_get",
      title = "Get organization subscription",
      effect = READ)
  @Description("An organization's subscription with its items and next payment.")
  @Route("GET /organizations/{organization_id}/billing/subscription")
  JsonNode getOrganizationSubscription(@Arg("org_...") String organizationId);

  @Tool(
      name = "clerk_org_billing_credit_get",
      title = "Get organization credit balance",
      effect = READ)
  @Description("An organization's credit balance, which reduces coming charges.")
  @Route("GET /organizations/{organization_id}/billing/credits")
  JsonNode getOrganizationCredit(@Arg("org_...") String organizationId);

  @Tool(
      name = "clerk_org_billing_credit_adjust",
      title = "Adjust organization credit balance",
      effect = DESTROY)
  @Description("Add credit to an organization's balance or take it away: real money.")
  @Route("POST /organizations/{organization_id}/billing/credits")
  @Risky(MONEY)
  @Loses(value = "The amount is taken from the balance", when = "action = decrease")
  @NotUndone(BILLED)
  JsonNode adjustOrganizationCredit(
      @Arg("org_...") String organizationId, CreditAdjustment adjustment);

  /** The kinds of payers of a plan. */
  enum BillingPayer {
    @JsonProperty("user")
    USER,
    @JsonProperty("org")
    ORG
  }

  /** The billing periods of a price. */
  enum BillingPeriods {
    @JsonProperty("month")
    MONTH,
    @JsonProperty("annual")
    ANNUAL,
    @JsonProperty("both")
    BOTH
  }

  /** The direction in which a credit balance is adjusted. */
  enum CreditAction {
    @JsonProperty("increase")
    INCREASE,
    @JsonProperty("decrease")
    DECREASE
  }

  /** A change of a credit balance. */
  record CreditAdjustment(
      @Arg("Cents, above 0") long amount,
      @Arg("Direction") CreditAction action,
      @Arg("Default USD") @Nullable String currency,
      @Arg("New for each adjustment; same to repeat") String idempotencyKey,
      @Arg("For the ledger") @Nullable String note) {}

  /** The states that subscription items are filtered by. */
  enum SubscriptionItemStatus {
    @JsonProperty("active")
    ACTIVE,
    @JsonProperty("ended")
    ENDED,
    @JsonProperty("past_due")
    PAST_DUE,
    @JsonProperty("upcoming")
    UPCOMING,
    @JsonProperty("free_trial")
    FREE_TRIAL
  }
}
