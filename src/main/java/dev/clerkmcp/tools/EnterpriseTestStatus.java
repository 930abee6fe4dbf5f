package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The states of a test of an enterprise connection. */
public enum EnterpriseTestStatus {
  @JsonProperty("pending")
  PENDING,
  @JsonProperty("success")
  SUCCESS,
  @JsonProperty("failed")
  FAILED
}
