package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** How the tokens of a JWT template are signed and how long they last. */
public record JwtTemplateOptions(
    @Arg(value = "Seconds", min = 30, max = 315_360_000, clearable = true)
        @Nullable Integer lifetime,
    @Arg(value = "Seconds", min = 0, max = 300, clearable = true)
        @Nullable Integer allowedClockSkew,
    @Arg("Use the key given") @Nullable Boolean customSigningKey,
    @Arg(value = "E.g. RS256, HS256", clearable = true) @Nullable String signingAlgorithm,
    @Arg(value = "Private key", clearable = true, secret = true) @Nullable String signingKey) {}
