package dev.clerkmcp.sandbox.handlers.billing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Handles the endpoints of plans and prices. Clerk creates plans only in its dashboard, so the
 * sandbox has four fixed ones: a free and a paid plan each for users and organizations. The API can
 * add prices to the paid plans.
 */
public final class BillingPlans {
  /** The only currency of the sandbox. */
  private static final String CURRENCY = "USD";

  private static final String CURRENCY_SYMBOL = "$";

  private static final int MIN_CENTS = 100;

  /** When the plans were created: 2026-01-01. */
  private static final long CREATED = 1_767_225_600_000L;

  private static final List<Plan> PLANS =
      List.of(
          new Plan("TeamOrg", "Team", "For organizations that work together.", "org", 4000, 0),
          new Plan("FreeOrg", "Free", "Where every organization begins.", "org", 0, 0),
          new Plan("ProUser", "Pro", "For people who need more.", "user", 1500, 14),
          new Plan("FreeUser", "Free", "The plan that everyone starts with.", "user", 0, 0));

  private final HandlerContext context;
  private final Table customPrices;

  public BillingPlans(HandlerContext context) {
    this.context = context;
    this.customPrices = context.table(ObjectKind.PRICE);
  }

  public void register(Routes routes) {
    routes
        .on("GET /billing/plans", this::list)
        .on("GET /billing/prices", this::listPrices)
        .on("POST /billing/prices", this::createPrice);
  }

  /** The free plan that a user or an organization has by default. */
  static Plan free(String payerType) {
    return PLANS.stream()
        .filter(plan -> plan.isFree() && plan.payerType.equals(payerType))
        .findFirst()
        .orElseThrow();
  }

  /** The plan with an id. */
  static Plan get(String id) {
    return PLANS.stream()
        .filter(plan -> plan.id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> ApiError.of(404, "plan_not_found", "No plan was found with id " + id + "."));
  }

  /** The price with an id. */
  ObjectNode price(String id) {
    return prices()
        .filter(price -> price.path("id").asText().equals(id))
        .findFirst()
        .orElseThrow(() -> ApiError.notFound("price", id));
  }

  /** The fee of a price for one month in cents, also if a year is paid at once. */
  static long monthly(JsonNode price) {
    return price.path(isAnnual(price) ? "annual_monthly_amount" : "amount").asLong();
  }

  /** Whether a price can only be paid by the year. */
  static boolean isAnnual(JsonNode price) {
    return price.path("supported_billing_periods").asText().equals("annual");
  }

  /** A plan as lists and subscriptions return it. */
  ObjectNode view(Plan plan) {
    return fill(context.template("CommercePlan"), plan);
  }

  /** A plan as responses to changes return it: with the amounts in two forms. */
  ObjectNode viewInChange(Plan plan) {
    ObjectNode view = fill(context.template("CommercePlan-2"), plan);
    setAmount(view, "amount", plan.cents);
    setAmount(view, "annual_monthly_amount", plan.annualMonthlyCents());
    setAmount(view, "annual_amount", plan.annualMonthlyCents() * 12);
    view.putArray("payer_type").add(plan.payerType);
    return view.put("currency", CURRENCY).put("currency_symbol", CURRENCY_SYMBOL);
  }

  private static void setAmount(ObjectNode view, String field, long cents) {
    view.put(field, cents).set(field + "_formatted", money(cents).path("amount_formatted"));
  }

  private static ObjectNode fill(ObjectNode view, Plan plan) {
    JsonNode none = NullNode.getInstance();
    view.set("fee", money(plan.cents));
    view.set("annual_monthly_fee", plan.isFree() ? none : money(plan.annualMonthlyCents()));
    view.set("annual_fee", plan.isFree() ? none : money(plan.annualMonthlyCents() * 12));
    view.put("id", plan.id())
        .put("name", plan.name)
        .put("description", plan.description)
        .put("product_id", "cprod_3Sandbox0000000000000000000")
        .put("is_default", plan.isFree())
        .put("is_recurring", true)
        .put("publicly_visible", true)
        .put("has_base_fee", !plan.isFree())
        .put("for_payer_type", plan.payerType)
        .put("slug", plan.slug())
        .put("free_trial_enabled", plan.trialDays > 0);
    return plan.trialDays > 0 ? view.put("free_trial_days", plan.trialDays) : view;
  }

  /** An amount as Clerk shows it. */
  static ObjectNode money(long cents) {
    return Json.object()
        .put("amount", cents)
        .put("amount_formatted", BigDecimal.valueOf(cents, 2).toPlainString())
        .put("currency", CURRENCY)
        .put("currency_symbol", CURRENCY_SYMBOL);
  }

