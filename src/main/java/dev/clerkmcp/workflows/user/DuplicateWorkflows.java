package dev.clerkmcp.workflows.user;

import static dev.clerkmcp.registry.Effect.READ;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.json.IsoTime;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.tools.SessionTools;
import dev.clerkmcp.tools.SessionTools.SessionFilter;
import dev.clerkmcp.tools.UserTools;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Finds users who are probably the same person, and proposes the steps to merge them. */
@ToolGroup(id = "workflows")
public final class DuplicateWorkflows {
  private static final int MAX_GROUPS = 8;

  /** The most memberships of a user that are compared. The answer says if there are more. */
  private static final int MAX_MEMBERSHIPS = 100;

  private static final String SURE =
      "Clerk has no merge. The steps, in order, are proposals; the kept user gets the other's"
          + " access: be sure first that both are one person, above all where only names are the same"
          + " or a match is unverified, which anyone could have made."
          + " Rows of your own with the deleted user's ID need the kept one's.";

  private final UserTools users;
  private final SessionTools sessions;

  public DuplicateWorkflows(UserTools users, SessionTools sessions) {
    this.users = users;
    this.sessions = sessions;
  }

  @Tool(name = "clerk_user_merge_report", title = "Report duplicate users", effect = READ)
  @Description(
      "Other users who are probably the same person: why, how they compare, and which tools would"
          + " merge them. Changes nothing.")
  public JsonNode report(@Arg("user_...") String userId) {
    JsonNode user = users.get(userId);
    Invocation.current().doing("Looking for duplicates");
    DuplicateSearch search = new DuplicateSearch(users, user);
    List<DuplicateSearch.Found> found = search.run();
    List<DuplicateSearch.Found> shown = found.subList(0, Math.min(MAX_GROUPS, found.size()));
    ObjectNode answer = Json.object();
    if (shown.isEmpty()) {
      answer.set("user", new ClerkUser(user).brief());
      answer.putArray("candidates");
      answer.put("remedy", "No similar user; clerk_user_find searches by a part of a name.");
      return answer;
    }
    Invocation.current().checkCancelled();
    Invocation.current().doing("Comparing %s users".formatted(shown.size() + 1));
    Supplier<Side> own = begin(user);
    List<Supplier<Side>> others = new ArrayList<>();
    shown.forEach(candidate -> others.add(begin(candidate.user())));
    Side first = own.get();
    answer.set("user", first.toJson());
    ArrayNode candidates = answer.putArray("candidates");
    for (int i = 0; i < shown.size(); i++) {
      Side other = others.get(i).get();
      DuplicateScore score = shown.get(i).score();
      ObjectNode row = other.toJson();
      row.put("likeness", score.strength().name().toLowerCase(Locale.ROOT));
      score.reasons().forEach(row.putArray("reasons")::add);
      row.set("merge", MergeSteps.of(first.account(), other.account()));
      candidates.add(row);
    }
    if (found.size() > shown.size()) {
      answer.put("more", found.size() - shown.size());
    }
    if (search.isCut()) {
      Invocation.current()
          .note("More users share this name or address part; only 100 were compared.");
    }
    Invocation.current().note(SURE);
    return answer;
  }

  private Supplier<Side> begin(JsonNode user) {
    String id = user.path("id").asText();
    PageRequest page = PageRequest.first(MAX_MEMBERSHIPS);
    Supplier<ListPage> memberships =
        Invocation.current().fork(() -> users.listMemberships(id, page));
    Supplier<ListPage> open =
        Invocation.current()
            .fork(() -> sessions.list(SessionFilter.active(id), PageRequest.first(1)));
    return () -> {
      ListPage all = memberships.get();
      return new Side(new MergeSteps.Account(user, all.rows()), all.hasMore(), open.get().total());
    };
  }

  /**
   * A user as the report compares users.
   *
   * @param moreMemberships whether the user has more memberships than were read
   * @param sessions the number of active sessions
   */
  private record Side(MergeSteps.Account account, boolean moreMemberships, long sessions) {
    ObjectNode toJson() {
      ClerkUser clerkUser = new ClerkUser(account.user());
      JsonNode user = account.user();
      ObjectNode json = clerkUser.full();
      IsoTime.put(json, "created_at", user.path("created_at"));
      json.put("active_sessions", sessions);
      List<EmailAddress> emails = clerkUser.emails();
      if (emails.size() > 1) {
        ArrayNode rows = json.putArray("emails");
        emails.forEach(email -> rows.addObject().put("email", email.text()));
      }
      if (!user.path("external_accounts").isEmpty()) {
        ArrayNode accounts = json.putArray("external_accounts");
        user.path("external_accounts")
            .forEach(account -> accounts.add(account.path("provider").asText()));
      }
      if (!account.memberships().isEmpty()) {
        ArrayNode organizations = json.putArray("organizations");
        for (JsonNode membership : account.memberships()) {
          JsonNode organization = membership.path("organization");
          organizations
              .addObject()
              .put("id", organization.path("id").asText())
              .put("name", organization.path("name").asText())
              .put("role", membership.path("role").asText());
        }
      }
      if (moreMemberships) {
        json.put("more_organizations", true);
      }
      return json;
    }
  }
}
