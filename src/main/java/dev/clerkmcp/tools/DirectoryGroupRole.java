package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** The role that members of a group in a directory get. */
public record DirectoryGroupRole(
    @Arg("Group's ID at the provider") @Nullable String directoryGroupId,
    @Arg("Former directory_group_id") @Nullable String scimGroupId,
    @Arg("role_...") String roleId) {}