  /** Rejects every currency but US dollars; null means the default. */
  static void checkCurrency(@Nullable String currency) {
    if (currency != null && !currency.equals(CURRENCY)) {
      throw ApiError.of(400, "currency_invalid", "The currency must be %s.", CURRENCY);
    }
  }

  private JsonNode list(ApiRequest request) {
    String payerType = request.parameter("payer_type");
    return context.page(
        request,
        PLANS.stream()
            .filter(plan -> payerType == null || plan.payerType.equals(payerType))
            .map(this::view)
            .toList());
  }

  private JsonNode listPrices(ApiRequest request) {
    String planId = request.parameter("plan_id");
    String wanted = planId == null ? "" : get(planId).id();
    return context.page(
        request,
        prices()
            .filter(price -> wanted.isEmpty() || price.path("plan_id").asText().equals(wanted))
            .sorted(
                Comparator.comparingLong((ObjectNode price) -> price.path("amount").asLong())
                    .thenComparing(price -> -price.path("created_at").asLong()))
            .toList());
  }

  private JsonNode createPrice(ApiRequest request) {
    Plan plan = get(request.field("plan_id"));
    if (plan.isFree()) {
      throw ApiError.of(
          422,
          "default_plan_price_creation_forbidden",
          "The plan is the default one, which stays free.");
    }
    checkCurrency(request.text("currency"));
    boolean monthly = request.has("amount");
    boolean annual = request.has("annual_monthly_amount");
    if (!monthly && !annual) {
      throw ApiError.missing("amount");
    }
    String inferred = monthly && annual ? "both" : monthly ? "month" : "annual";
    String given = request.text("supported_billing_periods");
    String periods = given == null ? inferred : given;
    boolean fits = (monthly || periods.equals("annual")) && (annual || periods.equals("month"));
    if (!fits) {
      throw ApiError.invalid(
          "supported_billing_period_mismatch",
          "supported_billing_periods",
          "month needs amount, annual needs annual_monthly_amount, both needs both.");
    }
    ObjectNode price =
        price(
            context.store().newId(ObjectKind.PRICE),
            plan,
            cents(request, "amount"),
            cents(request, "annual_monthly_amount"),
            periods);
    if (!monthly) {
      price.putNull("fee");
    }
    if (!annual) {
      price.putNull("annual_monthly_fee");
    }
    price.put("description", request.text("description")).put("created_at", context.now());
    return customPrices.add(price);
  }

  private static long cents(ApiRequest request, String field) {
    long cents = request.body().path(field).asLong();
    if (cents != 0 && cents < MIN_CENTS) {
      throw ApiError.invalid(
          "plan_amount_invalid", field, "%s is in cents: 0, or %s and more.", field, MIN_CENTS);
    }
    return cents;
  }

  private Stream<ObjectNode> prices() {
    return Stream.concat(
        PLANS.stream()
            .map(
                plan ->
                    price(plan.priceId(), plan, plan.cents, plan.annualMonthlyCents(), "both")
                        .put("is_default", true)
                        .put("created_at", CREATED)),
        customPrices.stream());
  }

  private ObjectNode price(
      String id, Plan plan, long cents, long annualMonthlyCents, String periods) {
    ObjectNode price =
        context
            .template("BillingPriceResponse")
            .put("id", id)
            .put("plan_id", plan.id())
            .put("instance_id", HandlerContext.INSTANCE_ID)
            .put("currency", CURRENCY)
            .put("currency_symbol", CURRENCY_SYMBOL)
            .put("amount", cents)
            .put("annual_monthly_amount", annualMonthlyCents)
            .put("supported_billing_periods", periods);
    price.set("fee", money(cents));
    price.set("annual_monthly_fee", money(annualMonthlyCents));
    return price;
  }

  /**
   * A plan.
   *
   * @param key makes the ids of the plan and its price unique
   * @param payerType user or org
   * @param cents the monthly fee if the plan is paid by the month
   * @param trialDays the length of the free trial, 0 for none
   */
  record Plan(
      String key, String name, String description, String payerType, long cents, int trialDays) {
    String id() {
      return id("cplan_");
    }

    String priceId() {
      return id("cprice_");
    }

    boolean isFree() {
      return cents == 0;
    }

    /** A year costs as much as ten months. */
    long annualMonthlyCents() {
      return cents * 10 / 12;
    }

    private String slug() {
      return "%s_%s".formatted(name, payerType).toLowerCase(Locale.ROOT);
    }

    /** The prefix and 27 letters and digits, like all ids. */
    private String id(String prefix) {
      return prefix + "3Sandbox" + key + "0".repeat(19 - key.length());
    }
  }
}
