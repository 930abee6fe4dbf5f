package dev.clerkmcp.workflows.support;

import dev.clerkmcp.clerk.ClerkException;
import java.util.HashSet;
import java.util.Set;

/**
 * Decides what a refusal of Clerk's stops: the item, the operation, or the whole job. Each
 * operation of a job, such as removing memberships, has a policy of its own.
 *
 * <p>A 403 may be about the item, such as a membership that a directory manages, or about the
 * operation, such as a feature that is off. If the code does not say which, the first such refusal
 * counts as the item's, so that one item cannot keep the others from being tried. If Clerk refuses
 * a second item with the same code, the operation stops.
 */
public final class StopPolicy {
  private final Set<String> unclear = new HashSet<>();

  /** What a refusal is about. */
  public enum Reach {
    /** The item. Report it and go on with the next. */
    ITEM,
    /** The operation, for every item. Other operations may still succeed. */
    OPERATION,
    /** Any request now. Send nothing more. */
    JOB
  }

  /** How far the refusal of an item reaches. Call it once for each item. */
  public Reach reach(ClerkException e) {
    return switch (e.status()) {
      case 0, 401, 429 -> Reach.JOB; // no response; invalid key; rate limit
      case 402, 410 -> Reach.OPERATION; // not in the plan; operation removed
      case 403 -> forbidden(e);
      default -> Reach.ITEM;
    };
  }

  private Reach forbidden(ClerkException e) {
    boolean ofAll =
        ErrorCodes.isAboutFeature(e) || (!ErrorCodes.isAboutItem(e) && !unclear.add(e.code()));
    return ofAll ? Reach.OPERATION : Reach.ITEM;
  }

  /** Whether Clerk would refuse any request now. */
  public static boolean stopsJob(ClerkException e) {
    return new StopPolicy().reach(e) == Reach.JOB;
  }
}
