package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.READ;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.tools.InvitationTools.InvitationFilter;
import dev.clerkmcp.tools.InvitationTools.InvitationStatus;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lists invitations to the application in one state or in all; Clerk lists one state a request. */
@ToolGroup(id = "invitations")
public final class InvitationWorkflows {
  private final InvitationTools invitations;

  public InvitationWorkflows(InvitationTools invitations) {
    this.invitations = invitations;
  }

  @Tool(
      name = "clerk_invitations_list",
      title = "List invitations",
      effect = READ,
      core = true,
      aliases = "list_auth_invitations")
  @Description(
      "List invitations to the application, newest first; all, by status or order_by: status"
          + " all. Without status, revoked ones are left out.")
  public ListPage list(
      @Arg("Default: any but revoked") @Nullable InvitationSelection status,
      @Arg("Email address or invitation ID") @Nullable String query,
      @Arg("E.g. -created_at (default)") @Nullable String orderBy,
      PageRequest page) {
    if (status != InvitationSelection.ALL) {
      return list(status == null ? null : status.one, query, orderBy, page);
    }
    return orderBy == null ? listAll(query, page) : listAll(query, orderBy, page);
  }

  /**
   * Merges the lists of each status to one in the wanted order. The page is found again from the
   * first row on, since only the merged lists tell how many rows of each status come before it; a
   * call that reads several pages goes on where the page before ended.
   */
  private ListPage listAll(@Nullable String query, String orderBy, PageRequest page) {
    int limit = page.limit() == null ? ListPage.DEFAULT_LIMIT : page.limit();
    long offset = page.offset() == null ? 0 : page.offset();
    Merging merging =
        Objects.requireNonNull(Invocation.current().context())
            .attribute(Merging.class, Merging::new);
    MergedLists merged = merging.lists;
    if (merged == null || merged.position() != offset) {
      merged = new MergedLists(orderBy);
      for (InvitationStatus status : InvitationStatus.values()) {
        merged.add(part -> list(status, query, orderBy, part));
      }
      merging.lists = merged;
      merged.skip(offset, limit);
    }
    ArrayNode rows = merged.next(limit);
    return ListPage.of(rows, merged.total(), offset);
  }

  private static final class Merging {
    private @Nullable MergedLists lists;
  }

  /** Joins the lists of each status, one after the other, since Clerk has no status for all. */
  private ListPage listAll(@Nullable String query, PageRequest page) {
    int limit = page.limit() == null ? ListPage.DEFAULT_LIMIT : page.limit();
    long offset = page.offset() == null ? 0 : page.offset();
    ArrayNode rows = Json.array();
    long total = 0;
    for (InvitationStatus status : InvitationStatus.values()) {
      int wanted = limit - rows.size();
      long skipped = Math.max(0, offset - total);
      ListPage part = list(status, query, null, new PageRequest(Math.max(1, wanted), skipped));
      for (JsonNode row : part.data()) {
        if (rows.size() < limit) {
          rows.add(row);
        }
      }
      total += part.total();
    }
    return ListPage.of(rows, total, offset);
  }

  private ListPage list(
      @Nullable InvitationStatus status,
      @Nullable String query,
      @Nullable String orderBy,
      PageRequest page) {
    return invitations.list(new InvitationFilter(status, query, orderBy), page);
  }

  /** The status of the invitations to list, or all. */
  public enum InvitationSelection {
    @JsonProperty("pending")
    PENDING(InvitationStatus.PENDING),
    @JsonProperty("accepted")
    ACCEPTED(InvitationStatus.ACCEPTED),
    @JsonProperty("revoked")
    REVOKED(InvitationStatus.REVOKED),
    @JsonProperty("expired")
    EXPIRED(InvitationStatus.EXPIRED),
    @JsonProperty("all")
    ALL(null);

    /** Clerk's status; null for all. */
    private final @Nullable InvitationStatus one;

    InvitationSelection(@Nullable InvitationStatus one) {
      this.one = one;
    }
  }
}
