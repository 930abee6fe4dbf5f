package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** How a new enterprise connection speaks SAML. */
public record EnterpriseSaml(
    @Arg("Entity ID") @Nullable String idpEntityId,
    @Arg("Sign-in URL") @Nullable String idpSsoUrl,
    @Arg("PEM") @Nullable String idpCertificate,
    @Arg("Wins over the above") @Nullable String idpMetadataUrl,
    @Arg("XML") @Nullable String idpMetadata,
    @Arg("SAML names") @Nullable EnterpriseSamlAttributes attributeMapping,
    @Arg("Of the domains") @Nullable Boolean allowSubdomains,
    @Arg("Sign-in from provider") @Nullable Boolean allowIdpInitiated,
    @Arg("Sign in anew each time") @Nullable Boolean forceAuthn,
    @Arg("Tells who comes") @Nullable LoginHint loginHint) {}
