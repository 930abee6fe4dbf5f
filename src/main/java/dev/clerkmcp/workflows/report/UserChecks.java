package dev.clerkmcp.workflows.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.reference.Person;
import dev.clerkmcp.workflows.report.SecurityReport.Finding;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Checks how a user signs in, and adds what it finds. */
final class UserChecks {
  private static final String LAST_SIGN_IN = "last_sign_in_at";
  private static final String LAST_ACTIVE = "last_active_at";
  private static final String CREATED = "created_at";

  private final Instant activeSince;
  private final @Nullable MembershipIndex census;
  private final Findings findings;

  /**
   * Prepares the checks.
   *
   * @param activeSince a user who was last active before this time is inactive
   * @param census the memberships, or null if they were not read
   */
  UserChecks(Instant activeSince, @Nullable MembershipIndex census, Findings findings) {
    this.activeSince = activeSince;
    this.census = census;
    this.findings = findings;
  }

  void check(JsonNode user) {
    boolean mfa = user.path("two_factor_enabled").asBoolean();
    if (!mfa) {
      findings.add(Finding.NO_MFA, row(user, LAST_SIGN_IN));
    }
    checkMemberships(user, mfa);
    if (!user.path(LAST_SIGN_IN).isNumber()) {
      findings.add(Finding.NEVER_SIGNED_IN, row(user, CREATED));
    } else if (lastSeen(user) < activeSince.toEpochMilli()) {
      findings.add(Finding.INACTIVE, row(user, LAST_ACTIVE));
    }
    if (hasUnverifiedEmail(user)) {
      findings.add(Finding.UNVERIFIED_EMAIL, row(user, CREATED));
    }
    if (user.path("banned").asBoolean()) {
      findings.add(Finding.BANNED, row(user, LAST_ACTIVE));
    }
    if (user.path("locked").asBoolean()) {
      findings.add(Finding.LOCKED, withLockout(row(user, LAST_ACTIVE), user));
    }
    if (!user.path("password_enabled").asBoolean() && !hasSso(user)) {
      findings.add(Finding.NO_PASSWORD_OR_SSO, withPasskeys(row(user, LAST_SIGN_IN), user));
    }
  }

  private void checkMemberships(JsonNode user, boolean mfa) {
    if (census == null) {
      return;
    }
    String id = user.path("id").asText();
    int led = census.ledBy(id);
    if (!mfa && led > 0) {
      findings.add(Finding.ADMIN_NO_MFA, row(user, LAST_SIGN_IN).put("admin_of", led));
    }
    if (!census.isMember(id)) {
      findings.add(Finding.NO_ORGANIZATION, row(user, CREATED));
    }
  }

  /** Clerk rounds the last activity to the day, so the last sign-in may be later. */
  private static long lastSeen(JsonNode user) {
    return Math.max(user.path(LAST_SIGN_IN).asLong(), user.path(LAST_ACTIVE).asLong());
  }

  private static boolean hasUnverifiedEmail(JsonNode user) {
    JsonNode email = user.path("email_addresses").path(0);
    String primary = user.path("primary_email_address_id").asText();
    for (JsonNode address : user.path("email_addresses")) {
      if (address.path("id").asText().equals(primary)) {
        email = address;
      }
    }
    return !email.isMissingNode()
        && !email.path("verification").path("status").asText().equals("verified");
  }

  private static boolean hasSso(JsonNode user) {
    return !user.path("external_accounts").isEmpty()
        || !user.path("enterprise_accounts").isEmpty()
        || !user.path("saml_accounts").isEmpty();
  }

  /** The user, with the time that is relevant to the finding. */
  private static ObjectNode row(JsonNode user, String time) {
    ObjectNode row = Person.brief(user);
    if (!row.has("email") && user.path("username").isTextual()) {
      row.put("username", user.path("username").asText());
    }
    if (user.path(time).isNumber()) {
      Instant moment = Instant.ofEpochMilli(user.path(time).asLong());
      row.put(time, moment.truncatedTo(ChronoUnit.SECONDS).toString());
    }
    return row;
  }

  private static ObjectNode withLockout(ObjectNode row, JsonNode user) {
    JsonNode left = user.path("lockout_expires_in_seconds");
    return left.isNumber() ? row.put("unlocks_in_seconds", left.asLong()) : row;
  }

  private static ObjectNode withPasskeys(ObjectNode row, JsonNode user) {
    int passkeys = user.path("passkeys").size();
    return passkeys > 0 ? row.put("passkeys", passkeys) : row;
  }
}
