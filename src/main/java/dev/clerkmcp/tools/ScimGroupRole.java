package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;

/** The role that members of a group in a SCIM directory get. */
public record ScimGroupRole(
    @Arg("Group's ID at the provider") String scimGroupId, @Arg("role_...") String roleId) {}
