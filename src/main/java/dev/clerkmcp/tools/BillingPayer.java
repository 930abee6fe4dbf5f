package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who pays for a plan. */
public enum BillingPayer {
  @JsonProperty("user")
  USER,
  @JsonProperty("org")
  ORG
}
