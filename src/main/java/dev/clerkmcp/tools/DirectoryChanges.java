package dev.clerkmcp.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** What can be changed on a directory. */
public record DirectoryChanges(
    @Arg("Display name") @Nullable String name,
    @Arg("false stops provisioning") @Nullable Boolean enabled,
    @Arg("Identity provider") @Nullable String provider,
    @Arg("Attribute to path; merged, null removes") @Nullable ObjectNode attributeMapping,
    @Arg("Give roles by group") @Nullable Boolean groupRoleMappingEnabled) {}
