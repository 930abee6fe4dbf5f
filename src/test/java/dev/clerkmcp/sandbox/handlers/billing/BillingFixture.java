package dev.clerkmcp.sandbox.handlers.billing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;

/** A sandbox with a user and an organization as payers. */
final class BillingFixture {
  static final String USER = "/users/user_1/billing";
  static final String ORGANIZATION = "/organizations/org_1/billing";
  static final String ITEMS = "/billing/subscription_items";

  final SandboxCalls clerk = SandboxCalls.empty();

  BillingFixture() {
    ObjectNode user =
        Json.object()
            .put("id", "user_1")
            .put("first_name", "Ada")
            .put("last_name", "L")
            .put("image_url", "https://clerk.sandbox.invalid/i/1")
            .put("primary_email_address_id", "idn_1")
            .put("created_at", 1000);
    user.putArray("email_addresses")
        .addObject()
        .put("id", "idn_1")
        .put("email_address", "ada@example.com");
    clerk.store().table(ObjectKind.USER).add(user);
    clerk
        .store()
        .table(ObjectKind.ORGANIZATION)
        .add(Json.object().put("id", "org_1").put("name", "Acme").put("created_at", 2000));
  }

  /** Moves a payer from the default price of one plan to that of another, by their slugs. */
  JsonNode move(String payer, String from, String to) {
    return clerk.ok(
        "POST " + ITEMS + "/" + current(payer) + "/price_transition", transition(from, to));
  }

  /** The id of the item that a payer has now. */
  String current(String payer) {
    return clerk.ok("GET " + payer + "/subscription").at("/subscription_items/0/id").asText();
  }

  String transition(String from, String to) {
    return "{'from_price_id':'%s','to_price_id':'%s'}".formatted(price(from), price(to));
  }

  String price(String slug) {
    return clerk.ok("GET /billing/prices?plan_id=" + plan(slug)).at("/data/0/id").asText();
  }

  String plan(String slug) {
    for (JsonNode plan : clerk.ok("GET /billing/plans").path("data")) {
      if (plan.path("slug").asText().equals(slug)) {
        return plan.path("id").asText();
      }
    }
    throw new AssertionError("no plan " + slug);
  }

  long balance(String payer) {
    return clerk.ok("GET " + payer + "/credits").at("/balance/amount").asLong();
  }

  JsonNode credit(String payer, String action, int amount, String key) {
    return clerk.ok("POST " + payer + "/credits", adjustment(action, amount, key));
  }

  static String adjustment(String action, int amount, String key) {
    return "{'amount':%s,'action':'%s','idempotency_key':'%s'}".formatted(amount, action, key);
  }
}
