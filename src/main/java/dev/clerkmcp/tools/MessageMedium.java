package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** By what a message reaches people. */
public enum MessageMedium {
  @JsonProperty("email")
  EMAIL,
  @JsonProperty("sms")
  SMS
}
