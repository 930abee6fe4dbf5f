package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be set on a SAML connection both at creation and later, beside its name. */
public record SamlConnectionOptions(
    @Arg(value = "All email domains", clearable = true) @Nullable List<String> domains,
    @Arg(value = "Entity ID", clearable = true) @Nullable String idpEntityId,
    @Arg(value = "Sign-on URL", clearable = true) @Nullable String idpSsoUrl,
    @Arg(value = "X.509", clearable = true) @Nullable String idpCertificate,
    @Arg(value = "Overrides the others", clearable = true) @Nullable String idpMetadataUrl,
    @Arg(value = "XML; overrides the others", clearable = true) @Nullable String idpMetadata,
    @Arg(value = "Users join it (org_...)", clearable = true) @Nullable String organizationId,
    @Arg("Where user data comes from") @Nullable EnterpriseSamlAttributes attributeMapping,
    @Arg("Sign in anew each time") @Nullable Boolean forceAuthn,
    @Arg("Who signs in") @Nullable LoginHint loginHint) {}
