package dev.clerkmcp.sandbox.handlers.billing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.billing.BillingPayers.Payer;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Handles the credit endpoints: a ledger of each payer's adjustments and payments. The balance is
 * its sum.
 */
public final class BillingCredits {
  private final HandlerContext context;
  private final BillingPayers payers;
  private final Table entries;

  public BillingCredits(HandlerContext context, BillingPayers payers) {
    this.context = context;
    this.payers = payers;
    this.entries = context.table(ObjectKind.CREDIT);
  }

  public void register(Routes routes) {
    for (String payer : List.of("/users/{user_id}", "/organizations/{organization_id}")) {
      routes
          .on("GET " + payer + "/billing/credits", request -> view(payers.of(request)))
          .on("POST " + payer + "/billing/credits", this::adjust);
    }
  }

  /** The balance of a payer in cents. */
  long balance(Payer payer) {
    return of(payer).stream()
        .mapToLong(entry -> entry.path("amount").path("amount").asLong())
        .sum();
  }

  /** Pays from the credits; the balance must be large enough. */
  void pay(Payer payer, long cents, String paymentId) {
    entries.add(entry(payer, -cents, "payment", paymentId));
  }

  private JsonNode view(Payer payer) {
    ObjectNode view = Json.object().put("object", "commerce_credit_balance");
    return of(payer).isEmpty()
        ? view.putNull("balance")
        : view.set("balance", BillingPlans.money(balance(payer)));
  }

  private JsonNode adjust(ApiRequest request) {
    Payer payer = payers.of(request);
    long cents = request.body().path("amount").asLong();
    String key = request.field("idempotency_key");
    boolean takes = "decrease".equals(request.text("action"));
    if (cents <= 0) {
      throw ApiError.invalid("invalid_credit_amount", "amount", "amount is in cents, at least 1.");
    }
    BillingPlans.checkCurrency(request.text("currency"));
    long change = takes ? -cents : cents;
    Optional<ObjectNode> same = withKey(payer, key);
    if (same.isPresent()) {
      return repeated(same.get(), change);
    }
    if (takes && balance(payer) < cents) {
      throw ApiError.invalid(
          "insufficient_credit_balance",
          "amount",
          "The balance is %s cents, less than amount.",
          balance(payer));
    }
    ObjectNode entry = entry(payer, change, "grant", context.store().newId("ccgrant_"));
    entry.put("note", request.text("note"));
    HandlerContext.hidden(entry).put("idempotency_key", key);
    return entries.add(entry);
  }

  private static JsonNode repeated(ObjectNode entry, long change) {
    if (entry.path("amount").path("amount").asLong() != change) {
      throw ApiError.of(
          409, "conflict", "idempotency_key was used for another adjustment; take a new one.");
    }
    return entry;
  }

  private Optional<ObjectNode> withKey(Payer payer, String key) {
    return of(payer).stream()
        .filter(row -> row.path(Store.HIDDEN).path("idempotency_key").asText().equals(key))
        .findFirst();
  }

  private ObjectNode entry(Payer payer, long cents, String sourceType, String sourceId) {
    ObjectNode entry =
        context
            .newObject(ObjectKind.CREDIT, "CommerceCreditLedgerResponse")
            .put("object", "commerce_credit_ledger")
            .put("payer_id", payer.id())
            .put("source_type", sourceType)
            .put("source_id", sourceId)
            .put("created_at", Instant.ofEpochMilli(context.now()).toString());
    entry.set("amount", BillingPlans.money(cents));
    return entry;
  }

  private List<ObjectNode> of(Payer payer) {
    return entries.stream()
        .filter(row -> row.path("payer_id").asText().equals(payer.id()))
        .toList();
  }
}
