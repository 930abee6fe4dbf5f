package dev.clerkmcp.workflows.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a security report looks for. */
public enum Finding {
  @JsonProperty("no_mfa")
  NO_MFA(About.USER),
  @JsonProperty("admin_no_mfa")
  ADMIN_NO_MFA(About.MEMBER),
  @JsonProperty("inactive")
  INACTIVE(About.USER),
  @JsonProperty("never_signed_in")
  NEVER_SIGNED_IN(About.USER),
  @JsonProperty("unverified_email")
  UNVERIFIED_EMAIL(About.USER),
  @JsonProperty("banned")
  BANNED(About.USER),
  @JsonProperty("locked")
  LOCKED(About.USER),
  @JsonProperty("no_password_or_sso")
  NO_PASSWORD_OR_SSO(About.USER),
  @JsonProperty("no_organization")
  NO_ORGANIZATION(About.MEMBER),
  @JsonProperty("without_admin")
  WITHOUT_ADMIN(About.ORGANIZATION),
  @JsonProperty("one_admin")
  ONE_ADMIN(About.ORGANIZATION),
  @JsonProperty("many_admins")
  MANY_ADMINS(About.ORGANIZATION);

  private final About about;

  Finding(About about) {
    this.about = about;
  }

  /** What it is called in JSON. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether users have to be read for it. */
  boolean needsUsers() {
    return about != About.ORGANIZATION;
  }

  /** Whether memberships have to be read for it. */
  boolean needsMemberships() {
    return about != About.USER;
  }

  /** Whether organizations have to be read for it. */
  boolean needsOrganizations() {
    return about == About.ORGANIZATION;
  }

  static Set<Finding> all() {
    return EnumSet.allOf(Finding.class);
  }

  private enum About {
    USER,
    /** A user, as a member of organizations. */
    MEMBER,
    ORGANIZATION
  }
}
