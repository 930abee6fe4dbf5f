package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which of a user's values an identity provider is told at sign-in. */
public enum LoginHintMode {
  @JsonProperty("email_address")
  EMAIL_ADDRESS,
  @JsonProperty("custom_attribute")
  CUSTOM_ATTRIBUTE,
  @JsonProperty("off")
  OFF
}
