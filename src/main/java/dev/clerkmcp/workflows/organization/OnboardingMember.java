package dev.clerkmcp.workflows.organization;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * Somebody on the way into an organization.
 *
 * @param emailAddress null only of a user who has none
 * @param userId null of somebody who has to be invited
 * @param unverified whether a user has that address without having shown that it is theirs
 */
record OnboardingMember(
    @Nullable String emailAddress, @Nullable String userId, String role, boolean unverified) {
  /** What an answer says of them. */
  ObjectNode row(String step) {
    ObjectNode row = Json.object().put("step", step);
    if (emailAddress != null) {
      row.put("email_address", emailAddress);
    }
    if (userId != null) {
      row.put("user_id", userId);
    }
    row.put("role", role);
    if (unverified) {
      row.put("note", "A user has this address unverified, so it takes an invitation.");
    }
    return row;
  }

  /** Whether both are the same person, as far as IDs and addresses tell. */
  boolean is(OnboardingMember other) {
    boolean sameUser = userId != null && userId.equals(other.userId);
    return sameUser || (emailAddress != null && key().equals(other.key()));
  }

  /** The address in the form of {@link EmailAddress}; empty if there is none. */
  String key() {
    return emailAddress == null ? "" : EmailAddress.of(emailAddress).text();
  }
}
