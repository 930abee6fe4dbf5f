package dev.clerkmcp.workflows.invitation;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.clerkmcp.tools.InvitationStatus;
import org.jspecify.annotations.Nullable;

/** Which invitations to list: those in one state, or all. */
public enum InvitationSelection {
  @JsonProperty("pending")
  PENDING(InvitationStatus.PENDING),
  @JsonProperty("accepted")
  ACCEPTED(InvitationStatus.ACCEPTED),
  @JsonProperty("revoked")
  REVOKED(InvitationStatus.REVOKED),
  @JsonProperty("expired")
  EXPIRED(InvitationStatus.EXPIRED),
  @JsonProperty("all")
  ALL(null);

  private final @Nullable InvitationStatus one;

  InvitationSelection(@Nullable InvitationStatus one) {
    this.one = one;
  }

  /** Clerk's status, or null for all. */
  @Nullable InvitationStatus one() {
    return one;
  }
}
