package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The status of an invitation. That it has expired follows from the time and is kept nowhere. */
final class InvitationState {
  private static final Expiry EXPIRY = new Expiry("pending", "expires_at");

  private InvitationState() {}

  /** pending, accepted, revoked or expired. */
  static String of(ObjectNode invitation, long now) {
    return EXPIRY.view(invitation, now).path("status").asText();
  }

  static boolean isPending(ObjectNode invitation, long now) {
    return of(invitation, now).equals("pending");
  }

  /** Which invitations a list shows: those of a status, else all that are not revoked. */
  static Predicate<ObjectNode> filter(@Nullable String wanted, long now) {
    return wanted == null
        ? row -> !of(row, now).equals("revoked")
        : row -> of(row, now).equals(wanted);
  }
}
