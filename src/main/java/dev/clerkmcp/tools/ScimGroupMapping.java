package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** The role that members of a group get from the beginning of a SCIM directory on. */
public record ScimGroupMapping(
    @Arg("Group's ID at the provider") String scimGroupId,
    @Arg(value = "Max 255 characters", max = 255) @Nullable String scimGroupDisplayName,
    @Arg("role_...") String roleId,
    @Arg(value = "Default: order in list", min = 1) @Nullable Integer precedence) {}
