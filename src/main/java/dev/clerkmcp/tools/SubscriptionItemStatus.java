package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The states that subscription items are filtered by. */
public enum SubscriptionItemStatus {
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
