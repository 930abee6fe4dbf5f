package dev.clerkmcp.workflows.organization;

import dev.clerkmcp.registry.argument.Arg;
import org.jspecify.annotations.Nullable;

/** Somebody who is to belong to a new organization. */
public record OnboardedMember(
    @Arg("Whose") String emailAddress, @Arg("Default org:member") @Nullable String role) {}
