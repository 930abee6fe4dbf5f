package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** A value of a user that an identity provider knows and Clerk is to keep. */
public record EnterpriseCustomAttribute(
    @Arg(value = "Label", min = 1) String name,
    @Arg(value = "Metadata key", min = 1) String key,
    @Arg("In SSO claims") @Nullable String ssoPath,
    @Arg("Old directory_path") @Nullable String scimPath,
    @Arg("GJSON") @Nullable String directoryPath,
    @Arg("A list") @Nullable Boolean multiValued) {}
