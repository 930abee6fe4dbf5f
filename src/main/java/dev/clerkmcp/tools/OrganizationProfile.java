package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** What can be changed on an organization. */
public record OrganizationProfile(
    @Arg(value = "Max 256 characters", clearable = true) @Nullable String name,
    @Arg(value = "Unique; a-z, 0-9 and -", clearable = true) @Nullable String slug,
    @Arg(value = "Most members", min = 0, clearable = true) @Nullable Integer maxAllowedMemberships,
    @Arg("May admins delete it") @Nullable Boolean adminDeleteEnabled,
    @Arg(value = "RFC 3339", clearable = true) @Nullable String createdAt,
    @Arg(value = "Role set key", clearable = true) @Nullable String roleSetKey) {}
