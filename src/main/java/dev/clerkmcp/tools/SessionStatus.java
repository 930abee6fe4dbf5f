package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The states of a session that Clerk can filter by; it knows pending ones, too. */
public enum SessionStatus {
  @JsonProperty("abandoned")
  ABANDONED,
  @JsonProperty("active")
  ACTIVE,
  @JsonProperty("ended")
  ENDED,
  @JsonProperty("expired")
  EXPIRED,
  @JsonProperty("removed")
  REMOVED,
  @JsonProperty("replaced")
  REPLACED,
  @JsonProperty("revoked")
  REVOKED
}
