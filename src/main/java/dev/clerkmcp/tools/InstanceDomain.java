package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** The domain that a production instance is to move to. */
public record InstanceDomain(
    @Arg("E.g. https://www.example.com") @Nullable String homeUrl,
    @Arg("For a second app") @Nullable Boolean isSecondary) {}
