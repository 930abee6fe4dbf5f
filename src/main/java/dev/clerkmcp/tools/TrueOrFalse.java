package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A yes or no that Clerk takes as a word. */
public enum TrueOrFalse {
  @JsonProperty("true")
  TRUE,
  @JsonProperty("false")
  FALSE
}
