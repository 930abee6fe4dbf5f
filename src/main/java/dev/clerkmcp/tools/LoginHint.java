package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** What an identity provider is told at sign-in about who comes. */
public record LoginHint(
    @Arg("What is sent") LoginHintMode mode, @Arg("public_metadata key") @Nullable String source) {}
