package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The ways to enroll that domains of organizations are filtered by; with a minus, all others. */
public enum EnrollmentModeFilter {
  @JsonProperty("manual_invitation")
  MANUAL_INVITATION,
  @JsonProperty("automatic_invitation")
  AUTOMATIC_INVITATION,
  @JsonProperty("automatic_suggestion")
  AUTOMATIC_SUGGESTION,
  @JsonProperty("enterprise_sso")
  ENTERPRISE_SSO,
  @JsonProperty("-manual_invitation")
  NOT_MANUAL_INVITATION,
  @JsonProperty("-automatic_invitation")
  NOT_AUTOMATIC_INVITATION,
  @JsonProperty("-automatic_suggestion")
  NOT_AUTOMATIC_SUGGESTION,
  @JsonProperty("-enterprise_sso")
  NOT_ENTERPRISE_SSO
}
