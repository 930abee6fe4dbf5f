package dev.clerkmcp.sandbox;

import java.util.Map;

/** The operations that the sandbox declares it cannot imitate. */
final class NotImitated {
  private static final String NO_DISCOUNTS = "404 discount_not_found";

  /** The refusal by route; its message names the sandbox. */
  static final Map<String, String> REFUSALS =
      Map.of(
          // It answers a page of HTML for browsers, and Clerk documents nothing of it.
          "GET /public/interstitial",
          "403 feature_not_implemented",
          // Discounts are made in Clerk's dashboard alone, so that none can exist here.
          "POST /billing/subscription_items/{subscription_item_id}/discounts",
          NO_DISCOUNTS,
          "DELETE /billing/subscription_items/{subscription_item_id}/discounts/{discount_id}",
          NO_DISCOUNTS);

  private NotImitated() {}
}
