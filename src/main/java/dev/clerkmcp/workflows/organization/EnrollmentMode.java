package dev.clerkmcp.workflows.organization;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of people with an address at an organization's domain. */
public enum EnrollmentMode {
  @JsonProperty("manual_invitation")
  MANUAL_INVITATION("manual_invitation"),
  @JsonProperty("automatic_invitation")
  AUTOMATIC_INVITATION("automatic_invitation"),
  @JsonProperty("automatic_suggestion")
  AUTOMATIC_SUGGESTION("automatic_suggestion"),
  @JsonProperty("enterprise_sso")
  ENTERPRISE_SSO("enterprise_sso");

  private final String word;

  EnrollmentMode(String word) {
    this.word = word;
  }

  /** Clerk's word for it. */
  String word() {
    return word;
  }
}
