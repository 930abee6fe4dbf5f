package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The email that invites somebody to the application. */
public enum InvitationTemplate {
  @JsonProperty("invitation")
  INVITATION,
  @JsonProperty("waitlist_invitation")
  WAITLIST_INVITATION
}
