package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be set on an organization role both at creation and later, beside its name and key. */
public record OrganizationRoleOptions(
    @Arg(value = "What it is for", clearable = true) @Nullable String description,
    @Arg(value = "Permission IDs (perm_...)", clearable = true)
        @Nullable List<String> permissions) {}
