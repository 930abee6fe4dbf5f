package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** Under which names an identity provider sends the values of a user. */
public record EnterpriseSamlAttributes(
    @Arg("Name") @Nullable String userId,
    @Arg("Name") @Nullable String emailAddress,
    @Arg("Name") @Nullable String firstName,
    @Arg("Name") @Nullable String lastName) {}
