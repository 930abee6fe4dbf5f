package dev.clerkmcp.workflows.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Flag;
import dev.clerkmcp.clerk.model.MembershipIndex;
import dev.clerkmcp.json.IsoTime;
import dev.clerkmcp.workflows.report.SecurityReport.Finding;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Checks how a user signs in, and adds what it finds. */
final class UserChecks {
  private static final String LAST_SIGN_IN = "last_sign_in_at";
  private static final String LAST_ACTIVE = "last_active_at";
  private static final String CREATED = "created_at";

  private final Instant activeSince;
  private final @Nullable MembershipIndex memberships;
  private final Findings findings;

  /**
   * Prepares the checks.
   *
   * @param activeSince a user who was last active before this time is inactive
   * @param memberships null if they were not read
   */
  UserChecks(Instant activeSince, @Nullable MembershipIndex memberships, Findings findings) {
    this.activeSince = activeSince;
    this.memberships = memberships;
    this.findings = findings;
  }

  void check(JsonNode json) {
    ClerkUser user = new ClerkUser(json);
    boolean mfa = user.is(Flag.MFA);
    if (!mfa) {
      findings.add(Finding.NO_MFA, row(user, LAST_SIGN_IN));
    }
    checkMemberships(user, mfa);
    if (user.is(Flag.NEVER_SIGNED_IN)) {
      findings.add(Finding.NEVER_SIGNED_IN, row(user, CREATED));
    } else if (user.lastSeenAt() < activeSince.toEpochMilli()) {
      findings.add(Finding.INACTIVE, row(user, LAST_ACTIVE));
    }
    if (user.is(Flag.UNVERIFIED_EMAIL)) {
      findings.add(Finding.UNVERIFIED_EMAIL, row(user, CREATED));
    }
    if (user.is(Flag.BANNED)) {
      findings.add(Finding.BANNED, row(user, LAST_ACTIVE));
    }
    if (user.is(Flag.LOCKED)) {
      findings.add(Finding.LOCKED, withLockout(row(user, LAST_ACTIVE), user));
    }
    if (user.is(Flag.NO_PASSWORD) && !user.hasConnectedAccount() && !user.hasCompanySso()) {
      findings.add(Finding.NO_PASSWORD_OR_SSO, withPasskeys(row(user, LAST_SIGN_IN), user));
    }
  }

  private void checkMemberships(ClerkUser user, boolean mfa) {
    if (memberships == null) {
      return;
    }
    String id = user.id();
    MembershipIndex.Member member = memberships.member(id);
    if (!mfa && member.managed() > 0) {
      findings.add(Finding.ADMIN_NO_MFA, row(user, LAST_SIGN_IN).put("admin_of", member.managed()));
    }
    if (member.organizations() == 0) {
      findings.add(Finding.NO_ORGANIZATION, row(user, CREATED));
    }
  }

  /** A row about a user, with the time that matters for the finding. */
  private static ObjectNode row(ClerkUser user, String time) {
    ObjectNode row = user.brief();
    JsonNode username = user.json().path("username");
    if (!row.has("email") && username.isTextual()) {
      row.put("username", username.asText());
    }
    IsoTime.put(row, time, user.json().path(time));
    return row;
  }

  private static ObjectNode withLockout(ObjectNode row, ClerkUser user) {
    JsonNode left = user.json().path("lockout_expires_in_seconds");
    return left.isNumber() ? row.put("unlocks_in_seconds", left.asLong()) : row;
  }

  private static ObjectNode withPasskeys(ObjectNode row, ClerkUser user) {
    int passkeys = user.json().path("passkeys").size();
    return passkeys > 0 ? row.put("passkeys", passkeys) : row;
  }
}
