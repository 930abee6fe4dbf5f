package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an agent may do for a user; all or nothing so far. */
public enum AgentTaskPermissions {
  @JsonProperty("*")
  ALL
}
