package dev.clerkmcp.sandbox.handlers.billing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.billing.BillingPayers.Payer;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.store.ObjectKind;

/** Handles the statement endpoints: each payment from a payer's credits has a statement. */
public final class BillingStatements {
  private final HandlerContext context;
  private final BillingPayers payers;
  private final BillingCredits credits;

  public BillingStatements(HandlerContext context, BillingPayers payers, BillingCredits credits) {
    this.context = context;
    this.payers = payers;
    this.credits = credits;
  }

  /**
   * Charges a fee and creates its statement.
   *
   * @throws ApiError with status 422 if the credits do not cover the fee
   */
  void charge(Payer payer, ObjectNode item, long cents) {
    if (credits.balance(payer) < cents) {
      throw ApiError.of(
          422,
          "payment_method_required_for_transition",
          "The sandbox has no cards, and the credits do not cover the fee: %s of %s cents.",
          credits.balance(payer),
          cents);
    }
    ObjectNode payerView = payers.view(payer);
    ObjectNode statement =
        context
            .newObject(ObjectKind.STATEMENT, "BillingStatement")
            .put("instance_id", HandlerContext.INSTANCE_ID)
            .put("timestamp", context.now())
            .put("status", "closed");
    statement.set("payer", payerView);
    statement.set("totals", totals(cents));
    ObjectNode attempt = attempt(payer, item, cents);
    attempt.put("statement_id", statement.path("id").asText()).set("payer", payerView);
    ObjectNode group =
        statement
            .putArray("groups")
            .addObject()
            .put("object", "commerce_statement_group")
            .put("timestamp", context.now());
    group.putArray("items").add(attempt);
    context.table(ObjectKind.STATEMENT).add(statement);
    context.table(ObjectKind.PAYMENT_ATTEMPT).add(attempt);
    credits.pay(payer, cents, attempt.path("payment_id").asText());
  }

  private ObjectNode attempt(Payer payer, ObjectNode item, long cents) {
    String method = "cpm_" + payer.ownerId();
    ObjectNode attempt =
        context
            .newObject(ObjectKind.PAYMENT_ATTEMPT, "BillingPaymentAttempt")
            .put("payment_id", context.store().newId("cpay_"))
            .put("instance_id", HandlerContext.INSTANCE_ID)
            .put("charge_type", "checkout")
            .put("payee_id", "cpayee_3Sandbox0000000000000000000")
            .put("payer_id", payer.id())
            .put("subscription_item_id", item.path("id").asText())
            .put("payment_method_id", method)
            .put("status", "paid")
            .put("paid_at", context.now());
    attempt.set("amount", BillingPlans.money(cents));
    attempt.set("totals", totals(cents));
    attempt.set(
        "payment_method",
        context
            .template("CommercePaymentMethodResponse")
            .put("id", method)
            .put("payer_id", payer.id())
            .put("payment_type", "payer-credits")
            .put("gateway", "sandbox")
            .put("status", "active")
            .put("created_at", context.now())
            .put("updated_at", context.now()));
    return attempt;
  }

  private static ObjectNode totals(long cents) {
    ObjectNode totals = Json.object();
    totals.set("subtotal", BillingPlans.money(cents));
    totals.set("base_fee", BillingPlans.money(cents));
    totals.set("tax_total", BillingPlans.money(0));
    totals.set("grand_total", BillingPlans.money(cents));
    return totals;
  }
}
