package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The states of an invitation, to the application or to an organization. */
public enum InvitationStatus {
  @JsonProperty("pending")
  PENDING,
  @JsonProperty("accepted")
  ACCEPTED,
  @JsonProperty("revoked")
  REVOKED,
  @JsonProperty("expired")
  EXPIRED
}
