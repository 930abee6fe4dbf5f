package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** The user for whom an agent acts. */
public record AgentTaskUser(
    @Arg("user_...") @Nullable String userId,
    @Arg("E.g. email, verified") @Nullable String identifier) {}
