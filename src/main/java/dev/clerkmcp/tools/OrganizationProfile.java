package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** What can be changed on an organization, beside its options. */
public record OrganizationProfile(
    @Arg(value = "Max 256 characters", clearable = true) @Nullable String name,
    @Arg("May admins delete it") @Nullable Boolean adminDeleteEnabled) {}
