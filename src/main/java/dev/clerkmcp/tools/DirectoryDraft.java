package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** A directory that is yet to be created. */
public record DirectoryDraft(
    @Arg("Connection's ID") String enterpriseConnectionId,
    @Arg("Display name") @Nullable String name,
    @Arg("Identity provider") String provider) {}
