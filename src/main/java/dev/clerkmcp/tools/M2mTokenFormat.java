package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The forms of a token between machines: one that Clerk looks up, or one that proves itself. */
public enum M2mTokenFormat {
  @JsonProperty("opaque")
  OPAQUE,
  @JsonProperty("jwt")
  JWT
}
