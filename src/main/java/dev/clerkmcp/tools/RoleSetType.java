package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a role set is for: new organizations, or those that ask for it. */
public enum RoleSetType {
  @JsonProperty("initial")
  INITIAL,
  @JsonProperty("custom")
  CUSTOM
}
