package dev.clerkmcp.workflows.invitation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.argument.Arg;
import org.jspecify.annotations.Nullable;

/** What one invitation to an organization has of its own. */
public record OrganizationInvitationOverride(
    @Arg("One of emails") String emailAddress,
    @Arg("Role key") @Nullable String role,
    @Arg("Instead of that for all") @Nullable ObjectNode publicMetadata,
    @Arg("Instead of that for all") @Nullable ObjectNode privateMetadata) {}
