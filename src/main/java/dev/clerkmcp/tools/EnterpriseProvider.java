package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The identity providers that an enterprise connection can lead to. */
public enum EnterpriseProvider {
  @JsonProperty("saml_custom")
  SAML_CUSTOM,
  @JsonProperty("saml_okta")
  SAML_OKTA,
  @JsonProperty("saml_google")
  SAML_GOOGLE,
  @JsonProperty("saml_microsoft")
  SAML_MICROSOFT,
  @JsonProperty("oidc_custom")
  OIDC_CUSTOM,
  @JsonProperty("oidc_github_enterprise")
  OIDC_GITHUB_ENTERPRISE,
  @JsonProperty("oidc_gitlab")
  OIDC_GITLAB
}
