package dev.clerkmcp.workflows.user;

import static dev.clerkmcp.registry.Effect.DESTROY;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Flag;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.tools.SessionTools;
import dev.clerkmcp.tools.SessionTools.SessionFilter;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.workflows.support.BatchRunner;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Signs a user out everywhere. */
@ToolGroup(id = "workflows")
public final class SessionWorkflows {
  private static final int MAX_NAMED = 10;

  /** Clerk filters by one status only, and not by "pending" at all. */
  private static final Set<String> OPEN = Set.of("active", "pending");

  private static final String ENDED = "sessions_ended";

  private final UserTools users;
  private final SessionTools sessions;

  public SessionWorkflows(UserTools users, SessionTools sessions) {
    this.users = users;
    this.sessions = sessions;
  }

  @Tool(
      name = "clerk_user_sessions_revoke",
      title = "Sign user out everywhere",
      effect = DESTROY,
      core = true,
      searchHint = "log out, kick out",
      sends = "POST /sessions/{session_id}/revoke")
  @Description("Revoke all of a user's open sessions, or all but one.")
  public JsonNode revoke(
      @Arg("user_...") String userId, @Arg("Session to keep (sess_...)") @Nullable String except) {
    // Clerk returns an empty list for an unknown user, which would look signed out.
    ObjectNode answer = Json.object();
    ClerkUser user = new ClerkUser(users.get(userId));
    answer.set("user", user.brief());
    List<JsonNode> open = open(sessions, userId);
    checkKept(except, open);

    BatchRunner batch = new BatchRunner(answer);
    int ended = 0;
    answer.put(ENDED, ended);
    int number = 0;
    for (JsonNode session : open) {
      String id = session.get("id").asText();
      Invocation.current().doing("Session %s of %s".formatted(++number, open.size()));
      if (id.equals(except)) {
        answer.put("kept", id);
        continue;
      }
      ObjectNode failure = batch.remove(() -> sessions.revoke(id));
      if (failure == null) {
        answer.put(ENDED, ++ended);
      } else {
        ObjectNode row = Json.object().put("session_id", id);
        answer.withArray("/failed").add(row.setAll(failure));
      }
    }
    if (!answer.has("failed")) {
      Invocation.current().note(afterwards(user));
    }
    return batch.finish();
  }

  private static String afterwards(ClerkUser user) {
    boolean banned = user.is(Flag.BANNED);
    return banned || user.is(Flag.LOCKED)
        ? "The user is %s, and cannot sign in.".formatted(banned ? "banned" : "locked")
        : "The user can sign in again.";
  }

  /** The sessions in which a user is signed in, or will be after finishing a task. */
  static List<JsonNode> open(SessionTools sessions, String userId) {
    return Pages.all(page -> sessions.list(SessionFilter.of(userId), page)).stream()
        .filter(session -> OPEN.contains(session.path("status").asText()))
        .toList();
  }

  /** Refuses an unknown ID: a typo would revoke the session that should stay. */
  private static void checkKept(@Nullable String except, List<JsonNode> open) {
    List<String> ids = open.stream().map(session -> session.get("id").asText()).sorted().toList();
    if (except == null || ids.isEmpty() || ids.contains(except)) {
      return;
    }
    String more = ids.size() > MAX_NAMED ? " and %s more".formatted(ids.size() - MAX_NAMED) : "";
    throw InvalidArgumentsException.of(
        "except",
        "is not an open session of this user; open are %s%s"
            .formatted(String.join(", ", ids.subList(0, Math.min(MAX_NAMED, ids.size()))), more));
  }
}
