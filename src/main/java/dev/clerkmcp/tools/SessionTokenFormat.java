package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The form in which a refreshed session comes back. */
public enum SessionTokenFormat {
  @JsonProperty("token")
  TOKEN,
  @JsonProperty("cookie")
  COOKIE
}
