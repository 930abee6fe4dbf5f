package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The one type that a role set can be changed to. */
public enum InitialRoleSet {
  @JsonProperty("initial")
  INITIAL
}
