package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The states of a waitlist entry. */
public enum WaitlistStatus {
  @JsonProperty("pending")
  PENDING,
  @JsonProperty("invited")
  INVITED,
  @JsonProperty("completed")
  COMPLETED,
  @JsonProperty("rejected")
  REJECTED
}
