package dev.clerkmcp.workflows.support;

import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.registry.Invocation;

/** An instance that has no organizations, of which a report can still tell the rest. */
public final class OrganizationsDisabled {
  private static final String CODE = "organization_not_enabled_in_instance";

  private OrganizationsDisabled() {}

  /** Reads about organizations; false if the instance has none. */
  public static boolean read(Runnable reading) {
    try {
      reading.run();
      return true;
    } catch (ClerkException e) {
      if (!e.code().equals(CODE)) {
        throw e;
      }
      Invocation.current()
          .note("Organizations are off in this instance, so the answer says nothing of them.");
      return false;
    }
  }
}
