package dev.clerkmcp.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** The two free JSON objects of an organization membership. */
public record MembershipMetadata(
    @Arg("Frontend reads, 8 KB") @Nullable ObjectNode publicMetadata,
    @Arg("Backend only, 8 KB") @Nullable ObjectNode privateMetadata) {}
