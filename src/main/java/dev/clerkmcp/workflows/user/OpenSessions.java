package dev.clerkmcp.workflows.user;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.tools.SessionTools;
import java.util.List;
import java.util.Set;

/** The sessions in which a user is signed in, or about to be. */
final class OpenSessions {
  /** Clerk filters by one state only, and by pending not at all. */
  private static final Set<String> OPEN = Set.of("active", "pending");

  private OpenSessions() {}

  static List<JsonNode> of(SessionTools sessions, String userId) {
    return Pages.all(page -> sessions.list(userId, null, null, page)).stream()
        .filter(session -> OPEN.contains(session.path("status").asText()))
        .toList();
  }
}
