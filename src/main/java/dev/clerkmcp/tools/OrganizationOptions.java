package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import dev.clerkmcp.registry.Time;
import org.jspecify.annotations.Nullable;

/** What can be set on an organization both at creation and later, beside its name and metadata. */
public record OrganizationOptions(
    @Arg(value = "Unique; a-z, 0-9 and -", clearable = true) @Nullable String slug,
    @Arg(value = "Most members", min = 0, clearable = true) @Nullable Integer maxAllowedMemberships,
    @Time @Arg(value = "Time", clearable = true) @Nullable String createdAt,
    @Arg(value = "Role set key", clearable = true) @Nullable String roleSetKey) {}
