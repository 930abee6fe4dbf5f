package dev.clerkmcp.workflows.user;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What of an instance decides who may sign in, as far as Clerk lets it be read. */
record SignInRules(List<JsonNode> blocklist, List<JsonNode> allowlist, List<JsonNode> connections) {
  SignInRules {
    blocklist = List.copyOf(blocklist);
    allowlist = List.copyOf(allowlist);
    connections = List.copyOf(connections);
  }
}
