package dev.clerkmcp.workflows.support;

import dev.clerkmcp.clerk.ClerkException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says what Clerk's error codes mean for a workflow: the one place that knows the codes. */
public final class ErrorCodes {
  private static final String NOT_ENABLED = "not_enabled";

  private static final Map<String, Existing> EXISTING =
      Map.of(
          "already_a_member_in_organization", Existing.MEMBER,
          "duplicate_record", Existing.INVITED,
          "form_identifier_exists", Existing.USER,
          "organization_domain_already_exists_same_organization", Existing.DOMAIN,
          "organization_invitation_not_unique", Existing.INVITED);

  private static final Set<String> GONE =
      Set.of(
          "invitation_already_revoked",
          "organization_invitation_not_pending",
          "resource_not_found");

  /** Parts of the codes that tell of the item, such as an organization that is full. */
  private static final List<String> ABOUT_ITEM =
      List.of("quota_exceeded", "already_a_member", "not_a_member", "minimum_permissions_needed");

  private ErrorCodes() {}

  /** What exists already, so that nothing needs to be created. */
  public enum Existing {
    DOMAIN,
    INVITED,
    MEMBER,
    USER;

    /** Its name in JSON. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What exists already according to the refusal; null if that is not the reason. */
  public static @Nullable Existing findExisting(ClerkException e) {
    return EXISTING.get(e.code());
  }

  /** Whether what was to be removed is gone already. */
  public static boolean isGone(ClerkException e) {
    return GONE.contains(e.code());
  }

  /** Whether the limit of an organization or of the instance is reached, such as of members. */
  public static boolean isFull(ClerkException e) {
    return e.code().contains("quota_exceeded");
  }

  /** Whether the organization would be left without an admin. */
  public static boolean isLastAdmin(String code) {
    return code.equals("organization_minimum_permissions_needed");
  }

  /** Whether the instance has organizations switched off. */
  public static boolean isWithoutOrganizations(ClerkException e) {
    return e.code().equals("organization_not_enabled_in_instance");
  }

  /** Whether the instance has the feature switched off, or its plan lacks it. */
  public static boolean isSwitchedOff(ClerkException e) {
    return e.status() == 402 || e.code().contains(NOT_ENABLED);
  }

  /** Whether a 403 is certain to be about the one item. */
  static boolean isAboutItem(ClerkException e) {
    return ABOUT_ITEM.stream().anyMatch(e.code()::contains);
  }

  /** Whether a 403 is certain to be about the feature, and so about every item. */
  static boolean isAboutFeature(ClerkException e) {
    return e.code().contains(NOT_ENABLED) || e.code().startsWith("feature_");
  }
}
