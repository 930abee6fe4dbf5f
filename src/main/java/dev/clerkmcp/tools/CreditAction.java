package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which way a credit balance is adjusted. */
public enum CreditAction {
  @JsonProperty("increase")
  INCREASE,
  @JsonProperty("decrease")
  DECREASE
}
