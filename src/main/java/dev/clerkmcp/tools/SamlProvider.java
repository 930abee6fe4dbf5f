package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The kinds of identity providers that Clerk knows for SAML. */
public enum SamlProvider {
  @JsonProperty("saml_custom")
  CUSTOM,
  @JsonProperty("saml_okta")
  OKTA,
  @JsonProperty("saml_google")
  GOOGLE,
  @JsonProperty("saml_microsoft")
  MICROSOFT
}
