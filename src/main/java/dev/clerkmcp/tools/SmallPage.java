package dev.clerkmcp.tools;

import dev.clerkmcp.registry.argument.Arg;
import org.jspecify.annotations.Nullable;

/** The part of a list to show where Clerk shows 100 rows at most. */
public record SmallPage(
    @Arg(value = "1-100; default 10", min = 1, max = 100, clamped = true) @Nullable Integer limit,
    @Arg(value = "Rows to skip", min = 0) @Nullable Long offset) {}
