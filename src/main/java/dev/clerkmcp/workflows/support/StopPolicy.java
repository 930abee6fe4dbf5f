package dev.clerkmcp.workflows.support;

import dev.clerkmcp.clerk.ClerkException;
import java.util.List;

/** Decides what a refusal of Clerk's stops: nothing, the operation, or the whole job. */
public enum StopPolicy {
  /** The refusal is about this item. Report it and go on with the next. */
  GO_ON,
  /** Clerk refuses this operation for every item. Other operations may still succeed. */
  STOP_OPERATION,
  /** Clerk would refuse any request now. Send nothing more. */
  STOP_JOB;

  /** Parts of the codes of a 403 that is about the item, such as a full organization. */
  private static final List<String> ABOUT_ITEM =
      List.of("quota_exceeded", "already_a_member", "minimum_permissions_needed");

  /** What a refusal stops. */
  public static StopPolicy of(ClerkException e) {
    return switch (e.status()) {
      case 0, 401, 429 -> STOP_JOB; // no response; invalid key; rate limit
      case 402, 410 -> STOP_OPERATION; // not in the plan; operation removed
      case 403 -> isAboutItem(e) ? GO_ON : STOP_OPERATION; // a disabled feature
      default -> GO_ON;
    };
  }

  /** Whether the refusal holds for every other item as well. */
  public static boolean stops(ClerkException e) {
    return of(e) != GO_ON;
  }

  private static boolean isAboutItem(ClerkException e) {
    return ABOUT_ITEM.stream().anyMatch(e.code()::contains);
  }
}
