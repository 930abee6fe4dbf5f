package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the email address or phone number that replaces all others of a user is stored. */
public enum ReplacementStatus {
  @JsonProperty("verified")
  VERIFIED,
  @JsonProperty("reserved")
  RESERVED,
  @JsonProperty("unverified")
  UNVERIFIED
}
