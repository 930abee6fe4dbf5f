package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How often a price can be paid. */
public enum BillingPeriods {
  @JsonProperty("month")
  MONTH,
  @JsonProperty("annual")
  ANNUAL,
  @JsonProperty("both")
  BOTH
}
