package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be set on an enterprise connection both at creation and later. */
public record EnterpriseConnectionOptions(
    @Arg(value = "org_...", clearable = true) @Nullable String organizationId,
    @Arg("For members") @Nullable Boolean allowOrganizationAccountLinking,
    @Arg("Needs saml or oidc") @Nullable Boolean active,
    @Arg("For oidc_ providers") @Nullable EnterpriseOidc oidc,
    @Arg(value = "More values of users", clearable = true)
        @Nullable List<EnterpriseCustomAttribute> customAttributes) {}
