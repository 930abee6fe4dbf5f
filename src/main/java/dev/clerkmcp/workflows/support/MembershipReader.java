package dev.clerkmcp.workflows.support;

import dev.clerkmcp.clerk.model.MembershipIndex;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import java.util.function.Function;

/** Reads the memberships of all organizations of an instance, page by page. */
public final class MembershipReader {
  /** One that is added meanwhile comes last, so no other moves to another page. */
  private static final String OLDEST_FIRST = "created_at";

  private final OrganizationMembershipTools memberships;

  public MembershipReader(OrganizationMembershipTools memberships) {
    this.memberships = memberships;
  }

  /** What all memberships tell, each time anew. */
  public MembershipIndex readAll() {
    return read(page -> memberships.listAll(OLDEST_FIRST, page));
  }

  /** What the memberships of a list tell. */
  public static MembershipIndex read(Function<PageRequest, ListPage> list) {
    MembershipIndex index = new MembershipIndex();
    Pages.forEach(
        "memberships",
        list,
        membership -> {
          index.add(membership);
          return true;
        });
    return index;
  }
}
