package dev.clerkmcp.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** The three free JSON objects of a user. */
public record UserMetadata(
    @Arg("Frontend reads, 8 KB") @Nullable ObjectNode publicMetadata,
    @Arg("Backend only, 8 KB") @Nullable ObjectNode privateMetadata,
    @Arg("User writes, 8 KB") @Nullable ObjectNode unsafeMetadata) {}
